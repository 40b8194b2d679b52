/** A reading with our driver costs less than with Espruino's own module; the exceptions have their reasons. */
import { format } from "prettier";
import { expect, test } from "vitest";
import { energyPage, energyTable } from "../../tools/bench/sensors/energy.ts";
import { dearer } from "../../tools/bench/sensors/larger.ts";
import { packageFolder } from "../../tools/package-folder.ts";

const modules = process.env["ESPRUINO_MODULES"];
if (!modules) console.log("energy per reading not compared: set ESPRUINO_MODULES to a folder with Espruino's modules");

test("every driver reads at every wake, and for less than the stock module", async () => {
  const rows = await energyTable(modules);
  for (const { sensor, ours } of rows) expect(ours, sensor).toBeDefined();
  if (!modules) return;
  const lost = rows.filter(({ ours, stock }) => stock && ours!.millijoules > stock.millijoules * 1.003);
  expect(lost.map(({ sensor }) => sensor).sort()).toEqual(Object.keys(dearer).sort());
  expect(rows.filter(({ stock }) => stock).length).toBeGreaterThanOrEqual(24);
  const page = await format(energyPage(rows), { parser: "markdown", printWidth: 120 });
  await expect(page).toMatchFileSnapshot(`${packageFolder}/lib/sensors/compared/energy.md`);
}, 60_000);
