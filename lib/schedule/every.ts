/** A length of time with its unit: "90s", "15m", "2h", "1d". */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

/** Work that recurs. Its window opens when it falls due; its deadline is `slack` later. */
export interface Job {
  /** Seconds. */
  readonly period: number;
  /** Seconds by which it may run late, if that spares a wake. */
  readonly slack: number;
}

/** NaN for what is no length of time; the sign does not count. */
export function seconds(duration: Duration): number {
  const unit = duration.charAt(duration.length - 1);
  return Math.abs(parseFloat(duration)) * (unit === "d" ? 86400 : unit === "h" ? 3600 : unit === "m" ? 60 : 1);
}

/** Where a setting held no length of time: a period of nothing would be a boot after the other. */
const HOUR = 3600;

/** @param slack how much later it may run, to share a wake with other work; less than half of the period */
export function every(period: Duration, options?: { readonly slack?: Duration }): Job {
  return { period: seconds(period) || HOUR, slack: seconds((options || {}).slack || "0s") || 0 };
}
