import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../tools/errors.ts";
import { constant, noise, sine, steps, sum, trace, type Source } from "../../../tools/simulator/world/sources.ts";
import { World, type WorldSpec } from "../../../tools/simulator/world/world.ts";

const seattle = {
  file: new URL("../../../node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv", import.meta.url),
  column: "temperature",
  unit: "°C",
};
const worldAt = (spec: WorldSpec, seed: number | string = 1) => {
  const time = { seconds: 0 };
  return { time, world: new World(spec, { seed, now: () => time.seconds }) };
};
const signalOf = (source: Source, stream = "1/cargo.temperature") => source.start(stream);

describe("sources", () => {
  test("a constant is constant", () => expect(signalOf(constant(60)).at(1e9)).toBe(60));

  test("a sine starts at its mean and rises; phase delays it", () => {
    const wave = { mean: 10, amplitude: 5, period: "1d" };
    const signal = signalOf(sine(wave));
    expect(signal.at(0)).toBe(10);
    expect(signal.at(21_600)).toBeCloseTo(15, 9);
    expect(signal.at(64_800)).toBeCloseTo(5, 9);
    expect(signalOf(sine({ ...wave, phase: "6h" })).at(43_200)).toBeCloseTo(15, 9);
  });

  test("steps hold each value from its time on, and repeat", () => {
    const signal = signalOf(
      steps([
        ["1h", 4],
        ["2d", 12],
      ]),
    );
    expect([0, 3600, 172_799.9, 172_800, 1e9].map((time) => signal.at(time))).toEqual([4, 4, 4, 12, 12]);
    expect([0, 3600, 172_800].map((time) => signal.nextChange!(time))).toEqual([3600, 172_800, Infinity]);
    const daily = signalOf(
      steps(
        [
          ["0s", 1],
          ["8h", 0],
          ["8h5m", 1],
        ],
        { repeat: "1d" },
      ),
    );
    expect([0, 28_800, 29_099, 29_100, 86_400 + 28_800].map((time) => daily.at(time))).toEqual([1, 0, 0, 1, 0]);
    expect([0, 28_800, 29_100, 86_400].map((time) => daily.nextChange!(time))).toEqual([
      28_800, 29_100, 86_400, 115_200,
    ]);
  });

  test("noise has its deviation at knots and between them, and is continuous", () => {
    const signal = signalOf(noise({ deviation: 0.5, every: "10m", mean: 3 }));
    for (const phase of [0, 300, 450]) {
      const values = Array.from({ length: 20_000 }, (_, index) => signal.at(index * 600 + phase) - 3);
      const variance = values.reduce((total, value) => total + value * value, 0) / values.length;
      expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
    }
    expect(signal.at(600 - 1e-6)).toBeCloseTo(signal.at(600), 6);
  });

  test("noise at a time does not depend on what was asked before", () => {
    const source = noise({ deviation: 1, every: "1m" });
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e8, noNaN: true }), { maxLength: 20 }), (times) => {
        const forward = signalOf(source);
        const backward = signalOf(source);
        const expected = times.map((time) => forward.at(time));
        expect(
          [...times]
            .reverse()
            .map((time) => backward.at(time))
            .reverse(),
        ).toEqual(expected);
      }),
    );
  });

  test("a sum adds, with independent noise in each term", () => {
    const one = noise({ deviation: 1, every: "1h" });
    const signal = signalOf(sum(constant(1), constant(2), one, one));
    const alone = [signalOf(one, "1/cargo.temperature+2"), signalOf(one, "1/cargo.temperature+3")];
    expect(signal.at(500)).toBe(3 + alone[0]!.at(500) + alone[1]!.at(500));
    expect(alone[0]!.at(500)).not.toBe(alone[1]!.at(500));
  });

  test.each([
    ["no unit", () => sine({ mean: 0, amplitude: 1, period: "24" })],
    ["period of nothing", () => sine({ mean: 0, amplitude: 1, period: "0s" })],
    [
      "steps out of order",
      () =>
        steps([
          ["2d", 1],
          ["1d", 0],
        ]),
    ],
    ["no steps", () => steps([])],
    [
      "steps beyond the repetition",
      () =>
        steps(
          [
            ["0s", 1],
            ["1d", 0],
          ],
          { repeat: "1d" },
        ),
    ],
    ["start outside the recording", () => trace({ ...seattle, from: "2013-01-01" }).recording!()],
    ["start after the recording", () => trace({ ...seattle, from: "2y" }).recording!()],
  ])("%s is a user's error", (_, make) => expect(make).toThrow(UserError));
});

describe("a trace as source", () => {
  test("is a straight line between samples and holds its last value", () => {
    const signal = signalOf(trace(seattle));
    expect(signal.at(0)).toBe(4);
    expect(signal.at(1800)).toBeCloseTo(3.95, 9);
    expect(signal.at(3600)).toBe(3.9);
    expect(signal.at(1e9)).toBe(signal.at(8758 * 3600));
    expect(signal.nextChange).toBeUndefined();
  });

  test("may hold values between samples, and then knows when it changes", () => {
    const signal = signalOf(trace({ ...seattle, between: "hold" }));
    expect(signal.at(3599)).toBe(4);
    expect(signal.nextChange!(10)).toBe(3600);
  });

  test("repeats with one sample spacing over the seam", () => {
    const signal = signalOf(trace({ ...seattle, after: "repeat" }));
    const year = 8759 * 3600;
    const last = signal.at(year - 3600);
    expect(signal.at(year)).toBe(4);
    expect(signal.at(year - 1800)).toBeCloseTo((last + 4) / 2, 9);
    for (const time of [0, 1234, 5_000_000, year - 1])
      expect(signal.at(time + 3 * year)).toBeCloseTo(signal.at(time), 9);
  });

  test("starts at a date or a time within the recording", () => {
    const whole = signalOf(trace(seattle));
    expect(signalOf(trace({ ...seattle, from: "2010-01-02 01:00:00" })).at(100)).toBe(whole.at(86_500));
    const held = signalOf(trace({ ...seattle, from: "1d30m", between: "hold" }));
    expect(held.nextChange!(0)).toBe(1800);
  });

  test("gives the same value for any order of lookups", () => {
    const source = trace(seattle);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 4e7, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (times) => {
          const jumping = signalOf(source);
          const expected = times.map((time) => signalOf(source).at(time));
          expect(times.map((time) => jumping.at(time))).toEqual(expected);
        },
      ),
    );
  });
});

describe("the world", () => {
  test("answers by place and quantity at the time that it is", () => {
    const { world, time } = worldAt({ cargo: { temperature: trace(seattle), humidity: constant(60) } });
    expect([world.at("cargo", "temperature"), world.at("cargo", "humidity")]).toEqual([4, 60]);
    time.seconds = 3600;
    expect(world.at("cargo", "temperature")).toBe(3.9);
    expect(world.startsAt).toBe(Date.UTC(2010, 0, 1, 1) / 1000);
    expect(world.spanSeconds).toBe(8758 * 3600);
  });

  test("without recordings has neither a date nor an end", () => {
    const { world } = worldAt({ cargo: { humidity: constant(60) } });
    expect([world.startsAt, world.spanSeconds]).toEqual([undefined, undefined]);
  });

  test("the same source at two places has its own noise at each, by seed", () => {
    const shared = noise({ deviation: 1, every: "1h" });
    const spec = { cargo: { temperature: shared }, cabin: { temperature: shared } };
    const [first, same, other] = [worldAt(spec).world, worldAt(spec).world, worldAt(spec, 2).world];
    expect(first.at("cargo", "temperature")).toBe(same.at("cargo", "temperature"));
    expect(first.at("cargo", "temperature")).not.toBe(first.at("cabin", "temperature"));
    expect(first.at("cargo", "temperature")).not.toBe(other.at("cargo", "temperature"));
  });

  test("says which places and quantities there are", () => {
    const { world } = worldAt({ cargo: { temperature: constant(4) } });
    expect(() => world.at("cargo", "humidity")).toThrow(/unknown quantity at "cargo" "humidity"/);
    expect(() => world.at("crago", "temperature")).toThrow(/unknown place in the world "crago"/);
    expect(() => worldAt({ cargo: { temprature: constant(4) } as never })).toThrow(/unknown quantity "temprature"/);
  });

  test("refuses a recording whose unit does not fit the quantity", () => {
    expect(() => worldAt({ cargo: { humidity: trace(seattle) } })).toThrow(/convert to %, got °C/);
    expect(() => worldAt({ cargo: { humidity: sum(constant(1), trace(seattle)) } })).toThrow(/convert to %, got °C/);
  });

  test("knows when a contact next changes, in whole microseconds not before the change", () => {
    const { world, time } = worldAt({
      door: {
        contact: steps([
          ["0s", 1],
          ["0.3s", 0],
        ]),
        temperature: sine({ mean: 0, amplitude: 1, period: "1d" }),
      },
    });
    expect(world.nextChangeUs("door", "contact")).toBe(300_000);
    time.seconds = 0.3;
    expect(world.nextChangeUs("door", "contact")).toBe(Infinity);
    expect(() => world.nextChangeUs("door", "temperature")).toThrow(/changes all the time/);
  });

  test("a mean is exact where a quantity jumps, and close where it changes all the time", () => {
    const charger = steps(
      [
        ["0s", 0],
        ["7h3m", 2],
        ["7h43m", 0],
      ],
      { repeat: "1d" },
    );
    const sun = sine({ mean: 1, amplitude: 1, period: "1d" });
    // it has jumps, and says between them that it changes at once
    const sometimes: Source = {
      start: () => ({ at: (seconds) => seconds / 86_400, nextChange: (seconds) => (seconds < 3600 ? 3600 : seconds) }),
    };
    const { world } = worldAt({ van: { power: charger }, roof: { power: sun }, shed: { power: sometimes } });
    const hours = Array.from({ length: 48 }, (_, hour) => world.mean("van", "power", hour * 3600, (hour + 1) * 3600));
    expect(hours.reduce((sum, watts) => sum + watts * 3600, 0)).toBeCloseTo(2 * 2 * 40 * 60, 6);
    expect(world.mean("van", "power", 7 * 3600, 8 * 3600)).toBeCloseTo((2 * 40) / 60, 9);
    expect(world.mean("roof", "power", 0, 43_200)).toBeCloseTo(1 + 2 / Math.PI, 4);
    expect(world.mean("shed", "power", 0, 86_400)).toBeCloseTo((86_400 / 2 - 3600 / 2 / 24) / 86_400, 3);
  });
});
