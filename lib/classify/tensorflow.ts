/**
 * The same `Model` by TensorFlow Lite Micro in C, on builds of Espruino that contain it: ten to seventy times as fast. None of
 * the ESP32 builds does; ask `hasTensorflow` and fall back to openNetwork.
 */
import { INPUT_SHAPE, MODEL_DAMAGED, MODEL_MISSING } from "../faults.ts";
import { storedText, type Tensorflow, tensorflow } from "../platform/natives.ts";
import type { Model } from "./model.ts";

export function hasTensorflow(): boolean {
  return tensorflow() !== undefined;
}

/** @param file a .tflite file in Storage, with int8 input and output */
export function openTensorflow(file: string, arenaBytes: number, scale: number, zero: number): Model | number {
  const model = storedText(file);
  const native = tensorflow();
  if (model === undefined || !native) return MODEL_MISSING;
  let micro: ReturnType<Tensorflow["create"]>;
  try {
    micro = native.create(arenaBytes, model);
  } catch {
    return MODEL_DAMAGED;
  }
  const inputs = micro.getInput().length;
  const scores = new Uint8Array(micro.getOutput().length);
  return {
    inputs,
    scores,
    scale,
    zero: zero + 128,
    run(input) {
      if (input.length !== inputs) return INPUT_SHAPE;
      micro.getInput().set(input);
      micro.invoke();
      const output = micro.getOutput();
      for (let i = 0; i < scores.length; i++) scores[i] = output[i] + 128;
      return 0;
    },
  };
}
