/** A microcontroller on a bench: no board, no world, everything that it prints and draws kept. */
import type { Chip } from "../../../boards/types.ts";
import { Clock } from "../../../tools/simulator/clock.ts";
import { Device, type DeviceOptions } from "../../../tools/simulator/device.ts";
import type { Transaction } from "../../../tools/simulator/espruino/machine.ts";
import { Wires } from "../../../tools/simulator/espruino/wires.ts";

export const figures = { bootMs: 700, bootAmps: 0.05, activeAmps: 0.06, sleepAmps: 1e-5, lightSleepAmps: 1e-3 };

export interface Rig {
  readonly clock: Clock;
  readonly wires: Wires;
  readonly device: Device;
  readonly log: Transaction[];
  /** Changes of the current: `[seconds, ampere, cause]`. */
  readonly draws: [number, number, string][];
  /** What was printed since the last call, line by line. */
  printed(): string[];
  /** Runs until this many seconds after the start. */
  until(seconds: number): void;
}

export interface RigOptions extends Partial<DeviceOptions> {
  readonly chip?: Chip;
  /** Seconds of boot; 0 puts the program at the start of time. */
  readonly bootMs?: number;
}

/** A device that is on, with its program evaluated. */
export function rig(program: string, { bootMs = 0, wires = new Wires(), ...options }: RigOptions = {}): Rig {
  const clock = new Clock();
  let output = "";
  const log: Transaction[] = [];
  const draws: [number, number, string][] = [];
  let seed = 1;
  const device = new Device({
    clock,
    wires,
    chip: "esp32",
    figures: { ...figures, bootMs },
    meter: { set: (amps, cause) => void draws.push([clock.now, amps, cause]), pulse: () => {} },
    random: { next: () => (seed = (seed * 16807) % 2147483647) / 2147483647, normal: () => 0 },
    bundle: program,
    console: (text) => void (output += text),
    observe: (transaction) => void log.push(transaction),
    ...options,
  });
  device.powerOn();
  clock.runUntil(bootMs * 1000);
  return {
    clock,
    wires,
    device,
    log,
    draws,
    printed() {
      const lines = output.split("\n").slice(0, -1);
      output = "";
      return lines;
    },
    until: (seconds) => clock.runUntil(seconds * 1e6),
  };
}

/** Prints of a program that runs for `seconds`. */
export function run(program: string, seconds = 10, options: RigOptions = {}): string[] {
  const bench = rig(program, options);
  bench.until(seconds);
  return bench.printed();
}
