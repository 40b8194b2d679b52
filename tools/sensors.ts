/** The sensors that ship with the package: every driver that states the facts of its part. */
import type { PartFacts } from "../lib/sensors/part-facts.ts";
import { moduleNames } from "./module-names.ts";

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
