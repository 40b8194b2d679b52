/**
 * What one reading costs with our driver and with Espruino's own module, on the same simulated part: a node that wakes from
 * deep sleep every quarter of an hour, reads, and sleeps again. The part stays supplied.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Device } from "../../simulator/device.ts";
import { isModemPart } from "../../simulator/scenario.ts";
import { driverCode, figures, ideal, plug } from "./bench.ts";
import { dearer } from "./larger.ts";
import { stockPrograms } from "./stock-programs.ts";
import { trials, type DriverTrial } from "./trials.ts";

export const EVERY_S = 900;
const READINGS = 4;

export interface Cost {
  /** Charge that the part takes from the rail from one reading to the next, in microcoulombs. */
  readonly microcoulombs: number;
  /** How long the chip is awake for a reading, boot excluded. */
  readonly awakeMs: number;
  /** Both together, in millijoules at the rail. */
  readonly millijoules: number;
}

/** Undefined when the program did not read every time. */
function costOf(trial: DriverTrial, code: string, modules?: string): Cost | undefined {
  const { clock, wires, ledger, turn } = plug(trial);
  if (trial.world["card"]) turn({ card: 1 });
  let readings = 0;
  const device = new Device({
    clock,
    wires,
    figures,
    chip: "esp32",
    random: ideal,
    meter: ledger.meter(),
    bundle: code,
    console: (text) => { if (text.startsWith("@")) readings++; },
    modules(name) {
      const file = join(modules ?? "", `${name}.js`);
      return modules && existsSync(file) ? readFileSync(file, "utf8") : undefined;
    },
  }); // prettier-ignore
  device.powerOn();
  // the first wake comes after power-on: parts start up, clocks and receivers settle
  clock.runUntil(EVERY_S * 1e6);
  readings = 0;
  const before = new Map(ledger.causes());
  clock.runUntil(EVERY_S * (1 + READINGS) * 1e6);
  const joules = (wanted: (cause: string) => boolean): number =>
    [...ledger.causes()].reduce((sum, [cause, now]) => sum + (wanted(cause) ? now - (before.get(cause) ?? 0) : 0), 0);
  device.powerCut();
  if (readings < READINGS - 1) return undefined;
  const part = joules((cause) => cause.startsWith("sensor: ")) / readings;
  const awake = joules((cause) => cause === "awake") / readings;
  return {
    microcoulombs: (part / 3.3) * 1e6,
    awakeMs: (awake / 3.3 / figures.activeAmps) * 1000,
    millijoules: (part + awake) * 1000,
  };
}

const sleep = `function done(){print("@");setTimeout(function(){ESP32.deepSleep(${EVERY_S - 2}e6)},1)}`;

const short = (value: number): string => (value < 100 ? value.toPrecision(2) : `${Math.round(value)}`);

/** One row a driver, in two digits: the figures move a little with the interpreter's model. */
export function energyPage(rows: Awaited<ReturnType<typeof energyTable>>): string {
  const table = rows
    .filter(({ ours }) => ours)
    .map(({ sensor, module, ours, stock }) =>
      [sensor, ours!, module ?? "none", stock ?? (module ? "fails" : ""), dearer[sensor] ?? ""]
        .map((cell) => (typeof cell === "string" ? cell : short(cell.millijoules)))
        .join(" | "),
    );
  return `# Energy of a reading beside Espruino's own modules

Millijoules at the rail, part and awake chip together, for one reading every quarter of an hour on the same simulated part; boot
and deep sleep of the chip are not in it. A stock module "fails" where it reads only once, or not at all.

driver | mJ | stock module | mJ | where ours takes more
--- | --- | --- | --- | ---
${table.join("\n")}

Repeat: \`ESPRUINO_MODULES=… npx vitest run test/sensors/energy -u\`; with times and charges: \`npm run bench sensors\`.
`;
}

/** @param modules folder with Espruino's modules; without it only our drivers are measured */
export async function energyTable(modules?: string) {
  const code = await driverCode();
  return (
    trials
      // a modem's energy is the modem's, whether it looks for satellites or not
      .filter(({ wiring }) => wiring.part !== "pulse-meter" && wiring.part !== "contact" && !isModemPart(wiring))
      .map((trial) => {
        const stock = stockPrograms[trial.sensor];
        const ours = `${code}\n${sleep}\nlib[0]([lib[${trials.indexOf(trial) + 2}]()],lib[1],done);`;
        const theirs = stock && `I2C1.setup({sda:D21,scl:D22});${sleep}\n${stock.program}`;
        return {
          sensor: trial.sensor,
          module: stock?.module,
          ours: costOf(trial, ours),
          stock: theirs && modules ? costOf(trial, theirs, modules) : undefined,
        };
      })
  );
}
