/** What `hibernode power` says about updates over the air. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProject, hibernode, type Project } from "../cli/command.ts";

let project: Project;

beforeAll(() => {
  project = createProject();
  project.firmware("truck", {
    node: [
      ["import {", 'import { updates } from "hibernode/update/updates";\nimport {'],
      ["  modem:", '  use: updates("truck/{id}/update"),\n  modem:'],
    ],
  });
});
afterAll(() => project.remove());

interface Update {
  readonly level: number;
  readonly delta: boolean;
  readonly bytes: number;
  readonly joules: number;
  readonly share: number;
}

test("a line and the whole bundle, in good and in bad coverage, in joules and as a share of the cell", async () => {
  const words = ["power", "truck", "--sample", "1d", "--runs", "10", "--cores", "1", "--json"];
  const { stdout, stderr } = await hibernode(words, { cwd: project.folder });
  expect(stderr).toBe("");
  const { update } = JSON.parse(stdout) as { readonly update: readonly Update[] };
  expect(update.map(({ level, delta }) => [level, delta])).toEqual([
    [0, true],
    [2, true],
    [0, false],
    [2, false],
  ]);
  const [line, , whole] = update;
  expect(line!.bytes).toBeLessThan(600);
  expect(whole!.bytes).toBeGreaterThan(15_000);
  expect(line!.joules).toBeGreaterThan(0);
  expect(whole!.joules).toBeGreaterThan(line!.joules);
  for (const { joules, share } of update) {
    // a D cell holds some 200 kJ
    expect(joules / share).toBeGreaterThan(100_000);
    expect(share).toBeLessThan(0.01);
  }
});
