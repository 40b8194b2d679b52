/** The same device twice: once on the fast engine, once on the interpreter that ESPRUINO names. Everything seen is kept. */
import { Clock } from "../../tools/simulator/clock.ts";
import { Device, type DeviceOptions } from "../../tools/simulator/device.ts";
import { Wires } from "../../tools/simulator/espruino/wires.ts";
import {
  createInterpreterDevice,
  type InterpreterDevice,
  type InterpreterDeviceOptions,
} from "../../tools/simulator/interpreter/device.ts";
import { findInterpreter, type Interpreter } from "../../tools/simulator/interpreter/probe.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";

export const espruino = process.env["ESPRUINO"];

let found: Interpreter | undefined;
export const interpreter = (): Interpreter => (found ??= findInterpreter(espruino!));

const figures = { bootMs: 700, bootAmps: 0.05, activeAmps: 0.06, sleepAmps: 1e-5, lightSleepAmps: 1e-3 };

export interface BenchOptions extends Partial<InterpreterDeviceOptions> {
  /** Things that happen from outside, by second. */
  readonly events?: Readonly<Record<number, (bench: { device: Device; wires: Wires }) => void>>;
}

export interface Bench<D extends Device> {
  readonly clock: Clock;
  readonly wires: Wires;
  readonly device: D;
  /** Transactions, states, currents and printed text, with their times in microseconds. */
  readonly log: string[];
}

function plug<D extends Device>(
  create: (options: DeviceOptions) => D,
  program: string,
  { events = {}, ...options }: BenchOptions,
): Bench<D> {
  const clock = new Clock();
  const wires = new Wires();
  const log: string[] = [];
  const note = (text: string): void => void log.push(`${clock.nowUs} ${text}`);
  // A thermometer that counts its reads, and an echo on the UART.
  let reads = 0;
  wires
    .i2c("D21", "D22")
    .attach({ address: 0x48, write: (data) => data[0] !== 0xee, read: (count) => new Uint8Array(count).fill(++reads) });
  const uart = wires.serial("D17", "D16");
  uart.attach({ receive: (bytes, baud) => uart.line.transmit(bytes, baud) });
  wires.analog("D34", () => 1.65);
  wires.pin("D4").listen({ changed: (level) => note(`D4 ${level}`) });
  wires.pin("D13");
  const device = create({
    clock,
    wires,
    figures,
    chip: "esp32",
    random: randomFor(1, "chip"),
    bundle: program,
    meter: { set: (amps, cause) => note(`${amps} A for ${cause}`), pulse: () => {} },
    trace: (signal, value) => note(`${signal} = ${value}`),
    console: (text) => note(`printed ${JSON.stringify(text)}`),
    observe: ({ atUs, bus, kind, address, data }) =>
      void log.push(`${atUs} ${bus} ${kind} ${address ?? ""} ${Buffer.from(data).toString("hex")}`),
    ...options,
  });
  for (const [second, happen] of Object.entries(events))
    clock.at(Number(second) * 1e6, () => happen({ device, wires }));
  device.powerOn();
  return { clock, wires, device, log };
}

export function fast(program: string, options: BenchOptions = {}): Bench<Device> {
  return plug((all) => new Device(all), program, options);
}

/** Close the device when done. */
export function real(program: string, options: BenchOptions = {}): Bench<InterpreterDevice> {
  return plug(
    (all) => createInterpreterDevice({ ...all, interpreter: options.interpreter ?? interpreter() }),
    program,
    options,
  );
}

/** What both engines did in that many seconds. */
export function both(program: string, seconds: number, options: BenchOptions = {}) {
  const one = fast(program, options);
  one.clock.runUntil(seconds * 1e6);
  one.device.powerCut();
  const other = real(program, options);
  try {
    other.clock.runUntil(seconds * 1e6);
  } finally {
    other.device.close();
  }
  return { fast: one, real: other };
}
