/**
 * Decision trees and forests from a table in one text: `hibernode train` writes it. Where flash is plenty, the same forest as
 * generated code is about twice as fast and three times as large.
 */
import { MODEL_DAMAGED } from "../faults.ts";
import { textBytes } from "../platform/natives.ts";
import { enter } from "./enter.ts";
import type { Model } from "./model.ts";

/** A feature of a node that is a leaf. */
const LEAF = 255;

/**
 * Bytes of the text: inputs, classes, 16-bit numbers of trees and of nodes; of each tree its first node (16 bits); of each node its
 * feature, then of each its threshold or, of a leaf, its class; of each where to go on above the threshold (16 bits); a
 * factor and an offset (single precision) for each input. Returns MODEL_DAMAGED for a text of another length.
 */
export function openForest(text: string): Model | number {
  const head = new Uint8Array(textBytes(text, 0, 6));
  const inputs = head[0];
  const classes = head[1];
  const trees = head[2] + 256 * head[3];
  const nodes = head[4] + 256 * head[5];
  if (text.length !== 6 + 2 * trees + 4 * nodes + 8 * inputs) return MODEL_DAMAGED;
  let at = 6;
  const take = (bytes: number): ArrayBuffer => textBytes(text, (at += bytes) - bytes, bytes);
  const roots = new Uint16Array(take(2 * trees));
  const features = new Uint8Array(take(nodes));
  const thresholds = new Uint8Array(take(nodes));
  const above = new Uint16Array(take(2 * nodes));
  const factors = new Float32Array(take(8 * inputs));
  const x = new Uint8Array(inputs);
  const votes = new Uint16Array(classes);
  const scores = new Uint8Array(classes);
  return {
    inputs,
    scores,
    scale: 1 / 255,
    zero: 0,
    run(input) {
      const fault = enter(input, factors, x);
      if (fault !== 0) return fault;
      let i, node;
      votes.fill(0);
      for (i = 0; i < trees; i++) {
        node = roots[i];
        while (features[node] !== LEAF) node = x[features[node]] <= thresholds[node] ? node + 1 : above[node];
        votes[thresholds[node]]++;
      }
      for (i = 0; i < classes; i++) scores[i] = (votes[i] * 255) / trees;
      return 0;
    },
  };
}
