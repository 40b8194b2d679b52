/** Recordings and models that the repository may not contain; tests of them are skipped where they are absent. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folders = ["../../../shared/data/", "../../../../shared/data/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const folder = folders.find((path) => existsSync(`${path}models`));

export const hasData = folder !== undefined;
if (!hasData) console.log("skipped: models and recordings (no ../shared/data)");

export const dataFile = (name: string): string => `${folder}${name}`;
export const dataBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(dataFile(name)));
