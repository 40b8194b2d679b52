/** The pages that are no recipes: what they show is printed, what they link to exists, what they list is complete. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultKinds } from "../../tools/simulator/faults.ts";
import { hibernode, repository } from "../cli/command.ts";
import { blocksOf, mustPrint } from "./recipe.ts";

const pages = [
  "README.md", "boards/README.md", "firmware/ADD-A-BOARD.md", "firmware/ADD-A-SENSOR.md", "firmware/README.md",
  "firmware/cold-chain/README.md", "lib/README.md", "lib/schedule/README.md", "lib/sensors/README.md", "test/README.md", "tools/README.md",
].filter((page) => existsSync(join(repository, page))); // prettier-ignore
const read = (page: string): string => readFileSync(join(repository, page), "utf8");

test.each(pages)("%s: every link leads somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target!);
  const dead = links.filter(
    (target) => !target.startsWith("http") && !existsSync(join(repository, dirname(page), target)),
  );
  expect(dead).toEqual([]);
});

describe("README.md shows what is printed", () => {
  const [main, room] = blocksOf("README.md").filter(({ kind }) => kind === "text");

  test("by the main job", async () => {
    // on a fresh machine no build has gone before
    const env = { HIBERNODE_CACHE: "off" };
    const { stdout, status } = await hibernode(["simulate", "firmware/cold-chain", "--for", "3d"], { env });
    mustPrint("README.md", main!.text, stdout);
    expect(status).toBe(0);
  });

  const recording = join(repository, "../shared/data/temperature/ambient_temperature_system_failure.csv");
  test.skipIf(!existsSync(recording))("by the failure of the air conditioning (needs ../shared/data)", async () => {
    const options = ["--trace", recording, "--column", "value", "--unit", "°F", "--from", "2013-12-20", "--for", "6d"];
    const { stdout, status } = await hibernode(["simulate", "firmware/cold-chain", ...options]);
    mustPrint("README.md", room!.text, stdout);
    expect(stdout).not.toContain("was not told");
    expect(status).toBe(0);
  });

  test.each(["start", "test", "check", "bench"])("npm run %s exists", (script) => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    expect(scripts).toHaveProperty(script);
  });
});

describe("tools/README.md", () => {
  const page = read("tools/README.md");

  test("names every option of simulate", async () => {
    const { stdout } = await hibernode(["simulate", "--help"]);
    const flags = [...stdout.matchAll(/^ +(--[a-z-]+)/gm)].map(([, flag]) => flag!);
    expect(flags.length).toBeGreaterThan(10);
    expect(flags.filter((flag) => !page.includes(`\`${flag}`))).toEqual([]);
  });

  test.each(Object.keys(faultKinds))("describes the fault %s", (kind) =>
    expect(page).toMatch(new RegExp(`^\\| \`${kind}\` +\\| \\w`, "m")),
  );
});
