/** The models that ship, by name: how each is made, where it belongs, and how good it is on worlds that it was not trained on. */
import { leaveGroupsOut, quality } from "../train/evaluate.ts";
import type { Examples } from "../train/examples.ts";
import { trainLinear } from "../train/linear.ts";
import { loadTensorflow, trainNetwork } from "../train/network.ts";
import { type AnyTrained, type ModelModule, modelModule } from "../train/module.ts";
import { machineExamples } from "./machine.ts";
import { vehicleExamples } from "./vehicle.ts";

export interface Shipped {
  readonly file: string;
  readonly model: AnyTrained;
  readonly module: ModelModule;
  readonly report: readonly string[];
}

/** Of other trips or machines than those it was taught with. */
export const UNSEEN = 77;

export const shipped: Readonly<Record<string, () => Promise<Shipped>>> = {
  async vehicle() {
    const made = vehicleExamples(32, 1);
    const model = trainLinear(features(made), labels(made), made.classes.length, 10);
    return {
      file: "firmware/fleet-tracker/manoeuvres.ts",
      model,
      module: modelModule(model, "How a vehicle is driven: trained by `npm run models` on the physical model of tools/models/shipped/vehicle.ts.", names(made)), // prettier-ignore
      report: judged(model, vehicleExamples(16, UNSEEN)),
    };
  },
  async machine() {
    const made = machineExamples(80, 1);
    const model = trainNetwork(await loadTensorflow(), features(made), labels(made), made.classes.length, { hidden: [8], epochs: 30, seed: 1 }); // prettier-ignore
    return {
      file: "firmware/turbine/defects.ts",
      model,
      module: modelModule(model, "Which defect a machine has: a network trained by `npm run models` on the physical model of tools/models/shipped/machine.ts.", names(made)), // prettier-ignore
      report: judged(model, machineExamples(40, UNSEEN)),
    };
  },
};

const features = ({ rows }: Examples) => rows.map((row) => row.features);
const labels = ({ rows }: Examples) => rows.map((row) => row.label);
const names = ({ classes }: Examples): string[] =>
  classes.map((name, at) => `export const ${name.toUpperCase()} = ${at};`);

/** Lines of a report on examples that the model has not seen. */
function judged(model: AnyTrained, examples: Examples): string[] {
  const { events, windowAccuracy } = leaveGroupsOut(examples, () => model);
  const { accuracy, macroF1, f1 } = quality(events, examples.classes.length);
  return [
    `unseen: ${examples.rows.length} windows, ${(100 * windowAccuracy).toFixed(1)} % right; ${events.length} events, ${(100 * accuracy).toFixed(1)} %, macro-F1 ${macroF1.toFixed(3)}`,
    `F1: ${examples.classes.map((name, k) => `${name} ${f1[k]!.toFixed(2)}`).join(", ")}`,
  ];
}
