import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { checkDialect } from "../../tools/build/dialect.ts";
import { lowerToEspruino } from "../../tools/build/lower.ts";
import { ESPRUINO, runInNode, runOnEspruino } from "./interpreters.ts";
import { programs } from "./programs.ts";

const strip = (source: string): string =>
  transformSync(source, {
    loader: "ts",
    target: "esnext",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
  }).code;

describe.each(Object.entries(programs))("%s", (_name, source) => {
  const script = strip(source);
  const lowered = lowerToEspruino(script, "program.js").code;

  test("passes the dialect checker", () => {
    expect(checkDialect(lowered)).toEqual([]);
  });

  test("prints in V8 what the source prints", async () => {
    const expected = await runInNode(script);
    expect(expected.length).toBeGreaterThan(0);
    expect(await runInNode(lowered)).toEqual(expected);
  });

  test.skipIf(!ESPRUINO)("prints on the interpreter what the source prints", async () => {
    expect(await runOnEspruino(lowered)).toEqual(await runInNode(script));
  });
});

test.skipIf(ESPRUINO)("runs on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
