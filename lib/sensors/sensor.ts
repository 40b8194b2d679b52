import type { Quantity } from "./quantities.ts";

/** Anything that measures: started, waited for, read. Neither call blocks for longer than a bus transfer. */
export interface Sensor<Name extends string = string> {
  /** What it measures, in the order in which `read` returns it. */
  readonly quantities: readonly Quantity<Name>[];
  /** Starts a measurement. Returns the milliseconds until `read` may be called, or -fault. */
  start(): number;
  /** The values in their quantities' units, or a fault. Leaves the part in its lowest state. */
  read(): readonly number[] | number;
}
