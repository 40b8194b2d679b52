/** Runs of the full simulator from which a firmware's load is measured: one per coverage level, on all cores. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Figure } from "../../boards/types.ts";
import { loadScenarioFile } from "../scenario-file.ts";
import type { EnergyReport } from "../simulator/energy/report.ts";
import type { BatteryReport } from "../simulator/energy/battery.ts";
import { createSink } from "../simulator/network/sink.ts";
import { withShares } from "../simulator/network/profiles.ts";
import { run } from "../simulator/run.ts";
import { LoadProbe, type LoadSample } from "./load.ts";

export interface SampleJob {
  /** Scenario file: a scenario holds functions, which do not travel between threads. */
  readonly scenarioFile: string;
  readonly bundle: string;
  readonly seed: string;
  readonly lasts: string;
  /** All connections at this coverage level; undefined: as the network has it. */
  readonly level?: number | undefined;
}

export interface SampleResult {
  readonly load: LoadSample;
  readonly energy: EnergyReport;
  readonly battery: BatteryReport;
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  readonly messages: { readonly count: number; readonly bytes: number };
  readonly readings: number;
  readonly broken: readonly string[];
}

export async function sampleRun({ scenarioFile, bundle, seed, lasts, level }: SampleJob): Promise<SampleResult> {
  const probe = new LoadProbe();
  const done = await run({
    scenario: await loadScenarioFile(scenarioFile),
    bundle,
    closed: true,
    seed,
    lasts,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    probe: probe.attach,
    ...(level !== undefined && {
      network: (profile) => withShares(profile, [Number(level === 0), Number(level === 1), Number(level === 2)]),
    }),
  });
  return {
    load: probe.sample(),
    energy: done.energy,
    battery: done.battery,
    figures: done.figures,
    messages: { count: done.messages.count, bytes: done.messages.bytes },
    readings: done.collected.readings,
    broken: done.broken,
  };
}

/** Every job, at most `cores` at a time, each in a thread; results in the order of the jobs, whatever the cores. */
export async function sampleRuns(jobs: readonly SampleJob[], cores = availableParallelism()): Promise<SampleResult[]> {
  const results = new Array<SampleResult>(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) results[index] = await inThread(jobs[index]!);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(cores, jobs.length)) }, lane));
  return results;
}

function inThread(job: SampleJob): Promise<SampleResult> {
  // from the TypeScript sources (tests) there is no compiled worker to start
  if (import.meta.url.endsWith(".ts")) return sampleRun(job);
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./sample-worker.js", import.meta.url), { workerData: job });
    worker.once("message", (result: SampleResult) => {
      resolve(result);
      void worker.terminate();
    });
    worker.once("error", reject);
  });
}
