/**
 * One driver on one simulated part, in either engine: the driver's code as it is flashed reads over and over, and the
 * world changes in between as the caller says.
 */
import { Clock } from "../../simulator/clock.ts";
import { Device, type DeviceOptions } from "../../simulator/device.ts";
import { Ledger } from "../../simulator/energy/ledger.ts";
import type { Transaction } from "../../simulator/espruino/machine.ts";
import { Wires } from "../../simulator/espruino/wires.ts";
import type { PartContext, Random } from "../../simulator/hardware.ts";
import { createInterpreterDevice } from "../../simulator/interpreter/device.ts";
import type { Interpreter } from "../../simulator/interpreter/probe.ts";
import { families } from "../../simulator/modems/families.ts";
import { createModem } from "../../simulator/modems/modem.ts";
import { createNetwork } from "../../simulator/network/network.ts";
import { ideal as idealCell } from "../../simulator/network/profiles.ts";
import { createSink } from "../../simulator/network/sink.ts";
import { attach } from "../../simulator/parts/attach.ts";
import type { Part } from "../../simulator/parts/part.ts";
import { isModemPart, type ModemPart } from "../../simulator/scenario.ts";
import { bundle } from "./code.ts";
import { trials, type DriverTrial, type Values } from "./trials.ts";

export const supply = { batteryVolts: 3.6, railVolts: 3.3, quiescentAmps: 0, selfDischargeAmps: 0 };
export const figures = { bootMs: 700, bootAmps: 0.045, activeAmps: 0.045, sleepAmps: 1e-5, lightSleepAmps: 1e-3 };
const PERIOD_S = 20;
const unixAtStart = 1_767_225_600;

/** The values with which every constant error and all noise vanish. */
export const ideal: Random = { next: () => 0.5, normal: () => 0 };

let code: Promise<string> | undefined;

/** Every driver of the table in one bundle that leaves `lib`: measureAll, after, and what makes each driver, as the table has them. */
export function driverCode(): Promise<string> {
  const imports = trials.flatMap(({ sensor, names }) => Object.entries(names ?? { [sensor]: [camelCase(sensor)] }));
  const lines = [...new Map(imports)].map(([file, names]) => `import { ${names.join(", ")} } from "./${file}.ts";`);
  const makers = trials.map(({ make }) => `() => ${make}`);
  return (code ??= bundle(`${lines.join("\n")}
import { measureAll } from "./measure.ts";
import { after } from "../platform/espruino.ts";
(global as any).lib = [measureAll, after, ${makers.join(", ")}];`));
}

export interface BenchOptions {
  readonly random?: Random;
  readonly interpreter?: Interpreter;
  readonly observe?: (transaction: Transaction) => void;
  /** Done to the wires before the program starts. */
  readonly prepare?: (wires: Wires) => void;
  readonly fault?: (name: string) => boolean;
}

export interface DriverBench extends Plugged {
  /** Lets the driver read in that world: values in their quantities' order, or a fault. */
  read(world: Values): readonly number[] | number;
  close(): void;
}

export interface Plugged {
  readonly clock: Clock;
  readonly wires: Wires;
  readonly ledger: Ledger;
  readonly part: Part;
  /** What the model says it does, and what it draws (itself, whatever feeds it). */
  readonly state: string;
  readonly microamps: number;
  /** From now on the world is this. */
  turn(world: Values): void;
}

/** A trial's part on its wires, in the middle of its world. */
export function plug(trial: DriverTrial, { random = ideal, fault = () => false }: BenchOptions = {}): Plugged {
  const clock = new Clock();
  const wires = new Wires();
  const ledger = new Ledger(clock, supply);
  const meter = ledger.meter();
  const { railVolts } = supply;
  let world: Values = middleOf(trial);
  let state = "";
  let microamps = 0;
  const context: PartContext = {
    clock,
    random,
    fault,
    meter: { set: (amps, cause) => { microamps = amps * 1e6; meter.set(amps, cause); }, pulse: meter.pulse.bind(meter) },
    world(quantity) {
      const value = world[quantity];
      if (value === undefined) throw new Error(`the trial of ${trial.sensor} has no ${quantity}`);
      return value;
    },
    nextChangeUs: () => clock.nowUs + 1e6,
    trace: (signal, value) => { if (signal === "state" || signal === "modem") state = String(value); },
  }; // prettier-ignore
  const { wiring } = trial;
  const part = isModemPart(wiring)
    ? modemOn(wires, wiring, context)
    : attach({ name: "it", wiring, context, wires, railVolts, unixAtStart });
  const supplied = "supply" in wiring && wiring.supply;
  const drawn = supplied ? supplied.volts / railVolts / supplied.efficiency : 1;
  return {
    clock, wires, ledger, part,
    get state() { return state; },
    get microamps() { return microamps / drawn; },
    turn: (now) => void (world = now),
  }; // prettier-ignore
}

/** A modem on a network that always answers. */
function modemOn(
  wires: Wires,
  { part, tx, rx, powerKey, switchedAntenna = false }: ModemPart,
  context: PartContext,
): Part {
  const { clock, random } = context;
  const uart = wires.serial(tx, rx);
  const network = createNetwork({
    clock,
    profile: idealCell,
    unixAtStart,
    server: createSink({ nowUs: () => clock.nowUs }),
    random,
    covered: () => true,
    fault: () => false,
  });
  const options = { powerKeyWiring: "npn", switchedAntenna } as const;
  const modem = createModem({ family: families[part], context, line: uart.line, network, options });
  uart.attach(modem.serial);
  if (powerKey) wires.pin(powerKey).listen(modem.powerKey);
  return modem;
}

export async function driverBench(trial: DriverTrial, options: BenchOptions = {}): Promise<DriverBench> {
  const { interpreter, observe, prepare } = options;
  const plugged = plug(trial, options);
  const { clock, wires } = plugged;
  prepare?.(wires);

  let printed = "";
  const period = trial.periodSeconds ?? PERIOD_S;
  const deviceOptions: DeviceOptions = {
    clock,
    wires,
    figures,
    chip: "esp32",
    random: ideal,
    meter: { set: () => {}, pulse: () => {} },
    observe,
    bundle: `${await driverCode()}
var sensor=lib[${trials.indexOf(trial) + 2}]();
setInterval(function(){lib[0]([sensor],lib[1],function(r){print("@"+JSON.stringify(r[0]))})},${period * 1000});`,
    console: (text) => void (printed += text),
  } as DeviceOptions;
  const device = interpreter ? createInterpreterDevice({ ...deviceOptions, interpreter }) : new Device(deviceOptions);
  device.powerOn();
  // half a period before the first reading: a part that looks at the world now and then has seen it by then
  clock.runUntil(figures.bootMs * 1000 + period * 5e5);

  return Object.assign(plugged, {
    read(now: Values) {
      plugged.turn(now);
      printed = "";
      clock.runUntil(clock.nowUs + period * 1e6);
      const line = printed.split("\n").find((text) => text.startsWith("@"));
      if (!line) throw new Error(`${trial.sensor} gave nothing in ${period} s${printed && `: ${printed}`}`);
      return JSON.parse(line.slice(1)) as readonly number[] | number;
    },
    close() {
      if (interpreter) (device as ReturnType<typeof createInterpreterDevice>).close();
      else device.powerCut();
    },
  });
}

/** A world in the middle of what the part measures. */
export function middleOf({ world }: DriverTrial): Values {
  return Object.fromEntries(
    Object.entries(world).map(([name, of]) => [name, "oneOf" in of ? of.oneOf[0]! : (of[0] + of[1]) / 2]),
  );
}

/** The worlds at the ends of what the part measures: all lowest, all highest, and each alone at either end. */
export function endsOf(trial: DriverTrial): Values[] {
  const middle = middleOf(trial);
  const spans = Object.entries(trial.world).map(([name, of]) => [name, "oneOf" in of ? of.oneOf : of] as const);
  const corner = (at: 0 | -1): Values => Object.fromEntries(spans.map(([name, ends]) => [name, ends.at(at)!]));
  return [corner(0), corner(-1), ...spans.flatMap(([name, ends]) => ends.map((end) => ({ ...middle, [name]: end })))];
}

export const camelCase = (file: string): string => file.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
