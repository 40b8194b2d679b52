/** Options that the verbs for boards share: which port, how it is reset, where the settings are. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { UserError } from "../errors.ts";
import type { Reset } from "../flash/loader.ts";

export interface LineOptions {
  readonly port?: string;
}
export interface LoaderOptions extends LineOptions {
  readonly baud: string;
  readonly reset: string;
}

const PORT_HELP = "serial port, or tcp://HOST:PORT (default: the only board that is plugged in)";
const resets: readonly Reset[] = ["auto", "usb", "none"];
/** Speeds to fall back to, after the one that was asked for. */
const SLOWER = [460800, 230400, 115200];

export const withPort = (command: Command): Command => command.option("--port <PORT>", PORT_HELP);

export const withLoader = (command: Command): Command =>
  withPort(command)
    .option("--baud <SPEED>", "bits per second to begin with; halved on errors", "921600")
    .option(
      "--reset <HOW>",
      "how the board gets into its loader: auto, usb (its own USB), none (by its buttons)",
      "auto",
    );

export function loaderSetup({ baud, reset }: LoaderOptions): { bauds: number[]; reset: Reset } {
  const first = Number(baud);
  if (!Number.isInteger(first) || first < 9600 || first > 3_000_000) {
    throw new UserError(`"${baud}" is no speed of a serial port`, {
      where: "--baud",
      fix: "a whole number of bits per second from 9600 to 3000000, for instance 460800",
    });
  }
  const how = resets.find((name) => name === reset);
  if (!how)
    throw new UserError(`no such way to reset: "${reset}"`, { where: "--reset", fix: `one of: ${resets.join(", ")}` });
  return { bauds: [first, ...SLOWER.filter((slower) => slower < first)], reset: how };
}

/** Seconds of an option. @param where the flag */
export function secondsOf(text: string, where: string): number {
  const seconds = Number(text);
  if (text.trim() && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new UserError(`"${text}" is no number of seconds`, { where, fix: "a number from 0 to 86400" });
}

export function readJson(file: string): unknown {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`no JSON: ${(error as Error).message}`, { where: file, fix: "correct the file" });
  }
}
