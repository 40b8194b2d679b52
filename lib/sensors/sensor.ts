import { RANGE } from "../faults.ts";
import type { Quantity } from "./quantities.ts";

/** Anything that measures: started, waited for, read. No call blocks for longer than a bus transfer. */
export interface Sensor<Name extends string = string> {
  /** What it measures, in the order in which `read` returns it. The parts of a vector come together and in order. */
  readonly quantities: readonly Quantity<Name>[];
  /** Starts a measurement. Returns the milliseconds until `read` may be called, or -fault. */
  start(): number;
  /**
   * The values in their quantities' units, or a fault (above 0), or -ms: not yet, call again after that many ms. Every
   * sensor bounds its own waits. With the values or a fault the part is in its lowest state.
   */
  read(): readonly number[] | number;
}

/** NaN unless `value` lies in what the part measures: `checked` makes a fault of it. */
export function within(value: number, low: number, high: number): number {
  return value >= low && value <= high ? value : NaN;
}

/** The last word on a result: a value that is NaN is a fault. */
export function checked(result: readonly number[] | number): readonly number[] | number {
  return typeof result !== "number" && result.some(isNaN) ? RANGE : result;
}
