import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { originalPosition } from "../../tools/build/findings.ts";
import { UserError } from "../../tools/errors.ts";
import { ESPRUINO, runInNode, runOnEspruino } from "./interpreters.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hibernode-build-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the files and returns the path of the first. */
function project(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] as string);
}

const LOGGER = {
  "logger/node.ts": `import { mean, unused } from "./maths.ts";
import { TIMEOUT } from "../shared/codes.ts";

const flash = require("Flash");
const last: number[] = [];

async function sample(): Promise<void> {
  for (const value of [1, 2, 6]) {
    await new Promise<void>((done) => setTimeout(done, 1));
    last.push(value);
  }
  print(mean(last), TIMEOUT, typeof flash.read, TIMEOUT > 9 ? unused() : "ok");
}
sample().catch((error) => print(error.message));
`,
  "logger/maths.ts": `/** Arithmetic mean. */
export function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
export const unused = () => "marker of dead code";
export const never = () => "marker of unused code";
`,
  "shared/codes.ts": `export const TIMEOUT = 4;\nexport const words = { [TIMEOUT]: "marker of unused words" };\n`,
  "package.json": `{ "type": "module", "sideEffects": false }`,
};

describe("a build", () => {
  test("writes bundle, map and manifest that agree", async () => {
    const outDir = join(folder, "out");
    const built = await buildFirmware({ entry: project(LOGGER), outDir, cache: null });
    const bundle = readFileSync(join(outDir, "logger.js"), "latin1");
    expect(bundle).toBe(built.bundle);
    expect(bundle).toMatch(/^[\x20-\x7e\n]*$/);
    expect(JSON.parse(readFileSync(join(outDir, "logger.js.map"), "utf8"))).toEqual(built.map);
    const manifest = JSON.parse(readFileSync(join(outDir, "manifest.json"), "utf8")) as typeof built.manifest;
    expect(manifest).toEqual(built.manifest);
    expect(manifest).toMatchObject({ format: 1, name: "logger", entry: "logger/node.ts", bytes: bundle.length });
    expect(manifest.modules.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bundle.length);
    expect(manifest.modules.map(({ name }) => name)).toContain("logger/node.ts");
    expect(manifest.modules.map(({ name }) => name)).toContain("async runtime");
    expect(manifest.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(built.steps.map(({ name }) => name)).toEqual([
      "type-check",
      "sensors",
      "bundle",
      "advice",
      "lower",
      "minify",
      "order",
      "dialect",
      "board",
      "manifest",
    ]);
  });

  test("leaves out what nobody uses", async () => {
    const { bundle } = await buildFirmware({ entry: project(LOGGER) });
    expect(bundle).not.toContain("marker of");
  });

  test("prints what it should", async () => {
    const { bundle } = await buildFirmware({ entry: project(LOGGER) });
    const expected = ["3 4 function ok"];
    expect(await runInNode(`var require = () => ({ read() {} });${bundle}`)).toEqual(expected);
    if (ESPRUINO) expect(await runOnEspruino(bundle)).toEqual(expected);
  });

  test("is the same byte for byte, wherever the sources lie", async () => {
    const first = await buildFirmware({ entry: project(LOGGER), outDir: join(folder, "a") });
    const elsewhere = mkdtempSync(join(tmpdir(), "hibernode-elsewhere-"));
    try {
      cpSync(folder, elsewhere, { recursive: true });
      const outDir = join(elsewhere, "b");
      const second = await buildFirmware({ entry: join(elsewhere, "logger/node.ts"), outDir });
      expect(second.bundle).toBe(first.bundle);
      for (const name of ["logger.js", "logger.js.map", "manifest.json"])
        expect(readFileSync(join(outDir, name))).toEqual(readFileSync(join(folder, "a", name)));
      expect(JSON.stringify(second.map)).not.toContain(elsewhere);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  test("maps the bundle to the author's line", async () => {
    const { bundle, map } = await buildFirmware({
      entry: project({
        "node.ts": `interface Reading {\n  readonly at: number;\n}\n\nconst list: Reading[] = [];\n\nprint(list.length);\nprint("here", getTime());\n`,
      }),
    });
    const position = originalPosition(map, 1, bundle.indexOf('"here"'));
    expect(position).toEqual({ file: "node.ts", line: 8, column: 7 });
  });

  test("finds hibernode's own modules by their public names", async () => {
    const { manifest } = await buildFirmware({
      entry: project({
        "node.ts": `import board from "hibernode/boards/firebeetle2-esp32-e";\nprint(board.id);\n`,
      }),
    });
    expect(manifest.modules.map(({ name }) => name)).toContain("hibernode/boards/firebeetle2-esp32-e.ts");
  });
});

describe("refuses with place and remedy", () => {
  const refusal = async (files: Readonly<Record<string, string>>, budgetBytes?: number): Promise<UserError> => {
    const entry = project(files);
    const outDir = join(folder, "out");
    const error: unknown = await buildFirmware({ entry, outDir, ...(budgetBytes ? { budgetBytes } : {}) }).catch(
      (e) => e,
    );
    if (!(error instanceof UserError)) throw error;
    return error;
  };

  test.each([
    ["new Map()", "const known = new Map();\nprint(known);", "Cannot find name 'Map'"],
    ["Array.from", "print(Array.from([1]));", "Property 'from' does not exist"],
    ["Math.trunc", "print(Math.trunc(1.5));", "Property 'trunc' does not exist"],
    ["Promise.race", "Promise.race([]);", "Property 'race' does not exist"],
    ["finally", "Promise.resolve(1).finally(print);", "Property 'finally' does not exist"],
    ["a length that is assigned", "const a = [1];\na.length = 0;", "read-only"],
    ["document", "print(document);", "Cannot find name 'document'"],
    ["a string for a number", "setTimeout(print, '5');", "not assignable"],
  ])("%s: a type error at the author's line", async (_name, source, message) => {
    const error = await refusal({ "node.ts": `// first line\n${source}\nexport {};\n` });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/node\.ts:[23]:\d+: /);
    expect(error.message).toContain("^");
    expect(error.where).toMatch(/^node\.ts:[23]:\d+$/);
  });

  test.each([
    ["generator", "function* g(): any { yield 1; }\nprint(g());", 2],
    ["for-await", "async function f(list: any) { for await (const x of list) print(x); }\nf([]);", 2],
    ["top-level-await", "await Promise.resolve(1);", 2],
    ["label", "a: for (;;) { for (;;) break a; }", 2],
    ["bigint", "print(10n);", 2],
    ["tagged-template", "const t = (s: any) => s;\nprint(t`x`);", 3],
    ["meta-property", "function F(this: any) { print(new.target); }\nF();", 2],
    ["new-spread", "class A { constructor(...n: number[]) { print(n.length); } }\nconst n = [1];\nnew A(...n);", 4],
    ["extends-builtin", "class Lost extends Error {}\nprint(new Lost());", 2],
    ["reserved-member", "class A { delete() { return 1; } }\nprint(new A().delete());", 2],
    ["static-block", "class A { static n = 1; static { A.n = 2; } }\nprint(A.n);", 2],
    ["regex", "print(/a(?=b)/.test('ab'));", 2],
    ["wide-character", "print('20 \u2103');", 2],
    [
      "static-inheritance",
      "class A { static f() { return getTime(); } }\nclass B extends A {}\nprint(B.f(), A.f(), new B());",
      4,
    ],
    ["spread-iterable", "print([...'ab'].length);", 2],
    [
      "spread-iterable",
      "const bytes = new Uint8Array(2);\nprint(Math.max(0, ...(bytes as any as Iterable<number>)));",
      3,
    ],
    ["await-for-in", "async function f(o: object) { for (const k in o) await k; }\nf({});", 2],
  ])("%s: with a code frame", async (rule, source, line) => {
    const error = await refusal({ "node.ts": `// first line\n${source}\nexport {};\n` });
    expect(error.message).toContain(`[${rule}]`);
    expect(error.message).toMatch(new RegExp(`node\\.ts:${line}:\\d+: `));
    expect(error.message).toContain(`${line} | `);
    expect(error.message).toContain("instead: ");
  });

  test("lists every mistake, not only the first", async () => {
    const error = await refusal({ "node.ts": "print(1n);\nfunction* g(): any {}\nprint(/a?/, g);\nexport {};\n" });
    for (const rule of ["bigint", "generator", "regex"]) expect(error.message).toContain(`[${rule}]`);
  });

  test("a bundle over its budget, by its largest modules; the manifest is written all the same", async () => {
    const error = await refusal(LOGGER, 100);
    expect(error.message).toMatch(/^the bundle has \d+ bytes, \d+ more than its budget of 100$/);
    expect(error.fix).toContain("logger/node.ts");
    const manifest = JSON.parse(readFileSync(join(folder, "out", "manifest.json"), "utf8")) as { budgetBytes: number };
    expect(manifest.budgetBytes).toBe(100);
  });

  test("an entry that does not exist", async () => {
    await expect(buildFirmware({ entry: join(folder, "nothing.ts") })).rejects.toThrow("does not exist");
  });

  test("an import that does not exist", async () => {
    const error = await refusal({ "node.ts": 'import { x } from "./missing.ts";\nprint(x);\n' });
    expect(error.where).toBe("node.ts:1:19");
  });

  test("text that is no TypeScript", async () => {
    const error = await refusal({ "node.ts": "const = 1;\n" });
    expect(error.where).toBe("node.ts:1:7");
  });
});
