import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock } from "../../../tools/simulator/clock.ts";
import { Ledger, type Supply } from "../../../tools/simulator/energy/ledger.ts";

const ideal: Supply = { batteryVolts: 3.6, railVolts: 3.3, quiescentAmps: 0, selfDischargeAmps: 0 };
const real: Supply = { ...ideal, quiescentAmps: 4e-6, selfDischargeAmps: 23.8e-6 };

function bench(supply = ideal) {
  const clock = new Clock();
  const ledger = new Ledger(clock, supply);
  const wait = (us: number): void => clock.runUntil(clock.nowUs + us);
  const sum = (): number => [...ledger.causes().values()].reduce((total, joules) => total + joules, 0);
  const error = (): number => Math.abs(sum() - ledger.batteryJoules()) / (ledger.batteryJoules() || 1);
  return { clock, ledger, wait, sum, error };
}

describe("booking", () => {
  test("a current is booked under its cause at the rail's voltage; the regulator takes the rest", () => {
    const { ledger, wait } = bench();
    const meter = ledger.meter();
    meter.set(0.01, "boot");
    wait(2e6);
    meter.set(0, "boot");
    wait(5e6);
    expect(ledger.causes().get("boot")).toBeCloseTo(0.01 * 3.3 * 2, 12);
    expect(ledger.causes().get("regulator")).toBeCloseTo(0.01 * 0.3 * 2, 12);
    expect(ledger.batteryJoules()).toBeCloseTo(0.01 * 3.6 * 2, 12);
  });

  test("quiescent current and self-discharge run all the time", () => {
    const { ledger, wait } = bench(real);
    wait(1e6);
    expect(ledger.causes().get("regulator")).toBe(0);
    expect(ledger.causes().get("regulator quiescent")).toBeCloseTo(4e-6 * 3.6, 15);
    expect(ledger.causes().get("self-discharge")).toBeCloseTo(23.8e-6 * 3.6, 15);
    expect(ledger.batteryAmps).toBeCloseTo(27.8e-6, 15);
  });

  test("a divider across the battery draws by its voltage, under its own name", () => {
    const divider = { cause: "divider", amps: (volts: number) => volts / 2e6 };
    const { ledger, wait } = bench({ ...ideal, resistors: [divider] });
    wait(1e6);
    ledger.changeSupply({ batteryVolts: 3 });
    wait(1e6);
    expect(ledger.causes().get("divider")).toBeCloseTo((3.6 ** 2 + 3 ** 2) / 2e6, 15);
    expect(ledger.batteryJoules()).toBeCloseTo((3.6 ** 2 + 3 ** 2) / 2e6, 15);
    expect(() => ledger.meter().set(1, "divider")).toThrow(/booked by the ledger itself/);
  });

  test("a converter that is worse at light loads makes the same load dearer alone than under a burst", () => {
    // 80 % at 1 mA, 90 % from 100 mA on
    const ratioFactor = (amps: number): number => (amps < 0.1 ? 0.9 / 0.8 : 1);
    const { ledger, wait, sum } = bench({ ...ideal, currentRatio: 3.3 / 3.6 / 0.9, ratioFactor });
    const meter = ledger.meter();
    meter.set(0.001, "asleep");
    wait(1e6);
    expect(ledger.batteryJoules()).toBeCloseTo((0.001 * 3.3) / 0.8, 12);
    const before = ledger.batteryJoules();
    meter.pulse(0.199, "burst", 1);
    // 200 mA for a second, of which the second itself has not passed yet: its light load is counted when it does
    wait(1e6);
    expect(ledger.batteryJoules() - before).toBeCloseTo((0.2 * 3.3) / 0.9, 12);
    expect(sum()).toBeCloseTo(ledger.batteryJoules(), 12);
  });

  test("a pulse is charge without duration", () => {
    const { ledger } = bench();
    ledger.meter().pulse(1e-3, "flash write");
    expect(ledger.causes().get("flash write")).toBeCloseTo(3.3e-3, 15);
    expect(ledger.batteryJoules()).toBeCloseTo(3.6e-3, 15);
  });

  test("currents that last no time leave nothing", () => {
    const { ledger } = bench(real);
    const meter = ledger.meter();
    meter.set(1, "spike");
    meter.set(0.5, "other");
    meter.set(0, "spike");
    expect(ledger.batteryJoules()).toBe(0);
    expect([...ledger.causes().values()].every((joules) => joules === 0)).toBe(true);
  });

  test("meters add up, and may share a cause", () => {
    const { ledger, wait } = bench();
    const [first, second] = [ledger.meter(), ledger.meter()];
    first.set(0.1, "radio");
    second.set(0.2, "radio");
    expect(ledger.batteryAmps).toBeCloseTo(0.3, 12);
    wait(1e6);
    expect(ledger.causes().get("radio")).toBeCloseTo(0.3 * 3.3, 12);
  });

  test("causes come largest first, equal ones by name", () => {
    const { ledger } = bench();
    const meter = ledger.meter();
    meter.pulse(1, "b");
    meter.pulse(1, "a");
    meter.pulse(2, "c");
    expect([...ledger.causes().keys()].slice(0, 3)).toEqual(["c", "a", "b"]);
  });

  test.each([-1, NaN, Infinity])("a current or charge of %d is a defect of the caller", (value) => {
    const meter = bench().ledger.meter();
    expect(() => meter.set(value, "x")).toThrow(RangeError);
    expect(() => meter.pulse(value, "x")).toThrow(RangeError);
  });

  test("the ledger's own causes cannot be booked by a part", () => {
    const meter = bench().ledger.meter();
    expect(() => meter.set(1, "regulator")).toThrow(/booked by the ledger itself/);
    expect(() => meter.pulse(1, "self-discharge")).toThrow(/booked by the ledger itself/);
  });
});

describe("causes sum to the battery's loss", () => {
  const step = fc.record({
    meter: fc.nat(3),
    cause: fc.constantFrom("boot", "sleep", "radio", "sensor"),
    // From nothing over nanoampere to ampere, and from no time to days.
    amps: fc.oneof(
      fc.constant(0),
      fc.double({ min: -9, max: 0.5, noNaN: true }).map((power) => 10 ** power),
    ),
    waitUs: fc.oneof(fc.constant(0), fc.nat(1000), fc.nat(3e11)),
    pulse: fc.boolean(),
    look: fc.boolean(),
    // now and then the cell has another voltage, or loses more inside
    volts: fc.option(fc.double({ min: 2.4, max: 5, noNaN: true }), { freq: 4 }),
    seconds: fc.option(fc.double({ min: 1e-3, max: 10, noNaN: true }), { nil: undefined }),
  });
  // Nothing, or at least a picoampere: doubles near their smallest value have no relative precision to compare.
  const lossAmps = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1e-4, noNaN: true }));
  const supply = fc.record({
    batteryVolts: fc.double({ min: 3.3, max: 5, noNaN: true }),
    railVolts: fc.double({ min: 1.8, max: 3.3, noNaN: true }),
    quiescentAmps: lossAmps,
    selfDischargeAmps: lossAmps,
    // a converter by its load, and a divider, on some boards
    ratioFactor: fc.constantFrom(undefined, (amps: number) => 1 + 0.2 / (1 + amps * 1e3)),
    resistors: fc.constantFrom(undefined, [{ cause: "divider", amps: (volts: number) => volts / 2e6 }]),
  });

  test("to 1e-12 for random bookings", () => {
    fc.assert(
      fc.property(supply, fc.array(step, { maxLength: 200, size: "max" }), (volts, steps) => {
        const { ledger, wait, error } = bench(volts as Supply);
        const meters = [ledger.meter(), ledger.meter(), ledger.meter(), ledger.meter()];
        for (const { meter, cause, amps, waitUs, pulse, look, volts: batteryVolts, seconds } of steps) {
          if (batteryVolts !== null)
            ledger.changeSupply({
              batteryVolts,
              currentRatio: 3.3 / batteryVolts,
              selfDischargeAmps: batteryVolts * 1e-6,
            });
          if (pulse) meters[meter]!.pulse(amps, cause, seconds);
          else meters[meter]!.set(amps, cause);
          wait(waitUs);
          if (look) expect(error()).toBeLessThan(1e-12);
        }
        expect(error()).toBeLessThan(1e-12);
      }),
    );
  });

  test("and looking at them in between changes nothing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50, size: "max" }), (steps) => {
        const totals = [true, false].map((looks) => {
          const { ledger, wait, sum } = bench(real);
          const meters = [ledger.meter(), ledger.meter(), ledger.meter(), ledger.meter()];
          for (const { meter, cause, amps, waitUs } of steps) {
            meters[meter]!.set(amps, cause);
            wait(waitUs);
            if (looks) sum();
          }
          return sum();
        });
        expect(Math.abs(totals[0]! - totals[1]!)).toBeLessThanOrEqual(Math.abs(totals[0]!) * 1e-12);
      }),
    );
  });

  test("to 1e-13 after a million changes between a radio's and a sleeping part's current, whose energy is exact", () => {
    const { ledger, wait, error } = bench();
    const [radio, sleep] = [ledger.meter(), ledger.meter()];
    sleep.set(0.08e-6, "sleep");
    for (let change = 0; change < 500_000; change++) {
      radio.set(0.3 + (change % 7) * 1e-3, "radio");
      wait(100);
      radio.set(0, "radio");
      wait(629_999_900);
    }
    expect(error()).toBeLessThan(1e-13);
    // Ten years asleep: nothing of a microampere may drown in the radio's currents.
    expect(ledger.causes().get("sleep")! / (0.08e-6 * 3.3 * 630 * 500_000)).toBeCloseTo(1, 12);
    expect(ledger.batteryAmps).toBe(0.08e-6);
  });
});
