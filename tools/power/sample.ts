/** Runs of the full simulator from which a firmware's load is measured: one per coverage level, on all cores. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Figure } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { loadScenarioFile } from "../scenario-file.ts";
import type { EnergyReport } from "../simulator/energy/report.ts";
import type { BatteryReport } from "../simulator/energy/battery.ts";
import type { Variation } from "../simulator/energy/variation.ts";
import { createSink } from "../simulator/network/sink.ts";
import { withShares } from "../simulator/network/profiles.ts";
import { run } from "../simulator/run.ts";
import type { Excursion } from "../simulator/alarms.ts";
import { LoadProbe, type LoadSample } from "./load.ts";
import { quantile } from "./monte-carlo.ts";

export interface SampleJob {
  /** Scenario file: a scenario holds functions, which do not travel between threads. */
  readonly scenarioFile: string;
  readonly bundle: string;
  readonly seed: string;
  readonly lasts: string;
  /** Shares of the connections at each coverage level; undefined: as the network has it. */
  readonly shares?: readonly [number, number, number] | undefined;
  /** How this node differs from the middle. */
  readonly variation?: Variation | undefined;
}

/** All connections at one coverage level. */
export const onlyLevel = (level: number): readonly [number, number, number] => [
  Number(level === 0),
  Number(level === 1),
  Number(level === 2),
];

export interface SampleResult {
  readonly load: LoadSample;
  readonly energy: EnergyReport;
  readonly battery: BatteryReport;
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  readonly messages: { readonly count: number; readonly bytes: number };
  readonly readings: number;
  /** Seconds from a reading to its arrival: mean, and what 95 % of the readings stay below. */
  readonly age: { readonly mean: number; readonly p95: number };
  /** Longest time from an alarm limit to the broker's word; undefined without alarms. */
  readonly alarmSeconds: number | undefined;
  /** Longest time without a message. */
  readonly silenceSeconds: number;
  readonly broken: readonly string[];
}

export async function sampleRun({
  scenarioFile,
  bundle,
  seed,
  lasts,
  shares,
  variation,
}: SampleJob): Promise<SampleResult> {
  const probe = new LoadProbe();
  const ages: number[] = [];
  const heard: number[] = [];
  const done = await run({
    scenario: await loadScenarioFile(scenarioFile),
    bundle,
    closed: true,
    cpu: true,
    seed,
    lasts,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    probe: probe.attach,
    variation,
    received({ atUnix, rows }) {
      heard.push(atUnix);
      for (const { unix, seq } of new Map(rows.map((row) => [row.seq, row])).values())
        if (unix !== undefined && seq > 0) ages.push(atUnix - unix);
    },
    ...(shares && { network: (profile) => withShares(profile, shares) }),
  });
  const times = [done.startsAtUnix, ...heard, done.startsAtUnix + done.seconds];
  return {
    load: probe.sample(),
    energy: done.energy,
    battery: done.battery,
    figures: done.figures,
    messages: { count: done.messages.count, bytes: done.messages.bytes },
    readings: done.collected.readings,
    age: {
      mean: ages.reduce((sum, age) => sum + age, 0) / (ages.length || 1),
      p95: quantile(
        ages.sort((a, b) => a - b),
        0.95,
      ),
    },
    alarmSeconds: alarmSeconds(done.excursions),
    silenceSeconds: Math.max(...times.slice(1).map((at, index) => at - times[index]!)),
    broken: done.broken,
  };
}

function alarmSeconds(excursions: readonly Excursion[]): number | undefined {
  const late = excursions.map(({ fromUnix, untilUnix, toldUnix }) => Math.max(0, (toldUnix ?? untilUnix) - fromUnix));
  return late.length ? Math.max(...late) : undefined;
}

/** Every job, at most `cores` at a time, each lane in a thread; results in the order of the jobs, whatever the cores. */
export async function sampleRuns(jobs: readonly SampleJob[], cores = availableParallelism()): Promise<SampleResult[]> {
  const results = new Array<SampleResult>(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    const thread = laneThread();
    try {
      for (let index = next++; index < jobs.length; index = next++) results[index] = await thread.run(jobs[index]!);
    } finally {
      // the other lanes end with this one's error
      next = jobs.length;
      await thread.end();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(cores, jobs.length)) }, lane));
  return results;
}

/** What a thread answers: errors travel as their parts. */
export type Answer =
  | { readonly result: SampleResult }
  | { readonly user: { readonly message: string; readonly where?: string; readonly fix?: string } };

/** A thread that keeps what it has loaded from job to job. */
function laneThread(): { run(job: SampleJob): Promise<SampleResult>; end(): Promise<void> } {
  // from the TypeScript sources (tests) there is no compiled worker to start
  if (import.meta.url.endsWith(".ts")) return { run: sampleRun, end: async () => {} };
  const worker = new Worker(new URL("./sample-worker.js", import.meta.url));
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        worker.removeAllListeners();
        worker.once("error", reject);
        worker.once("message", (answer: Answer) => {
          if ("result" in answer) return resolve(answer.result);
          const { message, ...rest } = answer.user;
          reject(new UserError(message, rest));
        });
        worker.postMessage(job);
      }),
    async end() {
      worker.removeAllListeners();
      await worker.terminate();
    },
  };
}
