import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeOnce } from "../../lib/journal/storage-guard.ts";
import { Flash, PAGE_BYTES, STORAGE_END, STORAGE_START } from "../../tools/simulator/espruino/flash.ts";
import { rawFlash } from "../../tools/simulator/espruino/flash-driver.ts";
import { Storage } from "../../tools/simulator/espruino/storage.ts";

/** Espruino's Storage as the simulator has it, counting erased pages: only a compaction erases. */
function storage() {
  const flash = new Flash();
  const driver = rawFlash(flash);
  let erased = 0;
  const count =
    <A extends unknown[]>(erase: (...args: A) => void) =>
    (...args: A): void => {
      erased++;
      erase(...args);
    };
  const counted = { ...driver, erasePage: count(driver.erasePage), erasePages: count(driver.erasePages) };
  const files = new Storage(flash, counted, () => undefined);
  return {
    erased: () => erased,
    files,
    read: (name: string) => {
      const entry = files.find(name);
      return entry && files.text(entry);
    },
    write: (name: string, data: string) => files.write(name, Buffer.from(data, "latin1")),
    getStats: () => files.stats(),
  };
}

describe("writing to Storage once", () => {
  it("writes a new file, and the same again without a word", () => {
    const device = storage();
    expect([writeOnce(device, "settings", "{}"), writeOnce(device, "settings", "{}")]).toEqual(["", ""]);
    expect(device.read("settings")).toBe("{}");
  });

  it("refuses to replace a file, an empty one and a name that would be cut, and says why", () => {
    const device = storage();
    writeOnce(device, "settings", "{}");
    expect(writeOnce(device, "settings", "[]")).toMatch(/exists with other content/);
    expect(writeOnce(device, "x", "")).toMatch(/empty/);
    expect(writeOnce(device, "a".repeat(29), "x")).toMatch(/29 characters/);
    expect(device.read("settings")).toBe("{}");
  });

  it("refuses a write that would compact", () => {
    const device = storage();
    const size = STORAGE_END - STORAGE_START;
    device.write("old", "x".repeat(size / 2));
    device.files.erase("old");
    expect(writeOnce(device, "new", "y".repeat(size / 2 + PAGE_BYTES))).toMatch(/would compact, and a power cut/);
    expect(device.erased()).toBe(0);
    expect(device.write("new", "y".repeat(size / 2 + PAGE_BYTES))).toBe(true);
    expect(device.erased()).toBeGreaterThan(0);
  });

  it("never compacts, whatever was written and erased before", () => {
    const step = fc.record({
      erase: fc.boolean(),
      name: fc.constantFrom("a", "b", "c", "d"),
      length: fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 400_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const device = storage();
        for (const { erase, name, length } of steps) {
          if (erase) device.files.erase(name);
          else writeOnce(device, name, name.repeat(length));
        }
        expect(device.erased()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
