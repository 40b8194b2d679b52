/** The plan under construction, as the operators' builders see it. */
import type { Rounding } from "./arithmetic.ts";
import type { Graph, Tensor } from "./graph.ts";
import type { Step } from "./steps.ts";

/** Why an operator cannot run on the device. */
export class Refusal extends Error {}

/** What a builder may ask for and add to. */
export interface Draft {
  readonly graph: Graph;
  readonly rounding: Rounding;
  tensor(index: number): Tensor;
  /** The buffer that holds a tensor; undefined for a constant. */
  bufferOf(tensor: number): number | undefined;
  newBuffer(bytes: number): number;
  /** From now on the tensor is in that buffer. */
  hold(tensor: number, buffer: number): void;
  add(step: Step): void;
}
