import { expect, test } from "vitest";
import { facts } from "../../boards/firebeetle2-esp32-e.ts";
import { changesPerNode, monteCarlo, quantile, type Node } from "../../tools/power/monte-carlo.ts";
import { climateOf, live } from "../../tools/power/life.ts";
import { loadModel, loadOf } from "../../tools/power/load-model.ts";
import type { LoadSample, WakeClass } from "../../tools/power/load.ts";
import { sensitivity } from "../../tools/power/sensitivity.ts";
import { lifeYears } from "../../tools/simulator/energy/cell.ts";
import { cells } from "../../tools/simulator/energy/cells.ts";

const DAY = 86400;
const wake = (kind: WakeClass["kind"], level: number, count: number, joules: number, peak: number): WakeClass => ({
  kind, level, count, joules: { awake: joules * 0.4, "modem: transmit": joules * 0.6 }, peakMilliamps: peak, awakeSeconds: 1,
}); // prettier-ignore
const sampled = (level: number, joules: number): LoadSample => ({
  seconds: 10 * DAY,
  rest: { "sleep floor": 50e-6 },
  classes: [wake("sample", 0, 920, 0.1, 50), wake("report", level, 40, joules, 173)],
  volts: 3.6,
  standing: [],
  wake: undefined,
});
const shares = [0.9, 0.1, 0];
const model = loadModel(sampled(0, 4), [sampled(0, 3.6), sampled(1, 7.2), undefined], shares);
const room = climateOf(() => 20);
const node = (cell: Node["cell"], celsius = 20): Node => ({
  model,
  cell,
  facts: facts(),
  climate: climateOf(() => celsius),
  figures: new Map(),
  harvestWatts: 0,
});

test("a model is the sum of its parts: rest, samples, and reports mixed by coverage", () => {
  const perDay = 50e-6 * DAY + 92 * 0.1 + 4 * (0.9 * 3.6 + 0.1 * 7.2);
  expect(loadOf(model).amps * 3.6 * DAY).toBeCloseTo(perDay, 9);
  expect(loadOf(model, { reports: 2 }).amps * 3.6 * DAY).toBeCloseTo(perDay - 4 * 0.1 + 4 * 3.96, 9);
  expect(loadOf(model, { shares: [0, 1, 0] }).amps * 3.6 * DAY).toBeCloseTo(50e-6 * DAY + 9.2 + 4 * 7.2, 9);
  expect(loadOf(model, { causes: { "sleep floor": 0 } }).amps * 3.6 * DAY).toBeCloseTo(perDay - 50e-6 * DAY, 9);
});

test("at room temperature a life is capacity over current, as the simulator says it", () => {
  const life = live({ cell: cells.er34615, facts: facts(), climate: room, amps: 100e-6, peakAmps: 0.05 });
  expect(life.death).toBe("charge");
  expect(Math.abs(life.years / lifeYears(cells.er34615, 100e-6) - 1)).toBeLessThan(0.01);
});

test("a bobbin cell that is full dies by sag in the cold, the same with a hybrid capacitor lives on", () => {
  const cold = { facts: facts(), climate: climateOf(() => -20), amps: 100e-6, peakAmps: 0.173 };
  expect(live({ cell: cells.er34615, ...cold })).toMatchObject({ death: "sag", years: 0, celsius: -20 });
  const hybrid = live({ cell: cells["er34615-hpc1550"], ...cold });
  expect([hybrid.death, hybrid.years > 10]).toEqual(["charge", true]);
});

test("a harvester that brings more than is drawn keeps a rechargeable cell alive", () => {
  const options = { cell: cells["li-ion-18650"], facts: facts(), climate: room, amps: 200e-6, peakAmps: 0.173 };
  expect(live(options).years).toBeLessThan(1.5);
  expect(live({ ...options, harvestWatts: 2e-3 }).death).toBe("none");
});

test("the same seed gives the same lives, and percentiles are in order", () => {
  const lives = monteCarlo(node(cells["er34615-hpc1550"]), 60, "a");
  expect(monteCarlo(node(cells["er34615-hpc1550"]), 60, "a")).toEqual(lives);
  expect(monteCarlo(node(cells["er34615-hpc1550"]), 60, "b").p50).not.toBe(lives.p50);
  expect(lives.p10).toBeLessThan(lives.p50);
  expect(lives.p50).toBeLessThan(lives.p90);
  expect(lives.band[0]).toEqual({ years: 0, p10: 1, p50: 1, p90: 1 });
});

test("changes of batteries are counted over the years of a deployment", () => {
  const lives = { years: [4, 6, 20] } as unknown as Parameters<typeof changesPerNode>[0];
  expect(changesPerNode(lives, 15)).toBeCloseTo((3 + 2 + 0) / 3, 12);
});

test("what would change the life is ranked, and rarer reports gain", () => {
  const effects = sensitivity(node(cells["er34615-hpc1550"]));
  expect(effects.map(({ gain }) => Math.abs(gain))).toEqual(
    effects.map(({ gain }) => Math.abs(gain)).sort((a, b) => b - a),
  );
  expect(effects.find(({ change }) => change === "reporting every 12h instead of 6h")!.gain).toBeGreaterThan(0);
});

test("quantiles lie between the values", () => {
  expect(quantile([1, 2, 3], 0.5)).toBe(2);
  expect(quantile([1, 2], 0.1)).toBeCloseTo(1.1, 12);
});
