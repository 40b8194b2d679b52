/** Where this package is installed: the folder of its package.json, two levels up when it runs compiled from dist/. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const candidates = ["..", "../.."].map((up) => fileURLToPath(new URL(up, import.meta.url)).replace(/\/$/, ""));

export const packageFolder = candidates.find((folder) => existsSync(`${folder}/package.json`)) ?? candidates[0]!;
