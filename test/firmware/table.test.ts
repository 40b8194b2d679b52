/** The table and the plots of the firmwares' pages are those that `npm run bench firmware` wrote, of every firmware. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { parseDuration } from "../../tools/duration.ts";
import { firmwareTable, loadFigures, withTable } from "../../tools/firmware-table.ts";
import { findFirmware, loadScenario } from "../../tools/firmware.ts";
import { findCell } from "../../tools/simulator/energy/cells.ts";
import { sensorNames } from "../../tools/sensor-names.ts";
import { repository } from "../cli/command.ts";

const folder = join(repository, "firmware");
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "node.ts")));
const figures = loadFigures();
const YEAR_S = 365.25 * 86400;

it("the table is that of the figures, with a row for each firmware", async () => {
  expect(Object.keys(figures)).toEqual(names);
  const page = readFileSync(join(folder, "README.md"), "utf8");
  const text = await format(withTable(page, firmwareTable(figures)), { parser: "markdown", printWidth: 120 });
  expect(page).toBe(text);
});

describe.each(names)("%s", (name) => {
  const of = figures[name]!;

  it("has figures of what its folder declares, and lives as long as its trial asks for", async () => {
    const firmware = findFirmware(join(folder, name));
    const scenario = await loadScenario(firmware);
    expect(of.sensors).toEqual(sensorNames(firmware.entry));
    expect(of.decides).toBe(scenario.decides ?? "");
    expect(of.cell).toBe(findCell(scenario.cell).name);
    expect(of.life === undefined).toBe(scenario.harvester !== undefined);
    if (scenario.trial?.life && of.life)
      expect(of.life.p10 * YEAR_S).toBeGreaterThan(parseDuration(scenario.trial.life, "trial"));
  });

  it("shows its plots, which are small", () => {
    const page = readFileSync(join(folder, name, "README.md"), "utf8");
    const plots = readdirSync(join(folder, name)).filter((file) => file.endsWith(".svg"));
    expect(plots).toContain("energy.svg");
    for (const plot of plots) {
      expect(page).toContain(`](${plot})`);
      // without its name space no page shows it
      expect(readFileSync(join(folder, name, plot), "utf8")).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
      expect(statSync(join(folder, name, plot)).size).toBeLessThan(30_000);
    }
  });
});
