/** Loads a `scenario.ts`: TypeScript, so it is bundled to a temporary module first. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import * as v from "valibot";
import { loadBoards } from "./boards.ts";
import { UserError } from "./errors.ts";
import type { Scenario } from "./simulator/scenario.ts";
import { unknownName } from "./suggest.ts";

export async function loadScenarioFile(file: string): Promise<Scenario> {
  return checked((await loadTypeScript(file, "scenario")).default, relative("", file));
}

/** What a file of the author's exports. @param what it is, for errors */
export async function loadTypeScript(file: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  const temporary = await mkdtemp(join(tmpdir(), "hibernode-"));
  try {
    const target = join(temporary, "module.mjs");
    await writeFile(target, await bundleForHost(file));
    return (await import(pathToFileURL(target).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`the ${what} cannot be loaded: ${String(error)}`, {
      where: relative("", file),
      fix: "correct what throws this",
    });
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const text = v.string();
const record = v.record(v.string(), v.unknown());
/** Only the shape: names and values are checked where they are used. */
const shape = v.strictObject({
  board: v.looseObject({ default: v.looseObject({ id: text }), facts: v.function() }),
  cell: text,
  cellPlace: v.optional(text),
  harvester: v.optional(text),
  parts: v.record(v.string(), v.looseObject({ part: v.union([text, v.function()]) })),
  world: v.record(v.string(), record),
  traced: v.optional(text),
  network: text,
  settings: v.record(v.string(), v.union([text, v.number()])),
  startsAt: v.optional(v.number()),
  lasts: text,
  alarm: v.optional(
    v.strictObject({
      place: v.string(),
      quantity: v.string(),
      above: v.number(),
      tells: v.optional(v.strictObject({ quantity: v.string(), above: v.number(), upTo: v.optional(v.number()) })),
    }),
  ),
  trial: v.optional(
    v.strictObject({
      lasts: v.string(),
      faults: v.array(v.string()),
      alarmWithin: v.optional(v.string()),
      falseAlarms: v.optional(v.number()),
      life: v.optional(v.string()),
    }),
  ),
  decides: v.optional(v.string()),
  coverage: v.optional(v.array(record)),
  store: v.optional(record),
  lightSleep: v.optional(v.boolean()),
  staysAwake: v.optional(v.boolean()),
  knobs: v.optional(record),
  clockDriftPpm: v.optional(v.number()),
});

function checked(value: unknown, file: string): Scenario {
  if (value === undefined)
    throw new UserError("the scenario exports no default", { where: file, fix: "export default scenario({ ... })" });
  const { issues } = v.safeParse(shape, value);
  if (!issues) return value as Scenario;
  const pathOf = (issue: (typeof issues)[number]): string[] => (issue.path ?? []).map(({ key }) => String(key));
  // a misspelled property is also a missing one: its name says more
  const unknown = issues
    .map(pathOf)
    .find(([first = "", ...more]) => !more.length && !Object.hasOwn(shape.entries, first));
  if (unknown) throw unknownName("property", unknown[0]!, Object.keys(shape.entries), file);
  const [issue] = issues;
  const path = pathOf(issue);
  throw new UserError(`${path.join(".") || "the scenario"}: expected ${issue.expected}, got ${issue.received}`, {
    where: file,
    fix:
      path[0] === "board"
        ? 'a whole board file: import * as board from "hibernode/boards/..."'
        : "firmware/README.md shows a scenario",
  });
}

async function bundleForHost(file: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      // paths in the scenario are relative to the scenario, not to the temporary module
      define: { "import.meta.url": JSON.stringify(pathToFileURL(file).href) },
      plugins: [absoluteImports(file)],
    });
    return result.outputFiles[0]!.text;
  } catch (error) {
    type Failure = {
      text: string;
      detail?: unknown;
      location: { file: string; line: number; column: number; lineText: string } | null;
    };
    const [first] = (error as { errors?: Failure[] }).errors ?? [];
    if (!first) throw error;
    const { location, detail, text: message } = first;
    const where = location ? `${location.file}:${location.line}:${location.column + 1}` : relative("", file);
    const line = location ? `\n  ${location.lineText.trim()}` : "";
    throw new UserError(message + line, { where, fix: typeof detail === "string" ? detail : "correct the scenario" });
  }
}

/** Leaves packages outside of the bundle; `hibernode` itself is always the one that runs. */
function absoluteImports(file: string): Plugin {
  return {
    name: "absolute-imports",
    setup({ onResolve }) {
      const require = createRequire(file);
      const own = createRequire(import.meta.url);
      onResolve({ filter: /^[^./]/ }, async ({ path, kind }) => {
        if (kind === "entry-point" || path.startsWith("node:")) return undefined;
        const board = /^hibernode\/boards\/(.*)$/.exec(path)?.[1];
        try {
          const found = path.startsWith("hibernode") ? own.resolve(path) : require.resolve(path);
          return { path: pathToFileURL(found).href, external: true };
        } catch {
          if (board === undefined)
            return { errors: [{ text: `cannot find the package "${path}"`, detail: `npm install ${path}` }] };
          const { message, fix } = unknownName("board", board, Object.keys(await loadBoards()));
          return { errors: [{ text: message, detail: fix }] };
        }
      });
    },
  };
}
