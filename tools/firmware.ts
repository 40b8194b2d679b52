/** A firmware's folder: node.ts (what runs on the device) and scenario.ts (what surrounds it in the simulator). */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "./errors.ts";
import { nearestName } from "./suggest.ts";
import { loadScenarioFile } from "./scenario-file.ts";
import type { Scenario } from "./simulator/scenario.ts";

export interface Firmware {
  readonly name: string;
  readonly folder: string;
  /** Path of node.ts, or of the script. */
  readonly entry: string;
  /** A plain Espruino script (.js): it runs as it is, without a build. */
  readonly script: boolean;
}

/** Accepts the folder, its node.ts, or a .js file. */
export function findFirmware(path: string): Firmware {
  const given = resolve(path);
  if (!existsSync(given)) throw new UserError("no such firmware", { where: path, fix: nearFirmware(path) });
  const script = given.endsWith(".js");
  const folder = statSync(given).isDirectory() ? given : dirname(given);
  const entry = statSync(given).isDirectory() ? join(given, "node.ts") : given;
  if (!existsSync(entry)) {
    throw new UserError("the folder holds no node.ts", {
      where: path,
      fix: "hibernode new NAME makes a firmware to start from",
    });
  }
  if (!/\.[jt]s$/.test(entry)) {
    throw new UserError("neither a firmware nor a script", {
      where: path,
      fix: "name a folder with a node.ts, or a .js file",
    });
  }
  return { name: script ? basename(entry) : basename(folder), folder, entry, script };
}

function nearFirmware(path: string): string {
  const inside = (folder: string): string[] =>
    existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const wanted = basename(path);
  for (const folder of [dirname(path), "firmware"]) {
    const near = nearestName(wanted, inside(folder));
    if (near !== undefined) return `did you mean ${join(folder, near)}?`;
  }
  return "name a folder that holds a node.ts; hibernode new NAME makes one";
}

/** The scenario of a firmware: `file`, or the scenario.ts beside it. */
export async function loadScenario(firmware: Firmware, file = join(firmware.folder, "scenario.ts")): Promise<Scenario> {
  if (existsSync(file)) return loadScenarioFile(resolve(file));
  throw new UserError("no such scenario", {
    where: relative("", file),
    fix: "it says how the board is wired and what the world does: copy the one of firmware/cold-chain, or name another with --scenario",
  });
}
