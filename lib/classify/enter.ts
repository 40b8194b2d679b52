/** Real features to the bytes that a trained model sees, with a factor and an offset for each. */
import { INPUT_NAN, INPUT_SHAPE } from "../faults.ts";
import { sum } from "../platform/natives.ts";

/** @param pairs factor and offset, one pair for each of `bytes`. Returns 0, INPUT_SHAPE or INPUT_NAN. */
export function enter(input: ArrayLike<number>, pairs: ArrayLike<number>, bytes: Uint8Array): number {
  const count = bytes.length;
  if (input.length !== count) return INPUT_SHAPE;
  // one value that is no number, or infinite, makes the sum one
  const total = sum(input);
  if (total - total !== 0) return INPUT_NAN;
  let value;
  for (let i = 0; i < count; i++) {
    value = input[i] * pairs[2 * i] + pairs[2 * i + 1];
    bytes[i] = value > 255 ? 255 : value < 0 ? 0 : value;
  }
  return 0;
}
