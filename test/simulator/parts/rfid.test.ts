import { describe, expect, test } from "vitest";
import { mfrc522 } from "../../../tools/simulator/parts/mfrc522.ts";
import { pn532 } from "../../../tools/simulator/parts/pn532.ts";
import { withCrcA } from "../../../tools/simulator/parts/rfid-card.ts";
import { ideal } from "./ideal.ts";

const hex = (text: string): number[] => text.split(" ").map((byte) => parseInt(byte, 16));
const cards = ["deadbeef", "04636981a25c80"];

describe("PN532", () => {
  const reader = (card = 1) => {
    const it = ideal(pn532, { card }, { cards }, ["irq"]);
    const ask = (text: string, ms = 20): number[] => {
      it.write(...hex(text));
      expect(it.read(7)).toEqual([1, ...hex("00 00 FF 00 FF 00")]);
      it.wait(ms);
      return it.read(40)!;
    };
    const SAM = "00 00 FF 05 FB D4 14 01 14 00 03 00";
    const LIST = "00 00 FF 04 FC D4 4A 01 00 E1 00";
    return { ...it, ask, SAM, LIST };
  };

  test("tells its firmware in a frame of its own after the acknowledge", () => {
    const { ask } = reader();
    expect(ask("00 00 FF 02 FE D4 02 2A 00").slice(0, 14)).toEqual([
      1,
      ...hex("00 00 FF 06 FA D5 03 32 01 06 07 E8 00"),
    ]);
  });

  test("shows by a zero status that it has nothing yet; a broken frame meets nothing at all", () => {
    const { write, read, wait } = reader();
    expect(read(7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    write(...hex("00 00 FF 02 FE D4 02 2B 00"));
    wait(10);
    expect(read(1)).toEqual([0]);
  });

  test("finds cards with UIDs of 4 and 7 bytes after it was configured", () => {
    const { ask, SAM, LIST, world } = reader();
    expect(ask(LIST).slice(1, 9)).toEqual(hex("00 00 FF 01 FF 7F 81 00"));
    ask(SAM);
    const four = ask(LIST);
    expect(four.slice(6, 18)).toEqual(hex("D5 4B 01 01 00 04 08 04 DE AD BE EF"));
    world["card"] = 2;
    expect(ask(LIST).slice(12, 21)).toEqual(hex("00 07 04 63 69 81 A2 5C 80"));
  });

  test("without a card it waits for ever, or as often as it was told; an acknowledge from the host aborts it", () => {
    const { ask, SAM, LIST, write, read, wait, jumps, coulombs } = reader(0);
    jumps.us = Infinity;
    ask(SAM);
    expect(ask(LIST, 60_000)[0]).toBe(0);
    const field = coulombs("sensor: it polling");
    expect(field).toBeCloseTo((0.028 + 0.06) * 60, 1);
    write(...hex("00 00 FF 00 FF 00"));
    wait(1000);
    expect(read(1)).toEqual([0]);
    ask("00 00 FF 06 FA D4 32 05 FF 01 02 F3 00");
    expect(ask(LIST, 30).slice(6, 9)).toEqual(hex("D5 4B 00"));
  });

  test("powers down to 25 µA, and the clock line waits while it wakes at its address", () => {
    const { ask, wait, coulombs, write, clock } = reader();
    ask("00 00 FF 03 FD D4 16 80 96 00");
    wait(1000);
    expect(coulombs("sensor: it power-down")).toBeCloseTo(25e-6, 6);
    const fromUs = clock.nowUs;
    expect(write(...hex("00 00 FF 02 FE D4 02 2A 00"))).toBe(true);
    expect(clock.nowUs - fromUs).toBe(500);
  });
});

describe("MFRC522", () => {
  const reader = (card = 1) => {
    const it = ideal(mfrc522, { card }, { cards });
    const spi = it.part.spi!;
    const set = (register: number, ...values: number[]): void =>
      void spi.transfer(Uint8Array.from([register << 1, ...values]));
    const get = (register: number): number => spi.transfer(Uint8Array.from([(register << 1) | 0x80, 0]))[1]!;
    const fifo = (): number[] => {
      const count = get(0x0a);
      return [...spi.transfer(new Uint8Array(count + 1).fill(0x92, 0, count))].slice(1);
    };
    it.wait(2);
    const init = (): void => {
      for (const [register, value] of [
        [0x2a, 0x80],
        [0x2b, 0xa9],
        [0x2c, 0x03],
        [0x2d, 0xe8],
        [0x15, 0x40],
        [0x11, 0x3d],
        [0x14, 0x83],
      ] as const)
        set(register, value);
    };
    const transceive = (frame: readonly number[], lastBits = 0, ms = 5): number[] => {
      set(0x01, 0x00);
      set(0x04, 0x7f);
      set(0x0a, 0x80);
      set(0x09, ...frame);
      set(0x0d, lastBits);
      set(0x01, 0x0c);
      set(0x0d, 0x80 | lastBits);
      it.wait(ms);
      return fifo();
    };
    return { ...it, set, get, init, transceive };
  };

  test("resets to its documented values with the antenna off", () => {
    const { get } = reader();
    expect([0x01, 0x04, 0x11, 0x14, 0x24, 0x26, 0x37].map(get)).toEqual([0x20, 0x14, 0x3f, 0x80, 0x26, 0x48, 0x92]);
  });

  test.each([
    [1, [0x04, 0x00], ["93"], "deadbeef", 0x08],
    [2, [0x44, 0x00], ["93", "95"], "04636981a25c80", 0x00],
  ] as const)("card %i: request, anticollision, select", (number, atqa, levels, uid, sak) => {
    const { init, transceive } = reader(number);
    init();
    expect(transceive([0x26], 7)).toEqual(atqa);
    let found = "";
    let last: number[] = [];
    for (const level of levels) {
      const part = transceive([parseInt(level, 16), 0x20]);
      expect(part.reduce((check, byte) => check ^ byte, 0)).toBe(0);
      found += Buffer.from(part[0] === 0x88 ? part.slice(1, 4) : part.slice(0, 4)).toString("hex");
      last = transceive(withCrcA([parseInt(level, 16), 0x70, ...part]));
    }
    expect(found).toBe(uid);
    expect(last).toEqual(withCrcA([sak]));
  });

  test("without a card, a field, or full modulation there is no answer but the timer's, after 25 ms", () => {
    const empty = reader(0);
    empty.init();
    expect(empty.transceive([0x26], 7, 24)).toEqual([]);
    expect(empty.get(0x04) & 0x01).toBe(0);
    empty.wait(2);
    expect(empty.get(0x04) & 0x21).toBe(0x01);
    for (const [register, value] of [
      [0x14, 0x80],
      [0x15, 0x00],
    ] as const) {
      const { init, set, transceive } = reader();
      init();
      set(register, value);
      expect(transceive([0x26], 7)).toEqual([]);
    }
  });

  test("an answer takes its time on the air", () => {
    const { init, transceive, wait, get } = reader();
    init();
    expect(transceive([0x26], 7, 0.2)).toEqual([]);
    wait(0.2);
    expect(get(0x0a)).toBe(2);
  });

  test("the coprocessor's checksum follows the preset in ModeReg", () => {
    const { set, get } = reader();
    set(0x11, 0x3d);
    set(0x09, 0x12, 0x34);
    set(0x01, 0x03);
    expect([get(0x22), get(0x21), get(0x05) & 4]).toEqual([0x26, 0xcf, 4]);
  });

  test("draws 13.5 mA, 73.5 with the field, 10 µA in soft power-down, from which it takes a while to wake", () => {
    const { init, set, get, wait, coulombs } = reader();
    init();
    wait(1000);
    expect(coulombs("sensor: it field")).toBeCloseTo(73.5e-3, 4);
    set(0x01, 0x10);
    wait(1000);
    expect(coulombs("sensor: it soft power-down")).toBeCloseTo(10e-6, 8);
    set(0x01, 0x00);
    expect(get(0x01) & 0x10).toBe(0x10);
    wait(2);
    expect(get(0x01) & 0x10).toBe(0);
  });

  test("its reset pin holds it at 5 µA, and everything is forgotten", () => {
    const { init, part, wait, get, coulombs } = reader();
    init();
    part.pins!["rst"]!.changed(0);
    wait(1000);
    expect(coulombs("sensor: it hard power-down")).toBeCloseTo(5e-6, 9);
    expect(get(0x37)).toBe(0xff);
    part.pins!["rst"]!.changed(1);
    wait(2);
    expect(get(0x14)).toBe(0x80);
  });
});
