/**
 * The shipped model of manoeuvres: on whole drives of its own physical model that it has not seen, and on the recordings of
 * Ferreira Jr et al. where they are at hand (HIBERNODE_DATA, or ../shared/data beside the repository), which it has never seen either.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { drive, tallied, tally, type Tally } from "../models/shipped/drive.ts";
import { readFerreira } from "../models/shipped/ferreira.ts";
import { readTrip, tripFrames } from "../models/shipped/replay.ts";
import { shipped, UNSEEN } from "../models/shipped/shipped.ts";
import { classes, vehicleTrip } from "../models/shipped/vehicle.ts";
import { intervals, type Judged, leaveGroupsOut, quality, riskCoverage } from "../models/train/evaluate.ts";
import { trainLinear } from "../models/train/linear.ts";
import { packageFolder } from "../package-folder.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const { model } = await shipped["vehicle"]!();
const line = ({ events, detected, falseAlarms, hours }: Tally): string =>
  `${detected} of ${events} told, ${falseAlarms} false alarms in ${hours.toFixed(2)} h: ${(falseAlarms / hours).toFixed(1)} an hour`;
const settings = [0, 10, 20, 30].flatMap((margin) => [1, 2].map((least) => ({ margin, least })));

say("whole drives of the physical model, not trained on");
const drives = Array.from({ length: 24 }, (_, trip) => vehicleTrip(trip, UNSEEN));
for (const setting of settings) {
  const all = drives.map(({ plan, frames }) => {
    const events = plan.flatMap(({ label, from, lasts }) =>
      label ? [{ kind: label, from, until: from + lasts }] : [],
    );
    return tally(drive(frames, model, setting), events, frames.length, 2);
  });
  say(`margin ${setting.margin}, ${setting.least} in a row: ${line(tallied(all))}`);
}

const folder = [process.env["HIBERNODE_DATA"], join(packageFolder, "../shared/data"), join(packageFolder, "../../shared/data")].find((path) => path && existsSync(join(path, "driving"))); // prettier-ignore
if (folder === undefined) {
  say("skipped: the recordings are not at hand");
  process.exit(0);
}
const file = (name: string): string => join(folder, "driving", name);
const show = (events: readonly Judged[]): void => {
  const { accuracy, macroF1, confusion } = quality(events, classes.length);
  const range = intervals(events, classes.length);
  const span = ([low, high]: [number, number]): string => `[${low.toFixed(2)}, ${high.toFixed(2)}]`;
  say(`${events.length} events: accuracy ${accuracy.toFixed(3)} ${span(range.accuracy)}, macro-F1 ${macroF1.toFixed(3)} ${span(range.macroF1)}`); // prettier-ignore
  say(`confusion (${classes.join(", ")}): ${JSON.stringify(confusion)}`);
  say(`decided, accuracy: ${riskCoverage(events).map(({ coverage, accuracy: right }) => `${coverage} ${right.toFixed(3)}`).join(", ")}`); // prettier-ignore
};
const real = readFerreira(readFileSync(file("va_acelerometro_nq4.arff"), "utf8"), "va_acelerometro_nq4.arff");
say("\nrecorded windows in the vehicle's axes, by the shipped model, which has seen no recording");
show(leaveGroupsOut(real, () => model).events);
say("\nthe limits that fleets use (0.3 g along, 0.35 g across in a second's mean) on the same windows");
show(leaveGroupsOut(real, () => ({ scaler: model.scaler, scores: byLimits })).events);
say("\nthe same windows, trained on the other trips (whole trips left out), linear");
show(leaveGroupsOut(real, (rows, labels, count) => trainLinear(rows, labels, count, 10)).events);

say("\ntrip 20 as a whole, its axes turned by its yaw rate: only curves are labelled harsh in it");
const zipped = (name: string): string => gunzipSync(readFileSync(file(name))).toString("utf8");
const trip = readTrip(zipped("trip20_acelerometro_terra.csv.gz"), zipped("trip20_giroscopio_terra.csv.gz"), readFileSync(file("trip20_groundTruth.csv"), "utf8"), readFileSync(file("trip20_viagem.json"), "utf8")); // prettier-ignore
const kinds: Readonly<Record<string, number>> = { curva_esquerda_agressiva: 3, curva_direita_agressiva: 4 };
const labelled = trip.labels.flatMap(({ name, from, until }) =>
  kinds[name] ? [{ kind: kinds[name], from, until }] : [],
);
for (const setting of settings)
  say(`margin ${setting.margin}, ${setting.least} in a row: ${line(tally(drive(tripFrames(trip), model, setting), labelled, trip.seconds, 2))}`); // prettier-ignore

/** A window is what its largest second says, relative to the limits. */
function byLimits(features: readonly number[]): number[] {
  const [along, across] = [features.slice(0, 4), features.slice(8, 12)];
  const excess = [Math.min(...along) / -2.94, Math.max(...along) / 2.94, Math.max(...across) / 3.43, Math.min(...across) / -3.43]; // prettier-ignore
  return [1, ...excess].map((value) => Math.max(0, Math.min(255, 64 * value)));
}
