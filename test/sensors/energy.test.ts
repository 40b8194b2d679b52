/** A reading with our driver costs less than with Espruino's own module; the exceptions have their reasons. */
import { expect, test } from "vitest";
import { energyTable } from "../../tools/bench/sensors/energy.ts";

const modules = process.env["ESPRUINO_MODULES"];
if (!modules) console.log("energy per reading not compared: set ESPRUINO_MODULES to a folder with Espruino's modules");

/** Where the stock module takes less, and what it leaves out. */
const dearer: Readonly<Record<string, string>> = {
  aht20: "it does not wait for the measurement: it reads the one before",
  ads1115: "it waits 8 ms; a converter that is 10 % slow takes 8.7",
  tsl2561: "it does not wait for an oscillator at the slow end of its tolerance",
  thermistor: "one conversion instead of the mean of eight",
};

test("every driver reads at every wake, and for less than the stock module", async () => {
  const rows = await energyTable(modules);
  for (const { sensor, ours } of rows) expect(ours, sensor).toBeDefined();
  if (!modules) return;
  const lost = rows.filter(({ ours, stock }) => stock && ours!.millijoules > stock.millijoules * 1.003);
  expect(lost.map(({ sensor }) => sensor).sort()).toEqual(Object.keys(dearer).sort());
  expect(rows.filter(({ stock }) => stock).length).toBeGreaterThanOrEqual(24);
}, 60_000);
