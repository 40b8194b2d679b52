import { describe, expect, test } from "vitest";
import { UserError } from "../../tools/errors.ts";
import { catalogue } from "../../tools/simulator/parts/catalogue.ts";
import { checkFaults } from "../../tools/simulator/run.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { faultKinds, FaultPlan, parseFault, type FaultKind } from "../../tools/simulator/faults.ts";

const sensors = ["cargo", "cabin"];
const day = 86_400e6;
const plan = (...texts: string[]): FaultPlan =>
  new FaultPlan(
    texts.map((text) => parseFault(text, sensors)),
    1,
  );
const errorOf = (text: string): UserError => {
  try {
    parseFault(text, sensors);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("no error");
};

describe("a fault in words", () => {
  test.each([
    ["nak:cargo@2d", "nak", "cargo", 2 * day, Infinity, 1],
    ["nak@2d..3d12h", "nak", undefined, 2 * day, 3.5 * day, 1],
    ["crc:cabin@2d+6h,0.25", "crc", "cabin", 2 * day, 2.25 * day, 0.25],
    ["no-coverage@0s..", "no-coverage", undefined, 0, Infinity, 1],
    ["power-cut@3d4h", "power-cut", undefined, 3 * day + 14_400e6, 3 * day + 14_401e6, 1],
    ["power-cut@3d+10m", "power-cut", undefined, 3 * day, 3 * day + 600e6, 1],
  ])("%s", (text, kind, target, fromUs, untilUs, probability) => {
    expect(parseFault(text, sensors)).toEqual({ kind, target, fromUs, untilUs, probability, text });
  });

  test("every kind can be put on", () => {
    for (const kind of Object.keys(faultKinds) as FaultKind[]) {
      expect(plan(`${kind}@1d+1h`).active(kind, "cargo", day)).toBe(true);
    }
  });

  test.each([
    ["nka:cargo@2d", /unknown fault "nka"/, /did you mean "nak"/],
    ["nak:crago@2d", /unknown sensor "crago"/, /did you mean "cargo"/],
    ["nak:@2d", /unknown sensor ""/, /known: cargo, cabin/],
    ["no-coverage:cargo@2d", /no-coverage has no target/, /write no-coverage@2d/],
    ["nak:cargo@2", /"2" has no unit/, /2s, 2m/],
    ["nak:cargo", /does not say what happens when/, /KIND/],
    ["@2d", /does not say what happens when/, /KIND/],
    ["nak:cargo@", /does not say what happens when/, /KIND/],
    ["nak:cargo@3d..2d", /ends before it starts/, /START/],
    ["nak:cargo@2d,2", /"2" is not a probability/, /up to 1/],
    ["nak:cargo@2d,0", /is not a probability/, /up to 1/],
    ["nak:cargo@2d,", /is not a probability/, /up to 1/],
    ["nak:cargo@2d,often", /is not a probability/, /up to 1/],
    ["power-cut@2d,0.5", /no probability/, /write power-cut@2d/],
    ["toString@2d", /unknown fault "toString"/, /known/],
  ])("%s is refused", (text, message, fix) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
    expect(error.where).toBe("--fault");
  });
});

describe("a plan of faults", () => {
  test("strikes its target, in its window, the end excluded", () => {
    const faults = plan("nak:cargo@2d..3d");
    const at = (us: number, target = "cargo"): boolean => faults.active("nak", target, us);
    expect([at(2 * day - 1), at(2 * day), at(3 * day - 1), at(3 * day)]).toEqual([false, true, true, false]);
    expect(at(2 * day, "cabin")).toBe(false);
    expect(faults.active("crc", "cargo", 2 * day)).toBe(false);
  });

  test("without a target strikes every sensor", () => {
    expect(plan("nak@2d").active("nak", "cabin", 2 * day)).toBe(true);
  });

  test("with a probability strikes that often, and the same moments at every look", () => {
    const faults = plan("crc:cargo@0s..,0.3");
    const struck = Array.from({ length: 20_000 }, (_, index) => faults.active("crc", "cargo", index * 900e6));
    expect(struck.filter(Boolean).length / struck.length).toBeCloseTo(0.3, 1);
    expect(faults.active("crc", "cargo", 900e6)).toBe(struck[1]);
    const other = new FaultPlan(faults.faults, 2);
    expect(struck.some((value, index) => other.active("crc", "cargo", index * 900e6) !== value)).toBe(true);
  });

  test("lists begins and ends in time order, an end before a begin of the same moment", () => {
    const faults = plan("power-cut@3d+1h", "no-coverage@1d..3d", "nak:cargo@2d");
    expect(faults.edges().map(({ atUs, on, fault }) => [atUs / day, on, fault.kind])).toEqual([
      [1, true, "no-coverage"],
      [2, true, "nak"],
      [3, false, "no-coverage"],
      [3, true, "power-cut"],
      [3 + 1 / 24, false, "power-cut"],
    ]);
    expect(faults.edges("power-cut").map(({ on }) => on)).toEqual([true, false]);
  });
});

describe("faults of a scenario", () => {
  const wired = (part: string) =>
    ({ parts: { it: { part, place: "here" }, modem: { part: "sim7020" } } }) as unknown as Scenario;
  const sensorFaults = Object.entries(faultKinds).flatMap(([kind, { target }]) => (target === "sensor" ? [kind] : []));

  test.each(Object.entries(catalogue).map(([name, { faults }]) => [name, faults as readonly string[]] as const))(
    "%s takes those that it can have, by name or as one of all sensors, and refuses the others",
    (part, faults) => {
      for (const kind of sensorFaults)
        for (const text of [`${kind}:it@1d`, `${kind}@1d`]) {
          const read = (): unknown => checkFaults(wired(part), [text]);
          if (faults.includes(kind)) expect(read).not.toThrow();
          else expect(read).toThrow(new RegExp(`have the fault ${kind}`));
        }
    },
  );

  test("what a refused fault could be is said", () => {
    expect(() => checkFaults(wired("bme280"), ["crc:it@1d"])).toThrow(
      expect.objectContaining({ message: "it cannot have the fault crc", fix: "write one of nak, stuck" }),
    );
  });
});
