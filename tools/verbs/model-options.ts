/** What `convert` and `verify-model` share: reading the model, its inputs, climbing the ladder, printing it. */
import { readFileSync } from "node:fs";
import pc from "picocolors";
import { UserError } from "../errors.ts";
import { randomInputs } from "../models/cases.ts";
import { convert, type Converted } from "../models/convert.ts";
import { readInputs } from "../models/input-files.ts";
import { climb, type Rung } from "../models/ladder.ts";
import type { Input } from "../models/on-device.ts";
import type { Output } from "../terminal/output.ts";
import { chosenInterpreter, type InterpreterOptions } from "./interpreter.ts";

export interface ModelOptions extends InterpreterOptions {
  readonly rounding: string;
  readonly cases: string;
  readonly inputs: readonly string[];
  readonly tensorflow?: string;
}

export const ROUNDING_HELP = "single (TensorFlow Lite), or double (TensorFlow Lite Micro in C)";
export const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export function wholeNumber(text: string, flag: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UserError(`"${text}" is no number of inputs`, {
    where: flag,
    fix: "write a whole number, for instance 1000",
  });
}

export interface Opened extends Converted {
  readonly bytes: Uint8Array;
  readonly rounding: "single" | "double";
}

/** Reads and converts. Throws a UserError for what cannot be. */
export function open(file: string, name: string, { rounding }: ModelOptions): Opened {
  if (rounding !== "single" && rounding !== "double")
    throw new UserError(`"${rounding}" is no rounding`, { where: "--rounding", fix: ROUNDING_HELP });
  const bytes = new Uint8Array(readFileSync(file));
  return { bytes, rounding, ...convert(bytes, file, name, rounding) };
}

/** Compares, prints a line for each rung, and returns all. */
export async function verify(output: Output, file: string, model: Opened, options: ModelOptions): Promise<Rung[]> {
  const { plan, device, graph, bytes, rounding } = model;
  const real = device.isReal ? inputScale(model) : undefined;
  const given = options.inputs.flatMap((name) => readInputs(name, plan.inputs, device.isReal));
  const inputs: Input[] = [...given, ...randomInputs(wholeNumber(options.cases, "--cases"), plan.inputs, { real })];
  return climb({
    bytes,
    where: file,
    graph,
    rounding,
    device,
    inputs,
    interpreter: chosenInterpreter(options),
    tensorflow: options.tensorflow,
    onRung: (rung) => print(output, rung),
  });
}

function inputScale({ plan }: Opened): { scale: number; zero: number } {
  const [scale, zero] = new Float64Array(Uint8Array.from(plan.entrance.data).buffer) as unknown as [number, number];
  return { scale, zero: zero - 128 };
}

export function print(output: Output, rung: Rung): void {
  const { name, compared, inputs, differing, first, skipped, note } = rung;
  if (skipped !== undefined) return output.fact("skipped", `${name}: ${skipped}`, pc.yellow);
  const text = `${name}: ${differing} of ${compared.toLocaleString("en")} outputs differ, ${inputs} inputs`;
  output.fact(differing ? "broken" : "equal", text, differing ? pc.red : pc.green);
  if (first) output.fact("", first);
  if (note) output.fact("", note);
}
