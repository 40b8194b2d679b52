import type { Command } from "commander";
import type { Output } from "../terminal/output.ts";

/** The work of a verb. False = done, but what it checked does not hold. */
export type Action = (output: Output, ...args: never[]) => Promise<boolean>;

/** Turns an action into commander's handler: prints, and maps its verdict to the exit code. */
export type Run = (action: Action) => (...args: unknown[]) => Promise<void>;

/** Describes one verb to the command line. */
export type Verb = (run: Run) => Command;
