/** What one reading costs, our driver and Espruino's module on the same simulated part; see sensors/energy.ts. */
import { table } from "../terminal/table.ts";
import { figures } from "./sensors/bench.ts";
import { energyTable, EVERY_S } from "./sensors/energy.ts";

const number = (value: number | undefined): string =>
  value === undefined ? "" : value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);

const modules = process.env["ESPRUINO_MODULES"];
const rows = await energyTable(modules);
const cells = rows.map(({ sensor, module, ours, stock }) => [
  sensor,
  number(ours?.microcoulombs),
  number(ours?.awakeMs),
  number(ours?.millijoules),
  module ?? "none",
  ...(modules && module && !stock
    ? ["reads only once", "", ""]
    : [number(stock?.microcoulombs), number(stock?.awakeMs), number(stock?.millijoules)]),
]);
process.stdout.write(
  `${table(["driver", "part µC", "awake ms", "both mJ", "stock module", "part µC", "awake ms", "both mJ"], cells, [1, 2, 3, 5, 6, 7])}\n`,
);
process.stdout.write(
  `\na reading every ${EVERY_S / 60} minutes, the chip awake at ${figures.activeAmps * 1000} mA; boot and sleep are not in it\n`,
);
if (!modules)
  process.stdout.write("for the comparison set ESPRUINO_MODULES to a folder with EspruinoDocs' devices/*.js\n");
