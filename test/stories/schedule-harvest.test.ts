/** A year (four months without SOAK) on a harvester and a supercapacitor: the node never dies, and little of what comes in is left unused. */
import { describe, expect, it } from "vitest";
import { capacitor } from "../../tools/simulator/energy/cells/rechargeable.ts";
import type { Source } from "../../tools/simulator/world/sources.ts";
import { firmware, live, stillScenario } from "./schedule-firmware.ts";
import { bestWork, worstSpell, solar, vibration } from "./schedule-harvest.ts";

/** Charge of one sample and one report on the FireBeetle with a SIM7020, and of a day asleep with all leaks. */
const SAMPLE = 0.032;
const REPORT = 1.15;
const DAY = 3.5;
/** The divider is 1 % off: the firmware stops that much earlier. */
const MARGIN = 0.05;
const supply = { fullVolts: 4.2, emptyVolts: 3.5, restartVolts: 3.7, leakageMicroamps: 9 };
const START_CHARGE = 0.57;
const SOAK = !!process.env["SOAK"];
const slowest = 12 * SAMPLE + REPORT;
const fastest = 288 * SAMPLE + 24 * REPORT;

describe(SOAK ? "a year of" : "four months of", () => {
  it.each([
    ["sun on a small panel", solar(0.008), 100, 0.9],
    ["a wagon that rolls and rests", vibration(0.006), 150, 0.89],
  ] as readonly [string, Source, number, number][])("%s", async (name, source, farads, least) => {
    const store = { ...supply, farads };
    const lived = await live(
      await firmware(`energy-neutral-${farads}`, {
        imports: 'import { energyNeutral } from "hibernode/schedule/energy-neutral";',
        more: `use: energyNeutral((r) => r.battery.voltage, {
          emptyVolts: ${store.emptyVolts + MARGIN}, fullVolts: ${store.fullVolts}, farads: ${store.farads},
          sampleCoulombs: ${SAMPLE}, reportCoulombs: ${REPORT}, dayCoulombs: ${DAY},
          slowest: [every("2h"), every("1d")], fastest: [every("5m"), every("1h")],
        }),`,
      }),
      {
        lasts: SOAK ? "1y" : "120d",
        scenario: {
          ...stillScenario,
          world: { ...stillScenario.world, harvester: { power: source } },
          cell: capacitor(store),
          charge: START_CHARGE,
          harvester: "harvester",
        },
      },
    );
    const { offered, stepSeconds, drawn, deaths, lowestCharge, spilled, harvested } = lived.battery;
    const fullCoulombs = (store.fullVolts - store.emptyVolts) * store.farads;
    const lowestVolts = store.emptyVolts + (lowestCharge * fullCoulombs) / store.farads;
    const work = drawn - (lived.seconds / 86400) * DAY;
    const bound = {
      offered,
      stepSeconds,
      startCoulombs: START_CHARGE * fullCoulombs,
      fullCoulombs,
      dayCoulombs: DAY,
      slowest,
      fastest,
    };
    const best = bestWork(bound);
    console.log(
      `${name}: ${lived.stored!.stored} samples, ${lived.messages.count} messages, lowest ${lowestVolts.toFixed(2)} V, harvested ${harvested.toFixed(0)} C, spilled ${spilled.toFixed(0)} C, work ${work.toFixed(0)} C of ${best.toFixed(0)} C (worst spell ${worstSpell(bound).toFixed(0)} C): ${((work / best) * 100).toFixed(1)} %`,
    );
    expect(lived.broken).toEqual([]);
    expect(deaths).toBe(0);
    expect(lowestVolts).toBeGreaterThan(store.emptyVolts);
    expect(work / best).toBeGreaterThan(least);
    expect(work / best).toBeLessThan(1.02);
  });
});
