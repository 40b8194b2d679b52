/** What a firmware must come through, as its scenario says: whether it did. */
import { formatDuration, parseDuration } from "../duration.ts";
import { parseFault, type FaultKind } from "./faults.ts";
import type { Run } from "./run.ts";
import type { Scenario } from "./scenario.ts";

const YEAR_S = 365.25 * 86400;

/** While one of these lasts nobody can be told. */
const silencing: readonly FaultKind[] = [
  "no-coverage",
  "modem-silent",
  "modem-no-sim",
  "modem-garbage",
  "attach-rejected",
  "broker-down",
  "broker-silent",
  "power-cut",
];

/** What did not hold, a sentence each; empty = all did. */
export function brokenTrial(
  scenario: Scenario,
  run: Pick<Run, "excursions" | "falseAlarms" | "energy" | "startsAtUnix" | "seconds">,
): string[] {
  const { trial, parts } = scenario;
  if (!trial) return [];
  const broken: string[] = [];
  const faults = trial.faults.map((text) => parseFault(text, Object.keys(parts), "scenario, trial"));
  const silent = faults.filter(({ kind }) => silencing.includes(kind));

  /** When an alarm that begins then can be told at the earliest: behind the outages that touch one another. */
  const tellable = (unix: number): number => {
    let at = unix;
    for (const { fromUs, untilUs } of [...silent].sort((a, b) => a.fromUs - b.fromUs)) {
      const [from, until] = [fromUs / 1e6 + run.startsAtUnix, untilUs / 1e6 + run.startsAtUnix];
      if (from <= at + within && until > at) at = until;
    }
    return at;
  };
  const within =
    trial.alarmWithin === undefined ? Infinity : parseDuration(trial.alarmWithin, "scenario, trial.alarmWithin");
  for (const { fromUnix, toldUnix } of run.excursions) {
    const latest = tellable(fromUnix) + within;
    if ((toldUnix ?? Infinity) <= latest || latest > run.startsAtUnix + run.seconds) continue;
    const when = `the alarm ${formatDuration(fromUnix - run.startsAtUnix)} after the start`;
    broken.push(
      toldUnix === undefined
        ? `${when} was never told`
        : `${when} was told after ${formatDuration(toldUnix - fromUnix)}, promised is ${trial.alarmWithin}`,
    );
  }
  const { falseAlarms } = run;
  if (trial.falseAlarms !== undefined && falseAlarms.length > trial.falseAlarms) {
    const first = formatDuration(falseAlarms[0]! - run.startsAtUnix);
    broken.push(
      `${falseAlarms.length} false alarm${falseAlarms.length > 1 ? "s" : ""}, the first after ${first}; allowed are ${trial.falseAlarms}`,
    );
  }
  const life = trial.life === undefined ? 0 : parseDuration(trial.life, "scenario, trial.life") / YEAR_S;
  if (run.energy.lifeYears < life)
    broken.push(`the battery lasts ${run.energy.lifeYears.toFixed(1)} years, promised are ${trial.life}`);
  return broken;
}
