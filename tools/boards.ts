/** The boards that ship with the package, by the name under which a firmware imports them. */
import * as devkitc from "../boards/esp32-devkitc-v4.ts";
import * as firebeetle from "../boards/firebeetle2-esp32-e.ts";
import type { BoardModule } from "./simulator/scenario.ts";

export const boards: Readonly<Record<string, BoardModule>> = {
  [devkitc.default.id]: devkitc,
  [firebeetle.default.id]: firebeetle,
};
