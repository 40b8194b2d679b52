/** A build that reuses what an earlier one found out is the build that it would have been. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildFirmware, type Build } from "../../tools/build/build.ts";
import { openCache } from "../../tools/build/cache.ts";

let folder = "";
let store = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hibernode-cache-"));
  store = join(folder, "cache");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const build = (source: string): Promise<Build> => {
  const entry = join(folder, "node.ts");
  writeFileSync(entry, source);
  return buildFirmware({ entry, cache: openCache(store) });
};
const stepsOf = (built: Build): string[] => built.steps.map(({ name, detail }) => `${name} ${detail}`);
const NODE = `const list: number[] = [];\nfor (const value of [1, 2]) list.push(value ** 2);\nprint(list);\n`;

test("the same sources: the same bytes, map and manifest, from what is kept", async () => {
  const first = await build(NODE);
  const second = await build(NODE);
  expect({ ...second, steps: [] }).toEqual({ ...first, steps: [] });
  expect(stepsOf(first)).toContain("dialect runs on Espruino");
  expect(stepsOf(second)).toEqual([
    "type-check 1 files, unchanged since they were checked",
    "sensors 0 on I2C, each at its own address",
    "bundle 88 bytes",
    "advice nothing contradicts itself",
    `reuse ${first.bundle.length} bytes, lowered, minified and checked before`,
    "board no board file: pins are not checked",
    expect.stringContaining("manifest ") as string,
  ]);
});

test("another line of source is built anew", async () => {
  await build(NODE);
  const { bundle, steps } = await build(NODE.replace("** 2", "** 3"));
  expect(bundle).toContain("3");
  expect(steps.map(({ name }) => name)).toContain("lower");
});

test("types and dialect are checked of what is there now", async () => {
  await build(NODE);
  await expect(build(NODE.replace("[1, 2]", '["one"]'))).rejects.toThrow("the types do not fit");
  await expect(build(`${NODE}label: for (;;) break label;\n`)).rejects.toThrow("label");
  // what was refused is not kept as good
  await expect(build(NODE.replace("[1, 2]", '["one"]'))).rejects.toThrow("the types do not fit");
});

describe("what is kept may be", () => {
  test("spoiled: then it is made again", async () => {
    const first = await build(NODE);
    for (const name of readdirSync(store)) writeFileSync(join(store, name), '{"code": "pri');
    const second = await build(NODE);
    expect(second.bundle).toBe(first.bundle);
    expect(stepsOf(second)).toEqual(stepsOf(first));
  });

  test("in a place that cannot be written: then nothing is kept", async () => {
    writeFileSync(store, "a file, where a folder should be");
    const [first, second] = [await build(NODE), await build(NODE)];
    expect(stepsOf(second)).toEqual(stepsOf(first));
  });

  test("switched off", () => expect(openCache("off")).toBeNull());
});

test("keeps a few hundred, and drops those that nobody used for longest", () => {
  const cache = openCache(store)!;
  mkdirSync(store);
  for (let i = 0; i < 400; i++) {
    const file = join(store, `${i}.json`);
    writeFileSync(file, "1");
    utimesSync(file, i, i);
  }
  cache.keep(["one more"], { good: true });
  const left = readdirSync(store);
  expect(left).toHaveLength(200);
  expect(left).toContain("399.json");
  expect(left).not.toContain("100.json");
  expect(cache.find(["one more"])).toEqual({ good: true });
});
