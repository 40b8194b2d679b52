/**
 * Runs an unmodified stock module of Espruino against a simulated part in the fast engine. The part is an ideal one: no
 * noise and no constant error, so that what is read may differ from the world only by the part's resolution.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Clock } from "../../tools/simulator/clock.ts";
import { Device } from "../../tools/simulator/device.ts";
import { Ledger } from "../../tools/simulator/energy/ledger.ts";
import { Wires } from "../../tools/simulator/espruino/wires.ts";
import { attach } from "../../tools/simulator/parts/attach.ts";
import type { CatalogueWiring } from "../../tools/simulator/parts/catalogue.ts";

/** Folder with the stock modules (EspruinoDocs' `devices`); undefined = nothing to compare with. */
export const folder = process.env["ESPRUINO_MODULES"];

export const i2c = { sda: "D21", scl: "D22", place: "here" } as const;
export const serial = { tx: "D17", rx: "D16", place: "here" } as const;
const setup = "I2C1.setup({ sda: D21, scl: D22 });";
/** The values with which every constant error and all noise vanish. */
const ideal = { next: () => 0.5, normal: () => 0 };
const supply = { batteryVolts: 3.6, railVolts: 3.3, quiescentAmps: 0, selfDischargeAmps: 0 };
const figures = { bootMs: 700, bootAmps: 0.05, activeAmps: 0.06, sleepAmps: 1e-5, lightSleepAmps: 1e-3 };

export interface Trial {
  readonly wiring: CatalogueWiring;
  readonly world: Readonly<Record<string, number>>;
  /** Calls `report(value)` once; `I2C1` is set up. */
  readonly program: string;
  readonly seconds?: number | undefined;
  /** Done to the wires before the program starts. */
  readonly prepare?: (wires: Wires) => void;
}

export interface Outcome {
  readonly read: unknown;
  /** What else was printed: errors that nothing caught. */
  readonly printed: string;
  /** Coulombs that the part has drawn. */
  readonly coulombs: number;
}

/** What the program reports; undefined when it reports nothing. */
export function tryStock({ wiring, world, program, seconds = 5, prepare }: Trial): Outcome {
  const clock = new Clock();
  const wires = new Wires();
  const ledger = new Ledger(clock, supply);
  const context = {
    clock,
    meter: ledger.meter(),
    random: ideal,
    world: (quantity: string): number => {
      const value = world[quantity];
      if (value === undefined) throw new Error(`the trial's world has no ${quantity}`);
      return value;
    },
    nextChangeUs: () => Infinity,
    fault: () => false,
    trace: () => {},
  };
  attach({ name: "it", wiring, context, wires, railVolts: supply.railVolts, unixAtStart: 1_767_225_600 });
  prepare?.(wires);
  let printed = "";
  const device = new Device({
    clock,
    wires,
    chip: "esp32",
    figures,
    meter: { set: () => {}, pulse: () => {} },
    random: ideal,
    closed: false,
    bundle: `function report(value) { print("@" + JSON.stringify(value)); }\n${setup}\n${program}`,
    modules: (name) => {
      const file = join(folder ?? "", `${name}.js`);
      return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    },
    console: (text) => void (printed += text),
  });
  device.powerOn();
  clock.runUntil((figures.bootMs / 1000 + seconds) * 1e6);
  device.powerCut();
  const lines = printed.split("\n");
  const answer = lines.find((line) => line.startsWith("@"));
  const rest = lines.filter((line) => line && !line.startsWith("@")).join("\n");
  const coulombs = ledger.batteryJoules() / supply.batteryVolts;
  return { read: answer === undefined ? undefined : (JSON.parse(answer.slice(1)) as unknown), printed: rest, coulombs };
}
