/** `--interpreter [PATH]`: which Espruino program is the second engine, if any. */
import { UserError } from "../errors.ts";
import { findInterpreter, type Interpreter } from "../simulator/interpreter/probe.ts";

export const INTERPRETER_FLAG = "--interpreter [PATH]";
export const INTERPRETER_HELP = "run on this Espruino program for Linux (default: the environment's ESPRUINO)";

/** Said where something is left out without one. */
export const NEEDED =
  "it needs Espruino 2v29 built for Linux in the chip's shape (32 bit, 16383 variables, byte strings); name it by --interpreter PATH or ESPRUINO";

export interface InterpreterOptions {
  /** True: the flag without a path. */
  readonly interpreter?: string | true;
}

/** The program that the flag names, or ESPRUINO when the flag stands alone; undefined without the flag. */
export function chosenInterpreter({ interpreter }: InterpreterOptions): Interpreter | undefined {
  if (interpreter === undefined) return undefined;
  if (interpreter !== true) return findInterpreter(interpreter);
  return availableInterpreter() ?? refuse();
}

/** The program that ESPRUINO names. */
export function availableInterpreter(): Interpreter | undefined {
  const program = process.env["ESPRUINO"];
  return program ? findInterpreter(program) : undefined;
}

function refuse(): never {
  throw new UserError("no interpreter is named", {
    where: "--interpreter",
    fix: "name an Espruino program for Linux: --interpreter PATH, or set the environment variable ESPRUINO",
  });
}
