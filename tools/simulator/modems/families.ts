/** The modem families that the simulator has, by the name that scenarios use. */
import { bc660k, bc66 } from "./bc660k.ts";
import { bc95, saraN2 } from "./bc95.ts";
import { bg95, bg96 } from "./bg96.ts";
import type { ModemFamily } from "./family.ts";
import { sim7000 } from "./sim7000.ts";
import { sim7020 } from "./sim7020.ts";
import { sim7080 } from "./sim7080.ts";

export const families = {
  sim7020,
  sim7080,
  sim7000,
  bc660k,
  bc66,
  bg96,
  bg95,
  bc95,
  "sara-n2": saraN2,
} as const satisfies Record<string, ModemFamily>;

export type ModemName = keyof typeof families;

export const isModem = (part: unknown): part is ModemName => typeof part === "string" && Object.hasOwn(families, part);
