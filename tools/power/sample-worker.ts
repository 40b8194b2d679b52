/** Sampled runs in a thread of their own: what comes in and goes out is plain data. */
import { parentPort } from "node:worker_threads";
import { UserError } from "../errors.ts";
import { type Answer, sampleRun, type SampleJob } from "./sample.ts";

async function answer(job: SampleJob): Promise<Answer> {
  try {
    return { result: await sampleRun(job) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, where, fix } = error;
    return { user: { message, ...(where !== undefined && { where }), ...(fix !== undefined && { fix }) } };
  }
}

parentPort!.on("message", (job: SampleJob) => void answer(job).then((told) => parentPort!.postMessage(told)));
