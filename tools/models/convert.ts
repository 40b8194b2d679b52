/** `hibernode convert` as a function: a .tflite file to the device's file and the lines of TypeScript that open it. */
import { type Blob, writeBlob } from "./blob.ts";
import { type DeviceModel, networkModel } from "./device-model.ts";
import type { Graph } from "./graph.ts";
import { planNetwork } from "./plan.ts";
import type { Plan } from "./steps.ts";
import { readTflite } from "./tflite.ts";

export interface Converted {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly blob: Blob;
  readonly device: DeviceModel;
}

/** Throws a UserError that says what the device cannot run, and why. */
export function convert(bytes: Uint8Array, where: string, name: string, rounding: "single" | "double"): Converted {
  const graph = readTflite(bytes, where);
  const plan = planNetwork(graph, rounding, where);
  const blob = writeBlob(plan, where);
  return { graph, plan, blob, device: networkModel(plan, blob, name) };
}
