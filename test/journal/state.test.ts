import { describe, expect, it } from "vitest";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, newSegment, offsetOf, saveMemory, STATE_BYTES, type Memory } from "../../lib/memory.ts";
import { NorFlash } from "../twins/flash.ts";

const BASE = 0x310000;
const SIZE = 512;
const open = <T>(flash: NorFlash, reset = false) => openState<T>(flash, BASE, SIZE, reset);
const newFlash = (): NorFlash => new NorFlash(BASE, 2);

describe("state", () => {
  it("is undefined on a new flash, and on one full of residue", () => {
    const flash = newFlash();
    expect(open(flash, true).load()).toBeUndefined();
    for (let i = 0; i < flash.bytes.length; i++) flash.bytes[i] = (i * 7919) & 255;
    const store = open<number[]>(flash, true);
    expect(store.load()).toBeUndefined();
    expect(store.save([1])).toBe(true);
    expect(open(flash).load()).toEqual([1]);
  });

  it("returns the newest of many saves, after every restart", () => {
    const flash = newFlash();
    for (let n = 0; n < 200; n++) {
      const store = open<(number | null)[]>(flash, n % 11 === 3);
      expect(store.load()).toEqual(n ? [1, n - 1, null] : undefined);
      expect(store.save([1, n, null])).toBe(true);
    }
    expect(flash.erases).toBeLessThan(35);
  });

  it("falls back to the state before when a bit of the newest flips, wherever it lies", () => {
    for (let saves = 2; saves < 20; saves++) {
      const flash = newFlash();
      const store = open<{ n: number }>(flash);
      for (let n = 1; n <= saves; n++) store.save({ n });
      for (let bit = 0; bit < flash.bytes.length * 8; bit += 41) {
        flash.bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect([saves, saves - 1]).toContain(open<{ n: number }>(flash).load()?.n);
        flash.bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  it("takes the next slot when the flash does not take what is written", () => {
    const flash = newFlash();
    const store = open<number[]>(flash);
    store.save([1]);
    flash.bytes[SIZE + 40] = 0;
    expect(store.save([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])).toBe(true);
    expect(open(flash).load()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  });

  it("refuses what does not fit a slot", () => {
    const store = open<string>(newFlash());
    expect([store.save("x".repeat(498)), store.save("x".repeat(499))]).toEqual([true, false]);
    expect(store.load()).toBe("x".repeat(498));
  });

  it("keeps settings as well, in slots of their own size", () => {
    const flash = newFlash();
    const settings = { id: "truck-17", broker: "broker.example", password: "p".repeat(600) };
    openState<typeof settings>(flash, BASE, 1024, false).save(settings);
    expect(openState(flash, BASE, 1024, true).load()).toEqual(settings);
  });
});

describe("memory", () => {
  const random = () => 77;
  const memories = (flash: NorFlash, reset = false) => openState<unknown[]>(flash, BASE, STATE_BYTES, reset);

  it("survives as it was, in half its slot at its longest", () => {
    const flash = newFlash();
    const memory = loadMemory(memories(flash), random);
    for (const key of Object.keys(memory) as (keyof Memory)[])
      if (key !== "past") (memory as unknown as Record<string, number>)[key] = 4294967295;
    for (let i = 0; i < 5; i++) {
      newSegment(memory);
      memory.offset = memory.syncedAt = memory.retryAt = memory.reportedAt = 4294967295;
      memory.segment = 65535;
      memory.page = 11;
      memory.alarm = 1;
      memory.fault = memory.failures = 255;
    }
    expect(JSON.stringify(Object.values(memory)).length).toBeLessThan(STATE_BYTES / 2);
    expect(saveMemory(memories(flash), memory)).toBe(true);
    expect(loadMemory(memories(flash, true), random)).toEqual(memory);
  });

  it("is not written at all when it has grown beyond its slot: the one before stays", () => {
    const flash = newFlash();
    memories(flash).save([5]);
    const memory = loadMemory(memories(flash), random);
    memory.past = new Array<number>(70).fill(1234567);
    expect(saveMemory(memories(flash), memory)).toBe(false);
    expect(loadMemory(memories(flash), random).id).toBe(5);
  });

  it("of an older firmware is read with initial values for what it lacks", () => {
    const flash = newFlash();
    memories(flash).save([5, 2, 3, 17]);
    const memory = loadMemory(memories(flash, true), random);
    expect(memory).toMatchObject({ id: 5, segment: 2, page: 3, released: 17, aheadEnd: 0, offset: null, past: [] });
  });

  it("of a newer firmware passes through an older one without loss, field for field", () => {
    const flash = newFlash();
    const known = Object.values(loadMemory(memories(newFlash()), random));
    memories(flash).save([...known, "low", [1, 2], null, 7]);
    for (let pass = 0; pass < 3; pass++) {
      const memory = loadMemory(memories(flash, true), random);
      memory.released++;
      saveMemory(memories(flash), memory);
    }
    known[3] = 3;
    expect(memories(flash).load()).toEqual([...known, "low", [1, 2], null, 7]);
  });

  it("keeps the places of its fields: they are the layout on flash", () => {
    expect(Object.keys(loadMemory(memories(newFlash()), random)).slice(0, 15)).toEqual([
      ...["id", "segment", "page", "released", "aheadFrom", "aheadEnd", "offset", "syncedAt", "reportedAt"],
      ...["failures", "fault", "retryAt", "alarm", "floor", "past"],
    ]);
  });

  it("knows the offsets of the last clock segments", () => {
    const memory = loadMemory(memories(newFlash()), () => 127);
    newSegment(memory);
    memory.offset = 1000;
    newSegment(memory);
    expect([offsetOf(memory, 127, 200), offsetOf(memory, 128, 200), offsetOf(memory, 7, 200)]).toEqual([
      null,
      1000,
      null,
    ]);
  });
});
