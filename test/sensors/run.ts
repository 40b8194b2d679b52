/** Runs a sensor as a node does, without a clock: what it asked to wait for is noted. */
import type { Sensor } from "../../lib/sensors/sensor.ts";

export interface Run {
  readonly result: readonly number[] | number;
  /** ms, in order. */
  readonly waits: readonly number[];
}

/** @param waiting called with each wait, so that a test can let time pass */
export function run(
  sensor: Pick<Sensor, "start" | "read">,
  waiting: (ms: number, nth: number) => void = () => {},
): Run {
  const waits: number[] = [];
  const wait = (ms: number): void => {
    waits.push(ms);
    waiting(ms, waits.length);
  };
  const first = sensor.start();
  if (first < 0) return { result: -first, waits };
  wait(first);
  for (;;) {
    const result = sensor.read();
    if (typeof result !== "number" || result >= 0) return { result, waits };
    if (waits.length > 500) throw new Error("a sensor that never ends");
    wait(-result);
  }
}

/** A fault is a number above 0; values are an array of as many finite numbers as quantities. */
export function isFault(result: readonly number[] | number): result is number {
  return typeof result === "number" && result > 0;
}
