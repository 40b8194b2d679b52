/**
 * int8 linear models from one text, which `hibernode train` writes: the smallest classifier, one native dot product for each
 * class. The same bits as a dense layer of `network.ts`.
 */
import { MODEL_DAMAGED } from "../faults.ts";
import { convolve, textBytes } from "../platform/natives.ts";
import { enter } from "./enter.ts";
import type { Model } from "./model.ts";

/**
 * Bytes of the text: inputs, classes; a factor and an offset (double precision) for each class; its weights, class by class; a
 * factor and an offset (single precision) for each input. Returns MODEL_DAMAGED for a text of another length.
 */
export function openLinear(text: string): Model | number {
  const head = new Uint8Array(textBytes(text, 0, 2));
  const inputs = head[0];
  const classes = head[1];
  let at = 2;
  if (text.length !== at + 16 * classes + inputs * classes + 8 * inputs) return MODEL_DAMAGED;
  const take = (bytes: number): ArrayBuffer => textBytes(text, (at += bytes) - bytes, bytes);
  const factors = new Float64Array(take(16 * classes));
  const rows: Int8Array[] = [];
  for (let i = 0; i < classes; i++) rows.push(new Int8Array(take(inputs)));
  const pairs = new Float32Array(take(8 * inputs));
  const x = new Uint8Array(inputs);
  const scores = new Uint8ClampedArray(classes);
  return {
    inputs,
    scores,
    scale: 1,
    zero: 128,
    run(input) {
      const fault = enter(input, pairs, x);
      if (fault === 0)
        for (let i = 0; i < classes; i++) scores[i] = (convolve(rows[i], x) * factors[2 * i] + factors[2 * i + 1]) | 0;
      return fault;
    },
  };
}
