/** One sampled run in a thread of its own: what comes in and goes out is plain data. */
import { parentPort, workerData } from "node:worker_threads";
import { sampleRun, type SampleJob } from "./sample.ts";

parentPort!.postMessage(await sampleRun(workerData as SampleJob));
