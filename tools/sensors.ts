/** The sensors that ship with the package: every driver that states the facts of its part. */
import { readFileSync } from "node:fs";
import type { PartFacts } from "../lib/sensors/part-facts.ts";
import { moduleNames } from "./module-names.ts";
import { packageFolder } from "./package-folder.ts";

const folder = new URL("../lib/sensors/", import.meta.url);

/** By the name under which a firmware imports the driver. */
export async function loadSensors(): Promise<Readonly<Record<string, PartFacts>>> {
  const found: Record<string, PartFacts> = {};
  for (const name of moduleNames(folder)) {
    const { facts } = (await import(new URL(name, folder).href)) as { facts?: () => PartFacts };
    if (facts) found[name.slice(0, -3)] = facts();
  }
  return found;
}

/** Of a driver: bytes in a bundle and JsVars on the interpreter, with what it shares, and beside another I2C sensor. */
export interface Cost {
  readonly bytes: number;
  readonly bytesAdded: number;
  readonly jsVars: number;
  readonly jsVarsAdded: number;
  /** The stock module of the same part, with the lines that set its bus up. */
  readonly stock?: { readonly module: string; readonly bytes: number; readonly jsVars: number };
}

/** By the name of the driver's function; measured by test/sensors/size.test.ts. */
export function loadCosts(): Readonly<Record<string, Cost>> {
  return JSON.parse(readFileSync(`${packageFolder}/lib/sensors/docs/costs.json`, "utf8")) as Record<string, Cost>;
}

/** The function that a driver's file exports. */
export const driverName = (file: string): string => file.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
