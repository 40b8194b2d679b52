/** What is read from pins: contacts, pulses, analog voltages, a load cell; and load switches. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { NAK, RANGE, STUCK, TIMEOUT } from "../../lib/faults.ts";
import { batteryVoltage } from "../../lib/sensors/battery-voltage.ts";
import { contactInput } from "../../lib/sensors/contact-input.ts";
import { hx711 } from "../../lib/sensors/hx711.ts";
import { measureAll } from "../../lib/sensors/measure.ts";
import { powerGate } from "../../lib/sensors/power-gate.ts";
import { pulseCounter } from "../../lib/sensors/pulse-counter.ts";
import { sht4x } from "../../lib/sensors/sht4x.ts";
import { soilMoisture } from "../../lib/sensors/soil-moisture.ts";
import { thermistor } from "../../lib/sensors/thermistor.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { run } from "./run.ts";
import { BUS } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

/** An HX711 at the pins: counts pulses and shows the bits of `value` after each. */
function loadCell(value: number, { busy = 0, stays = false } = {}) {
  const { pins } = espruino;
  const cell = { pulses: 0, asleep: true, reads: 0 };
  pins.levels["D5"] = 1;
  let before = 1;
  pins.changed = (pin, level) => {
    if (pin !== "D6") return;
    cell.asleep = level === 1;
    if (level === 1 && before === 0 && pins.levels["D5"] !== undefined) {
      cell.pulses++;
      const bit = 24 - cell.pulses;
      pins.levels["D5"] = bit >= 0 ? (value >> bit) & 1 : stays ? 0 : 1;
    }
    before = level;
  };
  return {
    cell,
    /** The line falls once the conversion has ended. */
    waiting: (_ms: number, nth: number) => {
      if (nth > busy) {
        cell.pulses = 0;
        pins.levels["D5"] = 0;
      }
    },
  };
}

describe("HX711", () => {
  const options = { data: "D5", clock: "D6", zero: 1000, countsPerKg: 2000 } as const;

  it("gives any count of 24 bits but the two ends, where it is saturated", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }), fc.constantFrom(-(2 ** 23), 2 ** 23 - 1)),
        (count) => {
          const { waiting, cell } = loadCell(count & 0xffffff);
          const { result, waits } = run(hx711(options), waiting);
          expect(waits).toEqual([400]);
          expect(cell).toMatchObject({ pulses: 26, asleep: true });
          if (count === -(2 ** 23) || count === 2 ** 23 - 1) expect(result).toBe(RANGE);
          else expect(result).toEqual([(count - 1000) / 2000]);
        },
      ),
    );
  });

  it("waits for the end of the conversion, but not for ever", () => {
    const late = loadCell(5000, { busy: 3 });
    expect(run(hx711(options), late.waiting)).toEqual({ result: [2], waits: [400, 25, 25, 25] });
    const never = loadCell(5000, { busy: 99 });
    expect(run(hx711(options), never.waiting)).toMatchObject({ result: TIMEOUT });
    expect(never.cell.asleep).toBe(true);
  });

  it("tells a data line that is held low", () => {
    const { waiting } = loadCell(0, { stays: true });
    expect(run(hx711(options), waiting).result).toBe(STUCK);
  });
});

describe("a contact", () => {
  it("is closed when its pin is low, and leaves no pull-up on", () => {
    espruino.pins.levels["D4"] = 0;
    expect(run(contactInput({ pin: "D4" }))).toEqual({ result: [1], waits: [10] });
    expect(espruino.pins.modes["D4"]).toBe("input");
    espruino.pins.levels["D4"] = 1;
    expect(run(contactInput({ pin: "D4" })).result).toEqual([0]);
    expect(run(contactInput({ pin: "D4", closed: 1 })).result).toEqual([1]);
  });

  it("is read again while it bounces, and stuck when it never stops", () => {
    const bounce = (until: number) => (_ms: number, nth: number) => {
      if (nth < until) espruino.pins.levels["D4"] = nth % 2;
    };
    expect(run(contactInput({ pin: "D4" }), bounce(4))).toEqual({ result: [0], waits: [10, 10, 10, 10] });
    espruino.pins.levels["D4"] = 0;
    expect(run(contactInput({ pin: "D4" }), bounce(99)).result).toBe(STUCK);
  });
});

describe("a pulse counter", () => {
  it("counts what its window sees, and then watches no longer", () => {
    const sensor = pulseCounter({ pin: "D27", windowMs: 10000 });
    for (const pulses of [3, 0, 17]) {
      const done = run(sensor, () => {
        const watch = [...espruino.pins.watches.values()][0]!;
        expect(watch).toMatchObject({ pin: "D27", edge: "falling" });
        for (let i = 0; i < pulses; i++) watch.run();
      });
      expect(done).toEqual({ result: [pulses], waits: [10000] });
      expect(espruino.pins.watches.size).toBe(0);
    }
  });
});

describe("analog inputs", () => {
  it("take 0, full scale and a pin without converter for faults", () => {
    for (const level of [0, 1, NaN]) {
      espruino.pins.analog["D34"] = level;
      expect(run(batteryVoltage({ pin: "D34", ratio: 2 })).result).toBe(RANGE);
      expect(run(soilMoisture({ pin: "D34", dry: 2.5, wet: 1.1 })).result).toBe(RANGE);
      expect(run(thermistor({ pin: "D34" })).result).toBe(RANGE);
    }
  });

  it("soil: from dry to wet, cropped, and a fault far outside", () => {
    for (const [volts, expected] of [
      [2.5, 0],
      [1.1, 100],
      [1.8, 50],
      [2.6, 0],
      [1.0, 100],
      [3.0, RANGE],
      [0.5, RANGE],
    ] as const) {
      espruino.pins.analog["D34"] = volts / 3.6;
      const { result } = run(soilMoisture({ pin: "D34", dry: 2.5, wet: 1.1 }));
      if (expected === RANGE) expect(result).toBe(RANGE);
      else expect((result as number[])[0]).toBeCloseTo(expected, 6);
    }
  });

  it("thermistor: back from every temperature to itself", () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 125, noNaN: true }), (celsius) => {
        const ohms = 10000 * Math.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15));
        espruino.pins.analog["D34"] = ((ohms / (ohms + 10000)) * 3.3) / 3.6;
        const { result } = run(thermistor({ pin: "D34" }));
        // at the very ends rounding may fall on either side
        if (result !== RANGE) expect((result as number[])[0]).toBeCloseTo(celsius, 4);
        else expect(Math.min(celsius + 40, 125 - celsius)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe("a power gate", () => {
  const sensor = () => powerGate({ pin: "D33", settleMs: 20 }, sht4x(BUS));

  it("feeds the part for its reading only", () => {
    espruino.i2c.part(0x44, { fd: [0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c] });
    const levels: number[] = [];
    const done = run(sensor(), () => void levels.push(espruino.pins.levels["D33"]!));
    expect(done.waits).toEqual([20, 9]);
    expect(levels).toEqual([1, 1]);
    expect(espruino.pins.levels["D33"]).toBe(0);
    expect(done.result).toHaveLength(2);
  });

  it("opens after a fault too, and knows switches that close with 0", () => {
    expect(run(sensor()).result).toBe(NAK);
    expect(espruino.pins.levels["D33"]).toBe(0);
    expect(run(powerGate({ pin: "D32", on: 0 }, sht4x(BUS))).result).toBe(NAK);
    expect(espruino.pins.levels["D32"]).toBe(1);
  });

  it("reads at once what needs no wait", () => {
    espruino.pins.analog["D34"] = 0.5;
    const soil = soilMoisture({ pin: "D34", dry: 2.5, wet: 1.1 });
    expect(run(powerGate({ pin: "D33", settleMs: 200 }, soil)).waits).toEqual([200]);
  });
});

describe("measuring with several sensors", () => {
  it("overlaps their waits and keeps their order", () => {
    espruino.i2c.part(0x44, { fd: [0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c] });
    espruino.pins.levels["D4"] = 0;
    let now = 0;
    let timers: { at: number; run: () => void }[] = [];
    const after = (ms: number, done: () => void) => void timers.push({ at: now + ms, run: done });
    let results: unknown;
    const gated = powerGate({ pin: "D33", settleMs: 50 }, sht4x(BUS));
    measureAll([contactInput({ pin: "D4" }), gated, sht4x(BUS, { address: 0x45 })], after, (all) => (results = all));
    expect(results).toBeUndefined();
    while (timers.length) {
      timers.sort((a, b) => a.at - b.at);
      const next = timers.shift()!;
      timers = [...timers];
      now = next.at;
      next.run();
    }
    expect(now).toBe(59);
    expect(results).toMatchObject([[1], [expect.closeTo(25, 1), expect.closeTo(40.25, 1)], NAK]);
  });

  it("ends without any", () => {
    let ended = false;
    measureAll(
      [],
      (_ms, done) => done(),
      () => (ended = true),
    );
    expect(ended).toBe(true);
  });
});
