/** The models that come with firmwares: they are what their command gives, and right on what they have not seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, it } from "vitest";
import { buildProgram, runProgram } from "../../tools/models/on-device.ts";
import { drive, tally } from "../../tools/models/shipped/drive.ts";
import { readFerreira } from "../../tools/models/shipped/ferreira.ts";
import { machineExamples } from "../../tools/models/shipped/machine.ts";
import { shipped, UNSEEN } from "../../tools/models/shipped/shipped.ts";
import { soundExamples } from "../../tools/models/shipped/sounds.ts";
import { vehicleExamples, vehicleTrip } from "../../tools/models/shipped/vehicle.ts";
import { leaveGroupsOut, quality } from "../../tools/models/train/evaluate.ts";
import type { Examples } from "../../tools/models/train/examples.ts";
import { repository } from "../cli/command.ts";
import { dataBytes, hasData } from "./data.ts";

/** The module as it stands in the repository, on the device. */
async function scores(file: string, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const module = readFileSync(join(repository, file), "utf8").replaceAll("export const", "const");
  const program = `${module}
    const model = open();
    if (typeof model !== "number")
      for (const x of ${JSON.stringify(rows)}) { model.run(x); print(new Uint8Array(model.scores).join()); }`;
  return runProgram(await buildProgram(program), {}, undefined).map((line) => line.split(",").map(Number));
}

/** Every so many of them, so that all classes are there. */
const some = ({ rows, ...rest }: Examples, every: number): Examples => ({ ...rest, rows: rows.filter((_, at) => at % every === 0) }); // prettier-ignore

it.each([
  ["firmware/fleet-tracker/manoeuvres.ts", () => some(vehicleExamples(3, UNSEEN), 5), 0.95],
  ["firmware/turbine/defects.ts", () => some(machineExamples(12, UNSEEN), 4), 0.95],
  ["firmware/voice-switch/sounds.ts", () => some(soundExamples(4, UNSEEN), 3), 0.9],
])("%s is right on what it has not seen", async (file, make, least) => {
  const { rows } = make();
  expect(rows.length).toBeGreaterThan(50);
  const given = await scores(file, rows.map(({ features }) => features)); // prettier-ignore
  const right = rows.filter(({ label }, at) => given[at]!.indexOf(Math.max(...given[at]!)) === label).length;
  expect(right / rows.length).toBeGreaterThan(least);
});

it.skipIf(!process.env["SOAK"]).each(Object.keys(shipped))(
  "%s is, byte for byte, what its command gives",
  { timeout: 300_000 },
  async (name) => {
    const { file, module } = await shipped[name]!();
    const path = join(repository, file);
    expect(await format(module.text, { ...(await resolveConfig(path)), filepath: path })).toBe(readFileSync(path, "utf8")); // prettier-ignore
  },
);

it.skipIf(!hasData)("recorded manoeuvres are told by a model that has seen none", async () => {
  const text = new TextDecoder().decode(dataBytes("driving/va_acelerometro_nq4.arff"));
  const real = readFerreira(text, "va_acelerometro_nq4.arff");
  const all = await scores("firmware/fleet-tracker/manoeuvres.ts", real.rows.map(({ features }) => features)); // prettier-ignore
  const known = new Map(real.rows.map(({ features }, at) => [features, all[at]!]));
  const { events } = leaveGroupsOut(real, () => ({ scaler: undefined as never, scores: (features) => known.get(features)! })); // prettier-ignore
  expect(events).toHaveLength(60);
  const { accuracy, macroF1 } = quality(events, real.classes.length);
  expect(accuracy).toBeGreaterThan(0.85);
  expect(macroF1).toBeGreaterThan(0.85);
});

it("what a drive tells is held against what happened, by kind and time", () => {
  const { plan, frames } = vehicleTrip(0, UNSEEN);
  const events = plan.flatMap(({ label, from, lasts }) => (label ? [{ kind: label, from, until: from + lasts }] : []));
  const always = drive(frames, { scores: () => [0, 0, 0, 200, 0] }, { margin: 10, least: 1 });
  expect(always).toEqual([]);
  expect(tally(events, events, frames.length, 0)).toMatchObject({ detected: events.length, falseAlarms: 0 });
  const wrong = events.map((one) => ({ ...one, kind: (one.kind % 4) + 1 }));
  expect(tally(wrong, events, frames.length, 0)).toMatchObject({ detected: 0, falseAlarms: events.length });
});
