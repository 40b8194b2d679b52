/** A length of time with its unit: "90s", "15m", "2h", "1d". */
export type Duration = `${number}${"s" | "m" | "h" | "d"}`;

/** Work that recurs. Its window opens when it falls due; its deadline is `slack` later. */
export interface Job {
  /** Seconds. */
  readonly period: number;
  /** Seconds by which it may run late, if that spares a wake. */
  readonly slack: number;
}

export function seconds(duration: Duration): number {
  const unit = duration.charAt(duration.length - 1);
  return parseFloat(duration) * (unit === "d" ? 86400 : unit === "h" ? 3600 : unit === "m" ? 60 : 1);
}

/** @param slack how much later it may run, to share a wake with other work; less than half of the period */
export function every(period: Duration, options?: { readonly slack?: Duration }): Job {
  return { period: seconds(period), slack: seconds((options || {}).slack || "0s") };
}
