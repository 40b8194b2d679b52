import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  resolve: {
    // the package refers to itself by name; tests run its sources
    alias: [
      { find: /^hibernode$/, replacement: `${root}lib/node.ts` },
      { find: /^hibernode\/simulator$/, replacement: `${root}tools/simulator/index.ts` },
      { find: /^hibernode\/boards\/(.*)$/, replacement: `${root}boards/$1.ts` },
      {
        find: /^hibernode\/(sensors|modems|schedule|classify|journal|seal|uplink)\/(.*)$/,
        replacement: `${root}lib/$1/$2.ts`,
      },
    ],
  },
  test: {
    root,
    include: ["test/**/*.test.ts"],
    env: { HIBERNODE_CACHE: `${root}node_modules/.cache/hibernode` },
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
