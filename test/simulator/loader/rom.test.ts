import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Chip } from "../../../boards/types.ts";
import { RomLoader } from "../../../tools/simulator/loader/rom.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (digits: string): Uint8Array => Buffer.from(digits.replace(/\s/g, ""), "hex");

interface Bench {
  readonly rom: RomLoader;
  readonly flash: Uint8Array;
  /** Sends a frame as it is on the wire. @returns the answers */
  ask(frame: string): string[];
  readonly bauds: number[];
  readonly runs: () => number;
}

function bench(chip: Chip): Bench {
  const flash = new Uint8Array(0x400000).fill(0xff);
  let answers: string[] = [];
  let runs = 0;
  const bauds: number[] = [];
  const rom = new RomLoader({
    chip,
    flash,
    mac: bytes("aabbccddeeff"),
    send: (frame) => void answers.push(hex(frame)),
    changeBaud: (baud) => void bauds.push(baud),
    reboot: () => void runs++,
    run: () => undefined,
  });
  const ask = (frame: string): string[] => {
    answers = [];
    rom.receive(bytes(frame));
    return answers;
  };
  return { rom, flash, ask, bauds, runs: () => runs };
}

/** Loads something into RAM and starts it. */
const startStub = ({ ask }: Bench): string[] => {
  ask("c0 00 05 1000 00000000 01000000 01000000 00180000 00800a40 c0");
  ask("c0 00 07 1100 ef000000 01000000 00000000 00000000 00000000 00 c0");
  return ask("c0 00 06 0800 00000000 00000000 2c900a40 c0");
};

// worked frames, some of them seen on real boards (issues of espressif/esptool)
describe("the ROM answers, byte for byte,", () => {
  test("SYNC eight times", () => {
    const eight = bench("esp32").ask(`c0 00 08 2400 00000000 07071220 ${"55".repeat(32)} c0`);
    expect(eight).toEqual(Array(8).fill("c0010804000707122000000000c0"));
  });

  test.each<[string, Chip, string, string]>([
    ["READ_REG of the chip's number", "esp32", "c0000a04000000000000100040c0", "c0010a0400831df00000000000c0"],
    [
      "GET_SECURITY_INFO",
      "esp32c3",
      "c00014000000000000c0",
      `c0011418000000000000000000 00 00000000000000 05000000 00000000 00000000c0`,
    ],
    ["SPI_ATTACH", "esp32c3", "c0000d0800000000000000000000000000c0", "c0010d0400000000000000 0000c0"],
    [
      "SPI_SET_PARAMS",
      "esp32c3",
      "c0000b1800000000000000000000004000000001000010000000010000ffff0000c0",
      "c0010b04000000000000000000c0",
    ],
  ])("%s (%s)", (_, chip, frame, answer) => {
    expect(bench(chip).ask(frame)).toEqual([answer.replace(/\s/g, "")]);
  });

  test("what it does not know, eight times", () => {
    expect(bench("esp32").ask("c00014000000000000c0")).toEqual(Array(8).fill("c0010004000000000001050000c0"));
  });

  test("with the stale value of the last READ_REG, as the ESP32 does", () => {
    const { ask } = bench("esp32");
    ask("c0000a04000000000000100040c0");
    expect(ask("c0000f0800000000000008070000000000c0")).toEqual(["c0010f0400831df00000000000c0"]);
  });

  test("the MAC address in two registers", () => {
    const { ask } = bench("esp32");
    expect(ask("c0000a04000000000004a0f53fc0")).toEqual(["c0010a0400ffeeddcc00000000c0"]);
    expect(ask("c0000a04000000000008a0f53fc0")).toEqual(["c0010a0400bbaa000000000000c0"]);
  });

  test("the flash's JEDEC id through its SPI controller", () => {
    const { ask } = bench("esp32");
    // USR2 = 0x7000009f, CMD = USR
    ask("c0 00 09 1000 00000000 2420f43f 9f000070 ffffffff 00000000 c0");
    ask("c0 00 09 1000 00000000 0020f43f 00000400 ffffffff 00000000 c0");
    expect(ask("c0 00 0a 0400 00000000 8020f43f c0")).toEqual(["c0010a0400ef40160000000000c0"]);
  });

  test("escapes in both directions", () => {
    const { ask } = bench("esp32");
    ask("c0 00 09 1000 00000000 00000060 0100dbdddbdc ffffffff 00000000 c0");
    expect(ask("c0 00 0a 0400 00000000 00000060 c0")).toEqual(["c0010a04000100dbdddbdc00000000c0"]);
  });
});

const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 255);
const md5 = "a639f24b2f2ecd1457eec6a7af942894";
const word = (value: number): string => hex(new Uint8Array(new Uint32Array([value]).buffer));
const slip = (digits: string): string =>
  `c0${digits.replace(/\s/g, "").replace(/../g, (byte) => (byte === "c0" ? "dbdc" : byte === "db" ? "dbdd" : byte))}c0`;
const request = (op: number, data: string, checksum = 0): string => {
  const plain = data.replace(/\s/g, "");
  const length = hex(new Uint8Array(new Uint16Array([plain.length / 2]).buffer));
  return slip(`00${op.toString(16).padStart(2, "0")}${length}${word(checksum)}${plain}`);
};
const block = (op: number, data: Uint8Array, seq: number): string =>
  request(
    op,
    word(data.length) + word(seq) + word(0) + word(0) + hex(data),
    data.reduce((sum, byte) => sum ^ byte, 0xef),
  );
const status = (answers: readonly string[]): string => answers[0]!.replaceAll("dbdc", "c0").slice(18, 22);

describe.each<[string, boolean]>([
  ["the ROM", false],
  ["the stub", true],
])("%s writes flash", (_, stub) => {
  const ready = (): Bench => {
    const b = bench("esp32c3");
    if (stub) expect(startStub(b).at(-1)).toBe("c04f484149c0");
    return b;
  };
  const size = 0x400;

  test("in plain blocks, and computes the hash", () => {
    const b = ready();
    b.flash.fill(0, 0x10000, 0x11000);
    expect(
      status(b.ask(request(0x02, word(5000) + word(5) + word(size) + word(0x10000) + (stub ? "" : word(0))))),
    ).toBe("0000");
    for (let i = 0; i < 5; i++)
      expect(status(b.ask(block(0x03, content.subarray(i * size, (i + 1) * size), i)))).toBe("0000");
    expect(hex(b.flash.subarray(0x10000, 0x11388))).toBe(hex(content));
    const [answer] = b.ask("c0001310000000000000000100881300000000000000000000c0");
    expect(answer).toBe(
      stub ? `c00113120000000000${md5}0000c0` : `c00113240000000000${hex(Buffer.from(md5))}00000000c0`,
    );
  });

  test("in deflated blocks", () => {
    const b = ready();
    const packed = deflateSync(content, { level: 9 });
    const blocks = Math.ceil(packed.length / size);
    b.ask(request(0x10, word(stub ? 5000 : 5120) + word(blocks) + word(size) + word(0x10000) + (stub ? "" : word(0))));
    for (let i = 0; i < blocks; i++)
      expect(status(b.ask(block(0x11, packed.subarray(i * size, (i + 1) * size), i)))).toBe("0000");
    expect(hex(b.flash.subarray(0x10000, 0x11388))).toBe(hex(content));
  });

  test("but not a block with a wrong checksum, a wrong length, or without a beginning", () => {
    const b = ready();
    expect(status(b.ask(block(0x03, content.subarray(0, size), 0)))).toMatch(/^01/);
    b.ask(request(0x02, word(5000) + word(5) + word(size) + word(0x10000)));
    const good = block(0x03, content.subarray(0, 16), 0);
    expect(status(b.ask(good.replace("0e15", "0e16")))).toBe(stub ? "01c1" : "0107");
    expect(status(b.ask(good.replace("0e15", "0e")))).toBe(stub ? "01c0" : "0105");
    expect(b.flash[0x10000]).toBe(0xff);
  });

  test("and restarts only when it is told to", () => {
    const b = ready();
    b.ask("c0000404000000000001000000c0");
    expect(b.runs()).toBe(0);
    b.ask("c0000404000000000000000000c0");
    expect(b.runs()).toBe(1);
  });
});

describe("only the stub", () => {
  test("says SYNC with a value of 0, so that a host knows it", () => {
    const b = bench("esp32");
    startStub(b);
    expect(b.ask(`c0 00 08 2400 00000000 07071220 ${"55".repeat(32)} c0`)[0]).toBe("c001080200000000000000c0");
  });

  test("reads flash in packets, each after the last was acknowledged, and then their hash", () => {
    const b = bench("esp32");
    startStub(b);
    b.flash.set(content, 0x20000);
    const first = b.ask(request(0xd2, word(0x20000) + word(5000) + word(4096) + word(64)));
    expect(first).toHaveLength(2);
    const second = b.ask(slip(word(4096)));
    const last = b.ask(slip(word(5000)));
    expect(first[1]!.length).toBeGreaterThan(8192);
    expect(second).toHaveLength(1);
    expect(last).toEqual([slip(createHash("md5").update(content).digest("hex"))]);
  });

  test("erases regions and everything", () => {
    const b = bench("esp32");
    expect(status(b.ask(request(0xd1, word(0x1000) + word(0x1000))))).toBe("0105");
    startStub(b);
    b.flash.fill(0);
    b.ask(request(0xd1, word(0x1000) + word(0x1000)));
    expect([b.flash[0xfff], b.flash[0x1000], b.flash[0x1fff], b.flash[0x2000]]).toEqual([0, 255, 255, 0]);
    b.ask(request(0xd0, ""));
    expect(b.flash.every((byte) => byte === 255)).toBe(true);
  });
});

test("a change of speed is answered at the old one", () => {
  const b = bench("esp32c3");
  expect(b.ask("c0000f0800000000000008070000000000c0")).toHaveLength(1);
  expect(b.bauds).toEqual([460800]);
});
