/** A battery life one can sign: sampled full runs, the surrogate fitted to them, lives by Monte Carlo, and what would change them. */
import type { BoardFacts, Confidence } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import type { Cell } from "../simulator/energy/cell.ts";
import { selfDischargeAmps } from "../simulator/energy/cell.ts";
import { findCell } from "../simulator/energy/cells.ts";
import { brownOutVolts } from "../simulator/energy/supply-limits.ts";
import { findProfile } from "../simulator/network/profiles.ts";
import { celsiusOf, checkScenario } from "../simulator/rig.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { World } from "../simulator/world/world.ts";
import { isUnverified, weakest } from "./confidence.ts";
import { climateOf, type Life } from "./life.ts";
import { loadModel, loadOf, type LoadModel } from "./load-model.ts";
import type { WakeTrace } from "./load.ts";
import { bounds, changesPerNode, lifeOf, monteCarlo, type Lives, type Node } from "./monte-carlo.ts";
import { onlyLevel, sampleRuns, type SampleJob, type SampleResult } from "./sample.ts";
import { sensitivity, type Effect } from "./sensitivity.ts";

const YEAR_S = 8766 * 3600;

export interface PowerOptions {
  readonly scenario: Scenario;
  readonly scenarioFile: string;
  readonly bundle: string;
  readonly name: string;
  readonly seed: string;
  /** Length of each sampled run. */
  readonly sample: string;
  readonly runs: number;
  readonly cores?: number | undefined;
  readonly nodes: number;
  readonly years: number;
  /** Cost of one battery change, in any currency. */
  readonly visit: number;
}

export interface CauseRow {
  readonly cause: string;
  readonly joulesPerDay: number;
  readonly share: number;
  readonly microamps: number;
  readonly confidence: Confidence;
}

export interface PowerReport {
  readonly name: string;
  readonly cell: string;
  readonly board: string;
  readonly seed: string;
  readonly lives: Lives;
  /** Everything at its middle. */
  readonly nominal: Pick<Life, "years" | "death" | "celsius" | "lowestVolts">;
  readonly causes: readonly CauseRow[];
  readonly meanMicroamps: number;
  readonly unverifiedShare: number;
  readonly bounds: { readonly worst: number; readonly best: number };
  readonly effects: readonly Effect[];
  readonly wake: WakeTrace | undefined;
  readonly cost: {
    readonly nodes: number;
    readonly years: number;
    readonly changesPerNode: number;
    readonly changes: number;
    readonly visit: number;
    readonly total: number;
  };
  /** Of the mean current: the surrogate against the full run with the network as it is. */
  readonly surrogateError: number;
  readonly sampled: { readonly runs: number; readonly seconds: number };
  /** What the sampled runs found broken, brown-outs above all. */
  readonly broken: readonly string[];
}

/**
 * A firmware on its cell in its place, with the load that sampled runs of the full simulator have measured.
 * @throws UserError when the cell cannot even start it, or nothing was measured
 */
export async function sampledNode(
  options: Pick<PowerOptions, "scenario" | "scenarioFile" | "bundle" | "seed" | "sample" | "cores">,
): Promise<{ readonly node: Node; readonly whole: SampleResult; readonly results: readonly SampleResult[] }> {
  const { scenario, scenarioFile, bundle, seed, sample, cores } = options;
  checkScenario(scenario);
  const profile = findProfile(scenario.network, "scenario, network");
  const shares = profile.coverage.share.map(({ value }) => value);
  const job = { scenarioFile, bundle, seed, lasts: sample };
  const levels = [0, 1, 2].filter((level) => shares[level]! > 0);
  // every level of a network that lives in one level is the network itself
  const jobs: SampleJob[] = [
    job,
    ...(levels.length > 1 ? levels.map((level) => ({ ...job, shares: onlyLevel(level) })) : []),
  ];
  const results = await sampleRuns(jobs, cores);
  const [whole, ...single] = results as [SampleResult, ...SampleResult[]];
  const cell = findCell(scenario.cell);
  const facts = scenario.board.facts();
  canStart(whole, cell, facts);
  if (!whole.load.classes.length)
    throw new UserError("the node never slept: there are no wakes to count", {
      where: "scenario",
      fix: "hibernode simulate shows how long a cell carries a node that stays awake",
    });
  const byLevel = [0, 1, 2].map((level) =>
    levels.length > 1 ? single[levels.indexOf(level)]?.load : level === levels[0] ? whole.load : undefined,
  );
  const model = loadModel(whole.load, byLevel, shares);
  const node: Node = { model, cell, facts, figures: whole.figures, ...surroundings(scenario, seed) };
  return { node, whole, results };
}

/** @throws UserError when the cell cannot even start the node, or nothing was measured. */
export async function powerReport(options: PowerOptions): Promise<PowerReport> {
  const { seed, sample, runs, nodes, years, visit } = options;
  const seconds = parseDuration(sample, "--sample");
  const { node, whole, results } = await sampledNode(options);
  const { model, cell, facts } = node;
  const { years: nominalYears, death, celsius, lowestVolts } = lifeOf(node);
  const lives = monteCarlo(node, runs, seed);
  const perNode = changesPerNode(lives, years);
  const causes = causeRows(model, whole, cell);
  return {
    name: options.name,
    cell: cell.name,
    board: facts.name,
    seed,
    lives,
    nominal: { years: nominalYears, death, celsius, lowestVolts },
    causes,
    meanMicroamps: causes.reduce((sum, { microamps }) => sum + microamps, 0),
    unverifiedShare: causes.reduce((sum, { share, confidence }) => sum + (isUnverified(confidence) ? share : 0), 0),
    bounds: bounds(node),
    effects: sensitivity(node),
    wake: whole.load.wake,
    cost: { nodes, years, visit, changesPerNode: perNode, changes: perNode * nodes, total: perNode * nodes * visit },
    surrogateError: loadOf(model).amps / measuredAmps(whole) - 1,
    sampled: { runs: results.length, seconds },
    broken: [...new Set(results.flatMap(({ broken }) => broken))],
  };
}

/** Mean current of a full run without the cell's own loss. */
function measuredAmps({ energy }: SampleResult): number {
  const self = energy.shareByCause.find(({ cause }) => cause === "self-discharge");
  return (energy.meanMicroamps - (self?.microamps ?? 0)) * 1e-6;
}

function surroundings(scenario: Scenario, seed: string): Pick<Node, "climate" | "harvestWatts"> {
  const world = new World(scenario.world, { seed, now: () => 0 });
  const place = scenario.cellPlace ?? Object.keys(scenario.world).find((name) => scenario.world[name]!["temperature"]);
  // the world answers at any time, the simulator's reader only for now
  const climate = climateOf(
    place === undefined ? celsiusOf(scenario, world) : (at) => world.at(place, "temperature", at),
  );
  const { harvester } = scenario;
  const harvestWatts = harvester === undefined ? 0 : world.mean(harvester, "power", 0, YEAR_S);
  return { climate, harvestWatts };
}

/** It came to a report, or did not brown out before. */
export const starts = ({ battery, load }: Pick<SampleResult, "battery" | "load">): boolean =>
  load.classes.some(({ kind }) => kind === "report") || (!battery.firstBrownOut && battery.emptyAt === undefined);

/** @throws UserError when the node never came to a report because its cell could not carry it */
export function canStart({ battery, load }: SampleResult, cell: Cell, facts: BoardFacts): void {
  if (starts({ battery, load })) return;
  const { firstBrownOut: sag, emptyAt } = battery;
  const level = brownOutVolts[facts.chip].value;
  throw new UserError(
    sag
      ? `${cell.name} cannot carry the node: ${sag.volts.toFixed(2)} V reach the chip at ${sag.milliamps.toFixed(0)} mA (${sag.cause}, ${sag.celsius.toFixed(0)} °C), and it restarts below ${level} V`
      : `${cell.name} is empty after ${formatDuration(emptyAt!)}, before the first report`,
    { where: "scenario, cell", fix: "take a cell with a hybrid capacitor, a spiral cell, or a larger one" },
  );
}

function causeRows(model: LoadModel, { figures, energy }: SampleResult, cell: Cell): CauseRow[] {
  const { watts } = loadOf(model);
  const all: Record<string, number> = { ...watts, "self-discharge": selfDischargeAmps(cell) * model.volts };
  // at the temperatures of the sampled run, where there was one
  const self = energy.shareByCause.find(({ cause }) => cause === "self-discharge");
  if (self) all["self-discharge"] = self.microamps * 1e-6 * model.volts;
  const sum = Object.values(all).reduce((total, value) => total + value, 0);
  return Object.entries(all)
    .map(([cause, value]) => ({
      cause,
      joulesPerDay: value * 86400,
      share: value / sum,
      microamps: (value / model.volts) * 1e6,
      confidence:
        cause === "self-discharge"
          ? weakest([cell.selfDischargePerYear, ...(cell.leakageMicroamps ? [cell.leakageMicroamps] : [])])
          : weakest(figures.get(cause)),
    }))
    .sort((a, b) => b.joulesPerDay - a.joulesPerDay);
}
