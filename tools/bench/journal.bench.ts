/** Life of the flash and energy of a stored reading: the journal beside a line of JSON per reading in a Storage file. */
import Table from "cli-table3";
import { jsonLines, wearOf, workloads } from "./journal-wear.ts";

const table = new Table({
  head: ["workload", "stored by", "years", "erases per reading (state not counted)", "µJ per reading (with state)"],
  style: { head: [], border: [] },
});
for (const workload of workloads)
  for (const [name, cost] of [
    ["journal", wearOf(workload)],
    ["JSON lines", jsonLines(workload)],
  ] as const)
    table.push([
      workload.name,
      name,
      Math.round(cost.years).toLocaleString("en"),
      cost.erasesPerReading.toFixed(4),
      cost.microjoules.toFixed(0),
    ]);
process.stdout.write(`${table.toString()}\n`);
