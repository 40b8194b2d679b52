/**
 * The real interpreter starts from the flash that power cuts left behind: its own Storage is sound, its own natives read
 * the slots, and the loader picks a whole version. `ESPRUINO` must name a build whose flash starts at 0x310000.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { bundleOf, HOUR, live, packed } from "./simulated.ts";

const program = process.env["ESPRUINO"];
const FLASH = 0x310000;
const STORAGE = 0x320000;
const soak = process.env["SOAK"] !== undefined;

/** In place of the chip, and of what the loader would run: says which text that is. */
const stub = (cause: number): string =>
  `ESP32={getWakeupCause:function(){return ${cause}},reboot:function(){print("REBOOT")},deepSleep:function(){print("SLEEP")}};` +
  `global.eval=function(t){print("TEXT "+t.length+" "+(E.CRC32(t)>>>0)+".")};`;

/** Behind the last file of Storage. */
function addFile(flash: Buffer, name: string, text: string): void {
  let at = STORAGE;
  while (flash.readUInt32LE(at) !== 0xffffffff) at += 32 + ((flash.readUInt32LE(at) + 3) & ~3);
  flash.writeUInt32LE(text.length, at);
  flash.fill(0, at + 4, at + 32);
  flash.write(name, at + 4, "latin1");
  flash.write(text, at + 32, "latin1");
}

/** What the interpreter prints until it has chosen, or given up. */
async function start(given: Uint8Array, cause: number): Promise<{ output: string; flash: Buffer }> {
  const flash = Buffer.from(given);
  addFile(flash, ".boot0", stub(cause));
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  const file = join(folder, "espruino.flash");
  try {
    writeFileSync(file, flash.subarray(FLASH));
    const child = spawn(program!, ["-e", ""], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, 20_000);
      child.on("exit", () => (clearTimeout(limit), resolve()));
      child.stdout.setEncoding("latin1").on("data", (text: string) => {
        output += text;
        if (!/TEXT \d+ \d+\.|corrupt|Uncaught/.test(output)) return;
        clearTimeout(limit);
        resolve();
      });
    });
    child.kill("SIGKILL");
    return { output, flash };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!program)("the real interpreter boots", () => {
  const bundles = new Map<string, string>();
  beforeAll(async () => {
    for (const [name, report] of [["one", "2h"], ["two", "1h"], ["three", "90m"]] as const) bundles.set(name, await bundleOf(report)); // prettier-ignore
    bundles.set("broken", `throw new Error("broken");${" ".repeat(300)}`);
    expect(findInterpreter(program!).storageAt).toBe(STORAGE - FLASH);
  }, 60_000);

  it.each([
    ["the update", 6, ["two"]],
    ["the return from a version that crashes", 9, ["broken"]],
    ["the reclaiming of the old slot", 12, ["two", "three"]],
  ])(
    "one of the two versions, wherever power failed in %s",
    async (_, hours, versions) => {
      const image = (name: string): string => bundles.get(name)!;
      const offers = versions.map((name, i) => [(3 + 4 * i) * HOUR, packed({ number: 10 + i, version: 2 + i, image: image(name) })] as const); // prettier-ignore
      const written: number[] = [];
      const { heard } = await live(hours, image("one"), offers, {
        observe: ({ bus, kind, atUs }) => void (bus === "flash" && kind !== "read" && written.push(atUs / 1e6)),
      });
      const last = 9 + versions.length;
      const began = heard.find((running) => running.update === last && running.code === 1)!.atSeconds;
      const done = heard.at(-1)!;
      expect(done.update).toBe(last);
      // before, in and behind what is written to flash
      const moments = written.filter((at) => at > began - 2 && at < done.atSeconds + 2).flatMap((at) => [at, at + 5e-4, at + 0.05]); // prettier-ignore
      const cuts = soak ? 400 : 24;
      const found = new Map<string, number>();
      const texts = new Map([...bundles].map(([name, text]) => [`TEXT ${text.length} ${crc32(Buffer.from(text, "latin1"))}.`, name])); // prettier-ignore
      for (let i = 0; i < Math.min(cuts, moments.length); i++) {
        const at = moments[Math.floor(((i + 0.5) * moments.length) / Math.min(cuts, moments.length))]!;
        const { story } = await live((at + 0.2) / HOUR, image("one"), offers, {
          faults: [`power-cut@${at.toFixed(4)}s`],
        });
        const { output } = await start(story.flash, 0);
        const text = /TEXT \d+ \d+\./.exec(output)?.[0] ?? output;
        const chosen = texts.get(text);
        expect(chosen, `cut at ${at}: ${output}`).toBeDefined();
        expect(output).not.toContain("corrupt");
        found.set(chosen!, (found.get(chosen!) ?? 0) + 1);
      }
      console.log(
        `${moments.length} moments: ${[...found].map(([name, count]) => `${count} times ${name}`).join(", ")}`,
      );
      const before = versions.length > 1 ? versions.at(-2)! : "one";
      expect([...found.keys()].sort()).toEqual([before, versions.at(-1)!].sort());
    },
    1_800_000,
  );
});
