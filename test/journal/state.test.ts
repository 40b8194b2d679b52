import { describe, expect, it } from "vitest";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, newSegment, offsetOf, saveMemory } from "../../lib/memory.ts";
import { NorFlash, PowerCut } from "../twins/flash.ts";

const BASE = 0x310000;

describe("state", () => {
  it("is undefined on a new flash", () => {
    expect(openState(new NorFlash(BASE, 2), BASE).load()).toBeUndefined();
  });

  it("returns the newest of many saves, after every restart", () => {
    const flash = new NorFlash(BASE, 2);
    for (let n = 0; n < 200; n++) {
      const store = openState(flash, BASE);
      expect(store.load()).toEqual(n ? [1, n - 1, null] : undefined);
      store.save([1, n, null]);
    }
    expect(flash.erases).toBeLessThan(16);
  });

  it("is the old or the new one wherever the power fails, and can be saved again", () => {
    let cuts = 0;
    for (let saves = 0; saves < 40; saves++) {
      for (const operation of [0, 1]) {
        for (const cutBytes of [0, 1, 2, 3, 6, 9, 10, 11, 14, 100, 300]) {
          const flash = new NorFlash(BASE, 2);
          const store = openState(flash, BASE);
          store.load();
          for (let n = 1; n <= saves; n++) store.save([1, n]);
          flash.cutAfter = flash.operations + operation;
          flash.cutBytes = cutBytes;
          let finished = false;
          try {
            store.save([1, saves + 1]);
            finished = true;
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
          }
          flash.cutAfter = Infinity;
          const after = openState(flash, BASE);
          const loaded = after.load()?.[1] ?? 0;
          expect([saves, saves + 1]).toContain(loaded);
          if (finished) expect(loaded).toBe(saves + 1);
          after.save([1, 1000]);
          expect(openState(flash, BASE).load()).toEqual([1, 1000]);
          cuts++;
        }
      }
    }
    expect(cuts).toBe(880);
  });
});

describe("memory", () => {
  it("survives as it was, within one slot at its longest", () => {
    const flash = new NorFlash(BASE, 2);
    const store = openState(flash, BASE);
    const memory = loadMemory(store, () => 4294967295);
    memory.released = 4294967295;
    memory.retryAt = memory.syncedAt = memory.reportedAt = 4294967295;
    for (let i = 0; i < 5; i++) {
      memory.offset = 4294967295;
      newSegment(memory);
    }
    memory.offset = 4294967295;
    memory.segment = 4294967295;
    expect(JSON.stringify(Object.values(memory)).length).toBeLessThan(230);
    saveMemory(store, memory);
    expect(loadMemory(openState(flash, BASE), () => 1)).toEqual(memory);
  });

  it("knows the offsets of the last clock segments", () => {
    const memory = loadMemory(openState(new NorFlash(BASE, 2), BASE), () => 5);
    newSegment(memory);
    memory.offset = 1000;
    newSegment(memory);
    expect([offsetOf(memory, 0, 200), offsetOf(memory, 1, 200), offsetOf(memory, 7, 200)]).toEqual([1000, null, null]);
  });
});
