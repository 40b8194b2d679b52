/** Settings of a firmware simulated in full: their values put into its bundle, run in threads, judged by their life in every season. */
import { buildFirmware } from "../build/build.ts";
import { climateOf, live, type Climate } from "../power/life.ts";
import { canStart, starts } from "../power/power.ts";
import { sampleRuns, type SampleResult } from "../power/sample.ts";
import { findCell } from "../simulator/energy/cells.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { World } from "../simulator/world/world.ts";
import type { Outcome } from "./constraints.ts";
import type { Dial } from "./knobs.ts";
import { quickBundles } from "./settings.ts";
import type { Simulate } from "./tune.ts";

export interface EvaluateOptions {
  readonly entry: string;
  readonly scenario: Scenario;
  readonly scenarioFile: string;
  /** What is turned. */
  readonly dials: readonly Dial[];
  readonly seed: string;
  /** Length of each simulation; every setting sees the same days. */
  readonly sample: string;
  readonly cores?: number | undefined;
}

export interface Evaluator {
  readonly simulate: Simulate;
  /** Life in every season under a mean current, with the highest burst that any setting has shown. */
  readonly lifeYears: (amps: number) => number;
}

export function evaluator(options: EvaluateOptions): Evaluator {
  const { entry, scenario, scenarioFile, dials, seed, sample, cores } = options;
  const bundleOf = quickBundles(async (config) => (await buildFirmware({ entry, config })).bundle, dials);
  const climate = climateAt(scenario, seed);
  const cell = findCell(scenario.cell);
  const facts = scenario.board.facts();
  let peakAmps = 0;
  const lifeYears = (amps: number, peak = peakAmps): number =>
    live({ cell, facts, climate, amps, peakAmps: peak }).years;
  return {
    lifeYears,
    async simulate(settings) {
      const bundles = await Promise.all(settings.map(bundleOf));
      const jobs = bundles.map((bundle) => ({ scenarioFile, bundle, seed, lasts: sample }));
      const results = await sampleRuns(jobs, cores);
      // where nothing starts there is nothing to tune
      if (results.length && results.every((result) => !starts(result))) canStart(results[0]!, cell, facts);
      return results.map((result) => {
        const { amps, peak } = loadOf(result);
        peakAmps = Math.max(peakAmps, peak);
        return { amps, outcome: outcomeOf(result, lifeYears(amps, peak)) };
      });
    },
  };
}

function loadOf({ energy, load }: SampleResult): { amps: number; peak: number } {
  const self = energy.shareByCause.find(({ cause }) => cause === "self-discharge")?.microamps ?? 0;
  return {
    amps: (energy.meanMicroamps - self) * 1e-6,
    peak: Math.max(0, ...load.classes.map(({ peakMilliamps }) => peakMilliamps)) / 1e3,
  };
}

const MONTH_S = (365.25 / 12) * 86400;

function outcomeOf({ energy, age, alarmSeconds, messages, readings }: SampleResult, lifeYears: number): Outcome {
  const { seconds } = energy;
  return {
    lifeYears,
    // nothing arrived: older than the whole run
    ageSeconds: Number.isNaN(age.p95) ? seconds : age.p95,
    alarmSeconds: alarmSeconds ?? 0,
    bytesPerMonth: (messages.bytes / seconds) * MONTH_S,
    readingsPerDay: (readings / seconds) * 86400,
  };
}

export function climateAt(scenario: Scenario, seed: string): Climate {
  const world = new World(scenario.world, { seed, now: () => 0 });
  const place = scenario.cellPlace ?? Object.keys(scenario.world).find((name) => scenario.world[name]!["temperature"]);
  return climateOf(place === undefined ? () => 20 : (at) => world.at(place, "temperature", at));
}
