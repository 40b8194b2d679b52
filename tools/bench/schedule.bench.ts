/**
 * The scheduler against other ways to wake, for five workloads on the FireBeetle with a SIM7020: wakes and charge a day,
 * and how long an ER34615 with its HPC1550 lasts. `npm run bench schedule`
 *
 *   own        this library's plan, simulated for thirty days on a clock that is 0.5 % fast
 *   timers     one timer per job and deep sleep in between: every run of a job is a wake of its own
 *   run/sleep  fixed run_duration (30 s, enough for a report) and sleep_duration (the shortest period)
 *   bound      the same work, with the fewest boots that meet all windows (exact), hops of at most 35 min 47 s
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dueAt, nextWake } from "../../lib/schedule/plan.ts";
import { every, type Job } from "../../lib/schedule/every.ts";
import { facts } from "../../boards/firebeetle2-esp32-e.ts";
import { buildFirmware } from "../build/build.ts";
import { packageFolder } from "../package-folder.ts";
import { capacityAmpHours, lifeYears } from "../simulator/energy/cell.ts";
import { findCell } from "../simulator/energy/cells.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run, type Run } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { constant } from "../simulator/world/sources.ts";
import { loadScenario, findFirmware } from "../firmware.ts";

interface Workload {
  readonly name: string;
  readonly sample: readonly [string, string];
  readonly report: readonly [string, string];
  readonly work?: readonly (readonly [string, string])[];
  /** On a build of Espruino that has light sleep, with the library's `cheapestSleep`. */
  readonly lightSleep?: boolean;
}

const workloads: readonly Workload[] = [
  { name: "cold chain: 15 min, report 6 h", sample: ["15m", "2m"], report: ["6h", "20m"] },
  { name: "air: 5 min, report 1 h", sample: ["5m", "30s"], report: ["1h", "5m"] },
  { name: "soil: 1 h, report 1 d", sample: ["1h", "10m"], report: ["1d", "1h"] },
  {
    name: "five jobs of 7 min to 6 h",
    sample: ["10m", "1m"],
    report: ["6h", "30m"],
    work: [["7m", "2m"], ["25m", "5m"], ["1h", "10m"]],
  },
  { name: "meter: 10 s, light sleep", sample: ["10s", "0s"], report: ["6h", "20m"], lightSleep: true },
]; // prettier-ignore

const DAYS = 30;
const DAY = 86400;
const HOP_S = 2147;
const RUN_DURATION_S = 30;
const cell = findCell("er34615-hpc1550");
const { power } = facts();
const bootCoulombs = (power.bootMs.value * power.bootMilliamps.value) / 1e6;
const activeAmps = power.activeMilliamps.value / 1e3;

const job = ([period, slack]: readonly [string, string]): Job => every(period as "1s", { slack: slack as "1s" });
const text = ([period, slack]: readonly [string, string]): string => `every("${period}", { slack: "${slack}" })`;

async function firmware({ sample, report, work = [], lightSleep }: Workload, index: number): Promise<string> {
  const uses = [
    ...(work.length ? [`work([${work.map((each) => `recurring(${text(each)}, (done) => done())`).join(", ")}])`] : []),
    ...(lightSleep ? ["cheapestSleep(breakEven)"] : []),
  ];
  const source = `import { every, node } from "hibernode";
import board${lightSleep ? ", { breakEven }" : ""} from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { sht4x } from "hibernode/sensors/sht4x";
${work.length ? 'import { recurring, work } from "hibernode/schedule/work";' : ""}
${lightSleep ? 'import { cheapestSleep } from "hibernode/schedule/light-sleep";' : ""}
export default node({
  board,
  sensors: { cargo: sht4x(board.i2c.main) },
  sample: ${text(sample)},
  report: ${text(report)},
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "bench/{id}" } },
  ${uses.length ? `use: ${uses[0]},` : ""}
});
`;
  const folder = `${packageFolder}/out/bench`;
  await mkdir(folder, { recursive: true });
  const entry = `${folder}/workload-${index}.ts`;
  await writeFile(entry, source);
  return (await buildFirmware({ entry, budgetBytes: 20000 })).bundle;
}

/** Coulombs a day out of the cell, for one cause or for all but the cell's own losses. */
function perDay({ energy, seconds }: Run, cause?: string): number {
  const joules = energy.shareByCause
    .filter((each) => (cause ? each.cause === cause : each.cause !== "self-discharge"))
    .reduce((sum, each) => sum + each.joules, 0);
  return ((joules / (cause ? power.railVolts.value : cell.nominalVolts.value)) * DAY) / seconds;
}

/** Fewest wakes a day, and fewest boots when the chip's timer must be chained. */
function fewest(jobs: readonly Job[], staysAwake: boolean): { wakes: number; boots: number } {
  const last = jobs.map(() => 0);
  let now = 0;
  let wakes = 0;
  let boots = 0;
  for (;;) {
    const due = jobs.map((each, i) => dueAt(each, last[i]!));
    const wake = nextWake(jobs, due);
    if (wake > DAYS * DAY) return { wakes: wakes / DAYS, boots: staysAwake ? 0 : boots / DAYS };
    wakes++;
    boots += Math.ceil((wake - now) / HOP_S);
    now = wake;
    due.forEach((at, i) => at <= wake && (last[i] = wake));
  }
}

const years = (coulombsPerDay: number): string => lifeYears(cell, coulombsPerDay / DAY).toFixed(2);
const rows: string[][] = [["workload", "", "wakes/day", "boots/day", "C/day", "years", "over bound"]];
const base = await loadScenario(findFirmware(`${packageFolder}/firmware/cold-chain`));

for (const [index, workload] of workloads.entries()) {
  const scenario: Scenario = {
    ...base,
    cell: "er34615-hpc1550",
    world: { cargo: { temperature: constant(5), humidity: constant(60) } },
    lightSleep: workload.lightSleep ?? false,
  };
  const lived = await run({
    scenario,
    bundle: await firmware(workload, index),
    closed: true,
    lasts: `${DAYS}d`,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
  });
  if (lived.broken.length) throw new Error(lived.broken.join("\n"));
  const jobs = [workload.sample, workload.report, ...(workload.work ?? [])].map(job);
  const own = perDay(lived);
  const work = own - perDay(lived, "boot");
  const least = fewest(jobs, workload.lightSleep ?? false);
  const bound = work + least.boots * bootCoulombs;
  const separate = jobs.reduce((sum, { period }) => sum + DAY / period, 0);
  const hops = jobs.reduce((sum, { period }) => sum + (DAY / period) * (Math.ceil(period / HOP_S) - 1), 0);
  const timerBoots = separate + Math.min(hops, DAY / HOP_S);
  const timers = (workload.lightSleep ? work - perDay(lived, "light sleep") : work) + timerBoots * bootCoulombs;
  const shortest = Math.min(...jobs.map(({ period }) => period));
  const fixedWakes = DAY / (shortest + RUN_DURATION_S);
  const fixedBoots = fixedWakes * Math.ceil(shortest / HOP_S);
  const fixed = work - perDay(lived, "awake") + fixedBoots * bootCoulombs + fixedWakes * RUN_DURATION_S * activeAmps;
  const line = (name: string, wakes: number, boots: number, coulombs: number): string[] => [
    name === "own" ? workload.name : "",
    name,
    wakes.toFixed(1),
    boots.toFixed(1),
    coulombs.toFixed(2),
    years(coulombs),
    `${((coulombs / bound - 1) * 100).toFixed(1)} %`,
  ];
  const ownBoots = lived.wakes / DAYS;
  rows.push(
    line(
      "own",
      workload.lightSleep ? least.wakes : Math.min(ownBoots, ownBoots - (least.boots - least.wakes)),
      ownBoots,
      own,
    ),
    line("timers", separate, timerBoots, timers),
    line("run/sleep", fixedWakes, fixedBoots, fixed),
    line("bound", least.wakes, least.boots, bound),
  );
}
const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
for (const row of rows)
  process.stdout.write(
    `${row.map((cellText, i) => (i < 2 ? cellText.padEnd(widths[i]!) : cellText.padStart(widths[i]!))).join("  ")}\n`,
  );
process.stdout.write(`cell: ${cell.name}, ${capacityAmpHours(cell, 1e-4).toFixed(0)} Ah\n`);
