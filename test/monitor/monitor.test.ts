import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { faultWords } from "../../lib/faults.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { UserError } from "../../tools/errors.ts";
import { buildStorageImage } from "../../tools/flash/storage-image.ts";
import { Annotator, explain } from "../../tools/monitor/annotate.ts";
import { monitor } from "../../tools/monitor/monitor.ts";
import { stackMapper } from "../../tools/monitor/stack-trace.ts";
import { uplinkLine } from "../../tools/monitor/uplink.ts";
import type { Line } from "../../tools/serial/line.ts";
import { useVirtualTime } from "../flash/virtual-time.ts";
import { espruino, interpreter } from "../interpreter/bench.ts";

const annotated = (pieces: readonly string[], mapLine = (line: string) => line): string[] => {
  const lines: string[] = [];
  const annotator = new Annotator((text) => void lines.push(text), mapLine);
  for (const piece of pieces) annotator.receive(piece, "12:00:00");
  annotator.flush("12:00:01");
  return lines;
};

describe("a line of the console", () => {
  test("is put together from its pieces, with its time, without colours and prompts", () => {
    expect(annotated(["hel", "lo\r", "\n\x1b[33mworld\x1b[0m\r\n>", "\r\n>print(1)\r\nleft"])).toEqual([
      "12:00:00  hello",
      "12:00:00  world",
      "12:00:00  print(1)",
      "12:00:01  left",
    ]);
  });

  test.each([
    ["rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", /power-on/],
    ["rst:0x5 (DEEPSLEEP_RESET),boot:0x13", /woke from deep sleep/],
    ["rst:0xf (BROWNOUT_RESET)", /supply/],
    ["rst:0x7 (TG0WDT_SYS_RESET)", /watchdog/],
    ["Storage is corrupt.", /flash the board again/],
    ["New interpreter error: FIFO_FULL", /lost/],
    ["Out of Memory!", /hibernode ram/],
    ['{ "fault": 19 }', /not-registered: no network accepted/],
    ["fault=1", /nak: the part did not acknowledge/],
  ])("%s is explained", (line, words) => {
    expect(explain(line)).toMatch(words);
    expect(annotated([`${line}\n`])[1]).toMatch(/^ {10}= /);
  });

  test.each(Object.entries(faultWords))("fault %s has its words", (code, [name]) => {
    expect(explain(`fault ${code}`)).toContain(name);
  });

  test.each(["hello", "fault 200", "default: 19", "rst:0xff"])("%s needs no explanation", (line) => {
    expect(explain(line)).toBeUndefined();
  });
});

describe("a stack trace", () => {
  const source = `function inner(value: { missing?: { deep: number } }): number {\n  return value.missing!.deep;\n}\nfunction outer(): void {\n  print(inner({}));\n}\nsetTimeout(outer, 1);\n`;
  async function crash() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "crash-"));
    fs.writeFileSync(path.join(folder, "package.json"), '{"name":"crash","type":"module"}');
    fs.writeFileSync(path.join(folder, "node.ts"), source);
    try {
      return await buildFirmware({ entry: path.join(folder, "node.ts") });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  test.skipIf(!espruino)("of the real interpreter names the lines of the TypeScript", async () => {
    const { bundle, map } = await crash();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "crash-"));
    const image = buildStorageImage([{ name: ".bootcde", data: Buffer.from(bundle, "latin1") }]);
    fs.writeFileSync(
      path.join(folder, "espruino.flash"),
      Buffer.concat([Buffer.alloc(interpreter().storageAt, 255), image]),
    );
    const child = spawn(interpreter().program, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (bytes: Buffer) => {
        text += bytes.toString("latin1");
        if (/Uncaught[\s\S]*\n>/.test(text)) resolve();
      });
    });
    child.kill("SIGKILL");
    fs.rmSync(folder, { recursive: true });
    const lines = annotated([text], stackMapper(map)).join("\n");
    expect(lines).toMatch(/Uncaught/);
    expect(lines).toMatch(/node\.ts:2:\d+/);
    expect(lines).not.toContain(".bootcde");
  });

  test("stays as it is without a source map, and where the map knows nothing", () => {
    const line = " at inner (.bootcde:1:20)";
    expect(stackMapper(undefined)(line)).toBe(line);
    const empty = { version: 3, sources: [], names: [], mappings: "" } as never;
    expect(stackMapper(empty)(line)).toBe(line);
  });
});

test("an uplink that is no telemetry is shown as what it is", () => {
  expect(uplinkLine("a/b", Buffer.from("hello"), [])).toBe("a/b  5 bytes: hello");
  expect(uplinkLine("a/b", Uint8Array.of(1, 2, 255), [])).toMatch(/no telemetry/);
});

describe("a board that sleeps", () => {
  useVirtualTime();
  test("takes its port with it, and is watched on when it is back", async () => {
    let present = true;
    const line: Line = {
      name: "port",
      onData: () => undefined,
      onLost: () => undefined,
      open: async () => {
        if (!present) throw new UserError("there is no such port");
      },
      close: async () => undefined,
      setBaud: async () => undefined,
      setSignals: async () => undefined,
      write: async () => undefined,
    };
    const seen: string[] = [];
    const ended = new AbortController();
    const watching = monitor(line, {
      signal: ended.signal,
      onText: (text) => void seen.push(text),
      onState: (state) => void seen.push(state),
    });
    const later = (ms: number, run: () => void): void => void setTimeout(run, ms);
    const say = (text: string): void => line.onData(Buffer.from(text));
    later(100, () => say("one"));
    later(1000, () => ((present = false), line.onLost("unplugged")));
    later(60_000, () => (present = true));
    later(61_000, () => say("two"));
    later(70_000, () => line.onLost("unplugged"));
    later(80_000, () => ended.abort());
    await watching;
    expect(seen).toEqual(["one", "gone", "back", "two", "gone", "back"]);
  });

  test("must be there at first", async () => {
    const line = { open: () => Promise.reject(new UserError("there is no such port")) } as unknown as Line;
    await expect(
      monitor(line, { signal: new AbortController().signal, onText: () => undefined, onState: () => undefined }),
    ).rejects.toThrow(/no such port/);
  });
});
