/** The boards that ship with the package: every file of boards/ that has a board in it. */
import { moduleNames } from "./module-names.ts";
import type { BoardModule } from "./simulator/scenario.ts";

const folder = new URL("../boards/", import.meta.url);

/** By the name under which a firmware imports them. */
export async function loadBoards(): Promise<Readonly<Record<string, BoardModule>>> {
  const found: Record<string, BoardModule> = {};
  for (const name of moduleNames(folder)) {
    const module = (await import(new URL(name, folder).href)) as Partial<BoardModule>;
    if (module.default && module.facts) found[name.slice(0, -3)] = module as BoardModule;
  }
  return found;
}
