import fc from "fast-check";
import { expect, test } from "vitest";
import { hashText, normalAt, randomFor, uniformAt } from "../../../tools/simulator/world/random.ts";

const take = (count: number, draw: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => draw(i));
const mean = (values: number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
const deviation = (values: number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};

test("the same seed and name give the same numbers for ever: these", () => {
  const random = randomFor(1, "cargo");
  expect(take(3, () => random.next())).toMatchInlineSnapshot(`
    [
      0.2505197525024414,
      0.9580601162742823,
      0.8648433478083462,
    ]
  `);
  expect(random.normal()).toMatchInlineSnapshot(`-0.036251979908180576`);
});

test("another seed or another name gives other numbers", () => {
  const first = (seed: number | string, name: string): number => randomFor(seed, name).next();
  const draws = [first(1, "cargo"), first(2, "cargo"), first(1, "door"), first("a", "cargo"), first(11, "/cargo")];
  expect(new Set(draws).size).toBe(draws.length);
});

test("streams are uniform in [0, 1), and their normals have mean 0 and deviation 1", () => {
  const random = randomFor(7, "statistics");
  const uniform = take(40_000, () => random.next());
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(mean(uniform)).toBeCloseTo(0.5, 2);
  expect(deviation(uniform)).toBeCloseTo(Math.sqrt(1 / 12), 2);
  const normal = take(40_000, () => random.normal());
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(deviation(normal)).toBeCloseTo(1, 1);
});

test("indexed draws have the same statistics, for indexes as large as ten years in microseconds", () => {
  const key = hashText("key");
  for (const scale of [1, 900_000_000]) {
    const uniform = take(40_000, (index) => uniformAt(key, index * scale));
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(new Set(uniform).size).toBeGreaterThan(39_900);
    const normal = take(40_000, (index) => normalAt(key, index * scale));
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(deviation(normal)).toBeCloseTo(1, 1);
  }
});

test("an indexed draw depends on key and index alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.maxSafeNat(), (text, index) => {
      const value = uniformAt(hashText(text), index);
      expect(value).toBe(uniformAt(hashText(text), index));
      expect(value >= 0 && value < 1).toBe(true);
    }),
  );
});
