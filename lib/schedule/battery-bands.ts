/**
 * Slower when the battery is low: bands of voltage with hysteresis. The last one ends with a last message, sent while
 * the cell can still carry the transmitter.
 */
import { seconds, type Duration, type Job } from "./every.ts";
import { keptBy, POLICY, type Extension } from "./extensions.ts";

export interface Band {
  /** Holds from below this voltage on. */
  readonly below: number;
  readonly sample: Job;
  readonly report: Job;
  /** Work that costs more joules waits until the battery is better. */
  readonly most?: number;
}

export interface BatteryBandsOptions {
  /** Sampling and reporting while no band holds. */
  readonly sample: Job;
  readonly report: Job;
  /** From the highest voltage to the lowest. Entering the last one reports at once: the last word. */
  readonly bands: readonly Band[];
  /** A band is left only when the voltage is this much above its limit. Default 0.05 V. */
  readonly hysteresisVolts?: number;
}

/** No reports any more: the last word has been said. */
export function never(): Job {
  return { period: seconds("36500d" as Duration), slack: 0 };
}

/** @param volts picks the battery's voltage out of a sample; NaN leaves the band as it is */
export function batteryBands<R>(volts: (readings: R) => number, options: BatteryBandsOptions): Extension<R> {
  return (host) => {
    const kept = keptBy(host, POLICY);
    const bands = options.bands;
    const current = (): Omit<Band, "below"> => bands[(kept[0] || 0) - 1] || options;
    const most = () => current().most;
    return {
      most: () => (most() === undefined ? Infinity : most()!),
      jobs: () => [current().sample, current().report],
      sampled(readings) {
        const v = volts(readings);
        const before = kept[0] || 0;
        let band = before;
        while (band < bands.length && v < bands[band]!.below) band++;
        while (band && v > bands[band - 1]!.below + (options.hysteresisVolts || 0.05)) band--;
        if (band !== before) {
          kept[0] = band;
          host.save();
        }
        return band === bands.length;
      },
    };
  };
}
