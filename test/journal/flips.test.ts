import { describe, expect, it } from "vitest";
import { NorFlash } from "../twins/flash.ts";
import { at, BASE, bench, fill, held, range, values } from "./bench.ts";

/** 2 pages, of which the first is full. */
const READINGS = 1000;
const GROUP = 25;

const worn = (): { flash: NorFlash; memory: ReturnType<typeof bench>["memory"] } => {
  const node = bench(3);
  fill(node.wake(), 0, READINGS);
  return node;
};

describe("a flipped bit", () => {
  const { flash, memory } = worn();
  const step = process.env.SOAK ? 1 : 61;

  it("anywhere in the ring costs a group at most, invents nothing and does not pass for a number", () => {
    let tried = 0;
    let lostAtMost = 0;
    for (let bit = 0; bit < flash.bytes.length * 8; bit += step) {
      const copy = flash.clone();
      copy.bytes[bit >> 3]! ^= 1 << (bit & 7);
      const node = bench(3, copy);
      Object.assign(node.memory, memory);
      const journal = node.wake({ reset: bit % 3 === 0 });
      const found: number[] = [];
      journal.each(0, ({ number, at: when, columns }) => {
        if (when !== at(number) || columns.join() !== values(number).join())
          throw new Error(`bit ${bit}: ${number} is wrong`);
        found.push(number);
        return false;
      });
      const lost = READINGS - found.length;
      lostAtMost = Math.max(lostAtMost, lost);
      // what is lost shows as a gap between numbers, at the end too
      expect(journal.next()).toBeGreaterThanOrEqual(READINGS);
      expect(new Set(found).size).toBe(found.length);
      tried++;
    }
    console.log(`${tried} flips: ${lostAtMost} readings lost at most`);
    expect(lostAtMost).toBeLessThanOrEqual(GROUP);
  }, 900_000);

  it("does not keep the journal from going on", () => {
    for (let bit = 0; bit < flash.bytes.length * 8; bit += 31 * step) {
      const copy = flash.clone();
      copy.bytes[bit >> 3]! ^= 1 << (bit & 7);
      const node = bench(3, copy);
      Object.assign(node.memory, memory);
      const journal = node.wake();
      const next = journal.next();
      const added = range(0, 40).map((i) => journal.append(3, at(next + i), values(next + i)));
      expect(added).toEqual(range(next, next + 40));
      expect(held(node.wake()).slice(-40)).toEqual(added);
    }
  });

  it("in an unused page does no harm", () => {
    const copy = flash.clone();
    copy.bytes[copy.bytes.length - 2000] = 0xfe;
    const node = bench(3, copy);
    Object.assign(node.memory, memory);
    fill(node.wake(), READINGS, 1000);
    expect(held(node.wake())).toEqual(range(0, 2000));
    expect(copy.base).toBe(BASE);
  });
});
