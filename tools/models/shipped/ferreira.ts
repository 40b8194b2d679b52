/**
 * The windows of Ferreira Jr et al. (PLoS ONE 12(4) e0174959) as this project's features, for evaluation alone: their table states no
 * licence. Their numbers run over 1, 2, 3 and 4 seconds back from the newest; here they become frames of a second each, oldest
 * first, in the vehicle's axes.
 */
import { readExamples, type Example, type Examples } from "../train/examples.ts";
import { classes } from "./vehicle.ts";

const labels = ["evento_nao_agressivo", "freada_agressiva", "aceleracao_agressiva", "curva_esquerda_agressiva", "curva_direita_agressiva"]; // prettier-ignore
/** The phone stood upright with its screen towards the driver: forward is against its z, left against its x. */
const axes = [
  ["z", -1],
  ["x", -1],
  ["y", 1],
] as const;
const FRAMES = 4;

/** Labels in the order of the shipped model's classes. */
export function readFerreira(text: string, where: string): Examples {
  const columns = {
    label: "evento",
    group: "quadro0",
    groupMatch: /^v\d+/,
    features: /_media_|_desvio_/,
    classes: labels,
  };
  const { featureNames, rows } = readExamples(text, where, columns);
  const turned = rows.map((row) => inFrames(row, featureNames));
  return { featureNames: [], classes, rows: level(turned) };
}

function inFrames(row: Example, names: readonly string[]): Example {
  const value = (name: string): number => row.features[names.indexOf(name)]!;
  const features = axes.flatMap(([axis, sign]) => {
    const means: number[] = [];
    const deviations: number[] = [];
    let [sum, squares] = [0, 0];
    for (let frame = 1; frame <= FRAMES; frame++) {
      const mean = value(`${axis}_media_${frame}`);
      const [total, power] = [frame * mean, frame * (value(`${axis}_desvio_padrao_${frame}`) ** 2 + mean ** 2)];
      means.unshift(sign * (total - sum));
      deviations.unshift(Math.sqrt(Math.max(0, power - squares - (total - sum) ** 2)));
      [sum, squares] = [total, power];
    }
    return [...means, ...deviations];
  });
  return { ...row, features };
}

/** The phone leant: what is usual along and across in a trip, labels unseen, is taken for the slope of its holder. */
function level(rows: readonly Example[]): Example[] {
  const usual = new Map<string, readonly number[]>();
  for (const group of new Set(rows.map((row) => row.group))) {
    const trip = rows.filter((row) => row.group === group);
    const median = (axis: number): number => {
      const means = trip.flatMap(({ features }) => features.slice(8 * axis, 8 * axis + FRAMES)).sort((a, b) => a - b);
      return means[means.length >> 1]!;
    };
    usual.set(group, [median(0), median(1)]);
  }
  return rows.map((row) => {
    const shift = usual.get(row.group)!;
    const features = row.features.map((value, at) => (at < 16 && at % 8 < FRAMES ? value - shift[at >> 3]! : value));
    return { ...row, features };
  });
}
