/**
 * A truck's day, three ways: every sample is sent, or the features of every four seconds, or what the device decided. The same van,
 * drives, network and cell each time (firmware/fleet-tracker without satellites, cargo and tank); what is sent is all that differs.
 */
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFirmware } from "../build/build.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { packageFolder } from "../package-folder.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run } from "../simulator/run.ts";

/** Takes the windows on their way to the classifier; what it keeps leaves before the readings do. */
const STREAM = `
import { frames } from "hibernode/classify/frames";
import type { Hooks } from "hibernode/schedule/extensions";
import type { WindowSource } from "hibernode/sensors/motion";

const MESSAGE = 960;

export function stream(source: WindowSource, how: "everything" | "features") {
  let waiting: string[] = [];
  let flying = 0;
  const seconds = frames({ axes: 3, length: 25, frames: 4 });
  let since = 0;
  const keep = (samples: Int16Array, scale: number) => {
    if (how === "everything") {
      let text = "";
      const bytes = new Uint8Array(samples.buffer);
      for (let at = 0; at < bytes.length; at += 64) text += String.fromCharCode.apply(null, bytes.subarray(at, at + 64) as never);
      waiting.push(text);
      return;
    }
    for (let i = 0; i < samples.length; i += 3) {
      if (!seconds.add([samples[i]! * scale, samples[i + 1]! * scale, samples[i + 2]! * scale]) || ++since < 4) continue;
      since = 0;
      let text = "";
      for (let k = 0; k < 24; k++) text += String.fromCharCode(Math.min(255, Math.max(0, k % 8 < 4 ? seconds.features[k]! * 8 + 128 : seconds.features[k]! * 32)));
      waiting.push(text);
    }
  };
  return {
    window: {
      start: () => source.start(),
      read() {
        const result = source.read();
        if (typeof result !== "number") keep(result.samples, result.scale);
        return result;
      },
    },
    waits: () => waiting.length > 0,
    use: () => {
      const hooks: Hooks<never> = {
        outbox: (outbox) => ({
          inlet: outbox.inlet!,
          next(most) {
            let text = "";
            for (flying = 0; flying < waiting.length && text.length + waiting[flying]!.length <= MESSAGE; flying++) text += waiting[flying]!;
            return text || outbox.next(most);
          },
          confirmed() {
            if (!flying) return outbox.confirmed();
            waiting = waiting.slice(flying);
          },
        }),
      };
      return hooks;
    },
  };
}
`;

const node = (how: string): string => {
  const kept = how !== "events";
  return `
import { every, node } from "hibernode";
import board from "hibernode/boards/lilygo-t-sim7000g";
import { sim7000 } from "hibernode/modems/sim7000";
import { all } from "hibernode/schedule/extensions";
import { pollPin } from "hibernode/schedule/wake-pin";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { lis3dhMotion } from "hibernode/sensors/lis3dh-motion";
import { lis3dhWindow } from "hibernode/sensors/lis3dh-window";
import { driving } from "./driving.ts";
${kept ? 'import { stream } from "./stream.ts";' : ""}
const i2c = board.i2c.main;
const source = lis3dhWindow(i2c, { rate: 25 });
${kept ? `const raw = stream(source, "${how}");` : ""}
const style = driving(${kept ? "raw.window" : "source"}, lis3dhMotion(i2c, { milliG: 48 }), { margin: 10, still: 0.3, parked: 60 });
const parked = style.during(pollPin("D32", { level: 1, every: "2m" }));
export default node({
  board,
  sensors: { driving: style.sensor, battery: batteryVoltage(board.battery) },
  sample: every("5m", { slack: "30s" }),
  report: every("30m", { slack: "5m" }),
  ${kept ? "sendNow: () => raw.waits()," : ""}
  modem: sim7000(board.uart.modem, board.modem),
  uplink: { mqtt: { topic: "fleet/{id}/telemetry" } },
  use: ${kept ? "all([parked, raw.use])" : "parked"},
});
`;
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), "hibernode-truck-")));
const original = findFirmware(join(packageFolder, "firmware/fleet-tracker"));
const scenario = await loadScenario(original);
const { driving, battery, modem } = scenario.parts;
const day = { ...scenario, parts: { driving: driving!, battery: battery!, modem: modem! } };
// its charger would hide what is spent
Reflect.deleteProperty(day, "harvester");
const rows: string[][] = [];
try {
  cpSync(original.folder, folder, { recursive: true });
  writeFileSync(join(folder, "stream.ts"), STREAM);
  for (const how of ["everything", "features", "events"]) {
    writeFileSync(join(folder, "node.ts"), node(how));
    const { bundle } = await buildFirmware({ entry: join(folder, "node.ts"), typeCheck: false });
    let seconds = 0;
    const lived = await run({
      scenario: day,
      bundle,
      closed: true,
      cpu: true,
      lasts: "1d",
      server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
      received: ({ rows: told }) => void (seconds += told.reduce((sum, { quantity, value }) => sum + (quantity === "duration" ? value! : 0), 0)), // prettier-ignore
    });
    // raw samples are no telemetry, and are not asked to be
    const broken = lived.broken.filter((line) => !line.startsWith("a message could not be read"));
    if (broken.length) process.stdout.write(`${how}: ${broken.join("; ")}\n`);
    const { joules, lifeYears } = lived.energy;
    const sending = lived.energy.shareByCause.reduce((sum, one) => sum + (one.cause.startsWith("modem") ? one.joules : 0), 0); // prettier-ignore
    rows.push([how, `${lived.messages.count}`, (lived.messages.bytes / 1000).toFixed(1), (seconds / 60).toFixed(0), sending.toFixed(0), joules.toFixed(0), (365.25 * lifeYears).toFixed(1)]); // prettier-ignore
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`| sent | messages | kB | minutes seen of 80 | J by the modem | J a day | days on one 18650 |\n| ---- | -- | -- | -- | -- | -- | -- |\n${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`); // prettier-ignore
