/**
 * The one shape of every classifier: values in, a score from 0 to 255 for each class out. What decides on a board is
 * loaded once a wake and run as often as needed.
 */

export interface Model {
  /** How many values `run` takes. */
  readonly inputs: number;
  /** One score for each output, 0 to 255, of the last run. */
  readonly scores: ArrayLike<number>;
  /** real score = (score − zero) × scale */
  readonly scale: number;
  readonly zero: number;
  /**
   * Computes the scores. int8 values (an Int8Array) for a converted network with 8-bit input, real values otherwise.
   * Returns 0, INPUT_SHAPE when there are more or fewer values, or INPUT_NAN when one is no number.
   */
  run(input: ArrayLike<number>): number;
  /** The same in pieces: between operators the loop goes on with what else is due. */
  start?(input: ArrayLike<number>, done: (fault: number) => void): void;
}

/** Reads bytes of a model's file; undefined where there is none. */
export type Read = (at: number, length: number) => ArrayBuffer | undefined;
