/** The Pareto front of life against the age of data, as SVG. */
import { frontSvg } from "../power/plots.ts";
import { shownSetting, type Tuned } from "./tune.ts";

export function frontPlot({ front, best }: Tuned): string {
  const point = ({ setting, outcome }: Tuned["best"]) => ({
    hours: outcome.ageSeconds / 3600,
    years: outcome.lifeYears,
    label: shownSetting(setting),
  });
  return frontSvg(front.map(point), point(best));
}
