/** Firmwares for the stories about the scheduler: one template, of which each story changes a few lines. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import baseScenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run, type Run, type RunOptions } from "../../tools/simulator/run.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { constant } from "../../tools/simulator/world/sources.ts";

/** The device's settings as its code finds them: in the first slot of their pages. */
export const ownSettings = 'JSON.parse(E.toString(require("Flash").read(1000, 0x31200c))!.split("\\xff")[0]!)';

export interface FirmwareText {
  readonly imports?: string;
  /** What is imported from the board's file. */
  readonly board?: string;
  /** Its file in boards/. */
  readonly boardFile?: string;
  readonly before?: string;
  readonly sensors?: string;
  readonly sample?: string;
  readonly report?: string;
  /** Of the modem; default board.uart.second. */
  readonly uart?: string;
  /** More options of the modem. */
  readonly modem?: string;
  /** More properties of the node's declaration. */
  readonly more?: string;
}

const folder = fileURLToPath(new URL("../../out/stories/", import.meta.url));
const built = new Map<string, Promise<string>>();

/** Builds a variant of the cold-chain firmware; the same text is built once. */
export function firmware(name: string, text: FirmwareText = {}): Promise<string> {
  const sensors = text.sensors ?? "cargo: sht4x(board.i2c.main), battery: batteryVoltage(board.battery)";
  const used = (name: string, from: string): string =>
    sensors.includes(name) ? `import { ${name} } from "hibernode/sensors/${from}";` : "";
  const source = `import { every, node } from "hibernode";
import ${text.board ?? "board"} from "hibernode/boards/${text.boardFile ?? "firebeetle2-esp32-e"}";
import { sim7020 } from "hibernode/modems/sim7020";
${used("batteryVoltage", "battery-voltage")}
${used("sht4x", "sht4x")}
${text.imports ?? ""}
${text.before ?? ""}
export default node({
  board,
  sensors: { ${sensors} },
  sample: ${text.sample ?? 'every("15m", { slack: "2m" })'},
  report: ${text.report ?? 'every("6h", { slack: "20m" })'},
  modem: sim7020(${text.uart ?? "board.uart.second"}, { powerKey: "D4", ${text.modem ?? ""} }),
  uplink: { mqtt: { topic: "stories/{id}" } },
  ${text.more ?? ""}
});
`;
  let bundle = built.get(source);
  if (!bundle) {
    mkdirSync(folder, { recursive: true });
    const entry = `${folder}${name}.ts`;
    writeFileSync(entry, source);
    bundle = buildFirmware({ entry, budgetBytes: 20000, typeCheck: false }).then((result) => result.bundle);
    built.set(source, bundle);
  }
  return bundle;
}

/** A place where nothing changes: what happens is the scheduler's doing. */
export const stillScenario: Scenario = {
  ...baseScenario,
  world: { cargo: { temperature: constant(5), humidity: constant(60) } },
};

export function live(bundle: string, options: Partial<RunOptions> = {}): Promise<Run> {
  return run({
    scenario: stillScenario,
    bundle,
    closed: true,
    lasts: "30d",
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    ...options,
  });
}

/** Coulombs out of the cell by cause, self-discharge left out. */
export function coulombs({ energy }: Run, volts = 3.6): number {
  return (
    energy.shareByCause.filter(({ cause }) => cause !== "self-discharge").reduce((sum, { joules }) => sum + joules, 0) /
    volts
  );
}

/** Times of boots in seconds; needs `timeline: true`. */
export function boots(lived: Run): number[] {
  return lived
    .timeline!.lines.filter(({ signal, value }) => signal === "mcu" && value === "awake")
    .map(({ atUs }) => atUs / 1e6);
}
