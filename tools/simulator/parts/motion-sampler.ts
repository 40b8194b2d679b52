/**
 * Samples the axes of a motion sensor at its data rate. While nobody needs every sample (no FIFO, no interrupt) the newest
 * is taken when somebody looks. Where the world's acceleration stands still between jumps, the samples of a part that has
 * settled are skipped up to the next jump: a parked vehicle costs nothing to simulate.
 */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import type { Quantity } from "../world/units.ts";

export const accelerationAxes = ["accelerationX", "accelerationY", "accelerationZ"] as const satisfies Quantity[];
export const angularRateAxes = ["angularRateX", "angularRateY", "angularRateZ"] as const satisfies Quantity[];
export const METRES_PER_SECOND_SQUARED_PER_G = 9.80665;

/** Samples without change after which filters and counters have settled. */
const SETTLED = 64;

export interface Sampler {
  /** The first sample comes `firstUs` from now, each further one a period later. */
  start(periodUs: number, firstUs?: number): void;
  stop(): void;
  /** Someone looks at the part: takes the newest sample where they are not taken one by one. */
  catchUp(): void;
  /** Whether every sample is needed may have changed. */
  reconsider(): void;
}

/**
 * @param take one sample of the world as it is now
 * @param needed whether every sample must be taken in time
 */
export function createSampler(
  { clock, nextChangeUs }: PartContext,
  axes: readonly Quantity[],
  take: () => void,
  needed: () => boolean,
): Sampler {
  let periodUs = Infinity;
  let originUs = 0;
  let taken = 0;
  let same = 0;
  let changeUs = NaN;
  let alarm: Alarm | undefined;

  const index = (): number => (clock.nowUs < originUs ? 0 : 1 + Math.floor((clock.nowUs - originUs) / periodUs));

  /** When the world next jumps; NaN where it moves all the time. */
  function nextJumpUs(): number {
    if (!nextChangeUs) return NaN;
    try {
      return Math.min(...axes.map((axis) => nextChangeUs(axis)));
    } catch {
      return NaN;
    }
  }

  function sample(): void {
    const jumpUs = nextJumpUs();
    same = jumpUs === changeUs ? same + 1 : 0;
    changeUs = jumpUs;
    taken = index();
    take();
  }

  function schedule(): void {
    clock.cancel(alarm);
    alarm = undefined;
    if (periodUs === Infinity || !needed()) return;
    const resting = same > SETTLED && changeUs > clock.nowUs;
    const fromUs = resting ? changeUs : clock.nowUs + 1;
    if (fromUs === Infinity) return;
    const next = Math.max(0, Math.ceil((fromUs - originUs) / periodUs));
    alarm = clock.at(originUs + next * periodUs, () => {
      alarm = undefined;
      sample();
      schedule();
    });
  }

  return {
    start(period, firstUs = period) {
      periodUs = period;
      originUs = clock.nowUs + firstUs;
      taken = same = 0;
      changeUs = NaN;
      schedule();
    },
    stop() {
      clock.cancel(alarm);
      alarm = undefined;
      periodUs = Infinity;
    },
    catchUp() {
      if (periodUs < Infinity && !alarm && index() > taken) sample();
    },
    reconsider() {
      same = 0;
      if (!alarm) schedule();
    },
  };
}
