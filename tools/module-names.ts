/** The modules of a folder, as sources or compiled: whichever of the two is running. */
import { readdirSync } from "node:fs";

/** File names, sorted. */
export function moduleNames(folder: URL): string[] {
  const extension = import.meta.url.slice(-3);
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith(".d.ts"))
    .sort();
}
