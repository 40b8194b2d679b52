/** From a network to the steps that the device runs: one builder for each operator, and a reason for each refusal. */
import { UserError } from "../errors.ts";
import type { Rounding } from "./arithmetic.ts";
import { type Graph, type Operator, sizeOf } from "./graph.ts";
import { builders } from "./build-steps.ts";
import { type Draft, Refusal } from "./draft.ts";
import type { Entrance, Plan, Step } from "./steps.ts";

const FIX = "convert a fully quantised int8 model of the supported operators: tools/models/README.md lists them";

/** Throws a UserError that names every operator that is refused, with its reason. */
export function planNetwork(graph: Graph, rounding: Rounding, where: string): Plan {
  const refuse = (message: string): UserError => new UserError(message, { where, fix: FIX });
  if (graph.inputs.length !== 1 || graph.outputs.length !== 1)
    throw refuse(`expected one input and one output, got ${graph.inputs.length} and ${graph.outputs.length}`);
  const operators = [...graph.operators];
  const entrance = enter(graph, operators, refuse);
  const output = leave(graph, operators, refuse);
  const buffers: number[] = [];
  const held = new Map<number, number>();
  const steps: Step[] = [];
  const draft: Draft = {
    graph,
    rounding,
    tensor: (index) => graph.tensors[index]!,
    bufferOf: (tensor) => held.get(tensor),
    newBuffer: (bytes) => buffers.push(bytes) - 1,
    hold: (tensor, buffer) => void held.set(tensor, buffer),
    add: (step) => void steps.push(step),
  };
  const inputs = sizeOf(graph.tensors[entrance.tensor]!.shape);
  const input = draft.newBuffer(inputs);
  held.set(entrance.tensor, input);
  const refusals = operators.flatMap((operator) => {
    try {
      check(operator, graph);
      builders[operator.kind]!(operator, draft);
      return [];
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof RangeError)) throw error;
      // what follows is still looked at
      const [result] = operator.outputs;
      held.set(result!, draft.newBuffer(sizeOf(graph.tensors[result!]!.shape)));
      return [`${operator.kind} "${graph.tensors[result!]!.name.split(";")[0]}": ${error.message}`];
    }
  });
  if (refusals.length)
    throw refuse(`the device cannot run ${refusals.length} of the model's operators:\n${unique(refusals).join("\n")}`);
  const { scales, zeroPoints } = graph.tensors[output]!;
  return {
    buffers,
    steps,
    entrance: entrance.entrance,
    input,
    inputs,
    output: held.get(output)!,
    outputs: sizeOf(graph.tensors[output]!.shape),
    scale: scales[0]!,
    zero: zeroPoints[0]! + 128,
  };
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)].slice(0, 12);

/** The input as the device takes it: int8 values, or real ones where the model quantises them itself. */
function enter(
  graph: Graph,
  operators: Operator[],
  refuse: (message: string) => UserError,
): { tensor: number; entrance: Entrance } {
  const [index] = graph.inputs;
  const { type } = graph.tensors[index!]!;
  if (type === "int8")
    return { tensor: index!, entrance: { kind: 0, data: Uint8Array.from({ length: 256 }, (_, byte) => byte ^ 128) } };
  const [first] = operators;
  if (type !== "float32" || first?.kind !== "QUANTIZE" || first.inputs[0] !== index)
    throw refuse(`the model's input is ${type}: expected int8, or float32 that a QUANTIZE takes`);
  operators.shift();
  const { scales, zeroPoints } = graph.tensors[first.outputs[0]!]!;
  const data = new Uint8Array(Float64Array.of(Math.fround(scales[0]!), zeroPoints[0]! + 128).buffer);
  return { tensor: first.outputs[0]!, entrance: { kind: 2, data } };
}

/** The scores are the 8-bit values: a last DEQUANTIZE is left to whoever reads them. */
function leave(graph: Graph, operators: Operator[], refuse: (message: string) => UserError): number {
  const [index] = graph.outputs;
  const { type } = graph.tensors[index!]!;
  if (type === "int8") return index!;
  const last = operators.at(-1);
  if (type !== "float32" || last?.kind !== "DEQUANTIZE" || last.outputs[0] !== index)
    throw refuse(`the model's output is ${type}: expected int8, or float32 that a DEQUANTIZE gives`);
  operators.pop();
  return last.inputs[0]!;
}

function check(operator: Operator, graph: Graph): void {
  if (!builders[operator.kind]) throw new Refusal("the device has no such operator");
  for (const index of [operator.inputs[0]!, operator.outputs[0]!]) {
    const { type, scales, shape, name } = graph.tensors[index]!;
    if (type !== "int8") throw new Refusal(`its tensor "${name}" is ${type}, not int8`);
    if (scales.length !== 1) throw new Refusal(`its tensor "${name}" has ${scales.length} scales, expected one`);
    if (shape.some((length) => !(length > 0))) throw new Refusal(`its tensor "${name}" has no fixed shape`);
    if (shape.length === 4 && shape[0] !== 1) throw new Refusal(`its tensor "${name}" is a batch of ${shape[0]}`);
  }
}
