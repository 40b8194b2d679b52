/** The recipes, followed word by word in a folder outside of the repository. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { follow } from "./recipe.ts";

let folder: string;
beforeAll(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "hibernode-docs-")))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("write a firmware", async () => {
  const { output } = await follow("firmware/README.md", folder);
  expect(output).toMatch(/Tests +1 passed/);
});

test("add a sensor", async () => {
  const { output } = await follow("firmware/ADD-A-SENSOR.md", folder);
  expect(output).toMatch(/^sensor: cargo asleep +[\d.]+/m);
});

test("add a board", async () => {
  const { output } = await follow("firmware/ADD-A-BOARD.md", folder);
  expect(output).toMatch(/^battery +[\d.]+ years/m);
});
