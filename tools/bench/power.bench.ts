/**
 * The surrogate behind `power` against full simulations, on cold-chain: nodes drawn as its Monte Carlo draws them, and ten
 * years of the middle one (SOAK: three drawn nodes live ten years too); and how long a Monte Carlo of 200 lives takes.
 */
import { buildFirmware } from "../build/build.ts";
import { packageFolder } from "../package-folder.ts";
import { loadOf } from "../power/load-model.ts";
import { causesOf, drawn, lifeOf, monteCarlo, type Draw } from "../power/monte-carlo.ts";
import { sampledNode } from "../power/power.ts";
import { sampleRuns } from "../power/sample.ts";
import { loadScenarioFile } from "../scenario-file.ts";
import { capacityAmpHours } from "../simulator/energy/cell.ts";
import { createSink } from "../simulator/network/sink.ts";
import { withShares } from "../simulator/network/profiles.ts";
import { run } from "../simulator/run.ts";
import { randomFor } from "../simulator/world/random.ts";
import { table } from "../terminal/table.ts";

const YEARS = 10;
const NODES = 10;
const SAMPLE = "30d";
const FULL = "180d";
const folder = `${packageFolder}/firmware/cold-chain`;
const scenarioFile = `${folder}/scenario.ts`;
const scenario = await loadScenarioFile(scenarioFile);
const { bundle } = await buildFirmware({ entry: `${folder}/node.ts` });
const line = (name: string, value: string): void => void process.stdout.write(`${name.padEnd(44)}${value}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

let began = performance.now();
const { node } = await sampledNode({ scenario, scenarioFile, bundle, seed: "1", sample: SAMPLE });
line("sampled runs", `${((performance.now() - began) / 1000).toFixed(1)} s`);
began = performance.now();
const lives = monteCarlo(node, 200, "1");
line(
  "200 lives of ten years and more",
  `${((performance.now() - began) / 1000).toFixed(2)} s, P50 ${lives.p50.toFixed(1)} years`,
);

const middle = { causes: causesOf(node.model), figures: node.figures, cell: node.cell, shares: node.model.shares };
const draws = Array.from({ length: NODES }, (_, index) => drawn(middle, randomFor("1", `life ${index}`)));
const sharesOf = ({ shares }: Draw): [number, number, number] => [shares[0] ?? 0, shares[1] ?? 0, shares[2] ?? 0];
const full = await sampleRuns(
  draws.map((draw) => {
    const { causes, celsiusOffset, capacity, ohms, selfDischarge } = draw;
    const variation = { causes, celsiusOffset, capacity, ohms, selfDischarge };
    return { scenarioFile, bundle, seed: "1", lasts: FULL, shares: sharesOf(draw), variation };
  }),
);
const errors: number[] = [];
const rows = full.map(({ energy }, index) => {
  const self = energy.shareByCause.find(({ cause }) => cause === "self-discharge")?.microamps ?? 0;
  const theirs = energy.meanMicroamps - self;
  const { causes, shares } = draws[index]!;
  const ours = loadOf(node.model, { causes, shares }).amps * 1e6;
  errors.push(ours / theirs - 1);
  return [`node ${index}`, theirs.toFixed(1), ours.toFixed(1), percent(ours / theirs - 1)];
});
process.stdout.write(`${table([`drawn, ${FULL} in full`, "µA", "surrogate", "error"], rows, [1, 2, 3])}\n`);
const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
line("error of the surrogate's mean current", `${percent(mean)} ± ${percent(deviation)}`);

async function tenYears(name: string, draw?: Draw): Promise<void> {
  const { shares, ...variation } = draw ?? { shares: undefined };
  const { causes, ...cell } = variation as Partial<Draw>;
  const before = process.cpuUsage();
  const done = await run({
    scenario, bundle, closed: true, cpu: true, seed: "1", lasts: `${YEARS}y`, variation: variation as Partial<Draw>,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    ...(shares && { network: (profile) => withShares(profile, [shares[0] ?? 0, shares[1] ?? 0, shares[2] ?? 0]) }),
  }); // prettier-ignore
  const { user, system } = process.cpuUsage(before);
  const life = lifeOf(node, { ...(causes && { causes }), ...(shares && { shares }) }, cell);
  // in charge, not in shares of a capacity: the simulated cell counts in that of its temperature, the surrogate in that of 20 °C
  const theirs = done.energy.meanMicroamps;
  const { amps } = loadOf(node.model, { ...(causes && { causes }), ...(shares && { shares }) });
  const used = 1 - (life.charge[Math.round((YEARS * 365.25) / 5) - 1] ?? 0);
  const ours = (used * capacityAmpHours(node.cell, amps) * (cell.capacity ?? 1) * 1e6) / (YEARS * 365.25 * 24);
  line(
    `${name}, ${YEARS} years in full`,
    `${((user + system) / 1e6).toFixed(1)} s of processor; ${theirs.toFixed(1)} µA, surrogate ${ours.toFixed(1)}: ${percent(ours / theirs - 1)}`,
  );
}
await tenYears("the middle one");
if (process.env["SOAK"] !== undefined)
  for (let index = 0; index < 3; index++) await tenYears(`node ${index}`, draws[index]);
