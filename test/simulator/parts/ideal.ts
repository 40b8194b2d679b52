/** A bench with a part that has no constant error and no noise: what it sends follows from the world alone. */
import { bench } from "./bench.ts";
import type { PartContext } from "../../../tools/simulator/hardware.ts";
import type { Part } from "../../../tools/simulator/parts/part.ts";

const random = { next: () => 0.5, normal: () => 0 };

/** Levels that a part drives, by the name of the pin. */
export interface Driven {
  readonly levels: Record<string, 0 | 1>;
  readonly changes: [us: number, pin: string, level: 0 | 1][];
}

export function ideal<Wiring extends { readonly name: string }>(
  create: (context: PartContext, wiring: Wiring) => Part,
  world: Record<string, number>,
  wiring: Partial<Wiring> = {},
  pins: readonly string[] = [],
) {
  const table = bench(world);
  const driven: Driven = { levels: {}, changes: [] };
  const line = (pin: string) => ({
    drive(level: 0 | 1) {
      if (driven.levels[pin] === level) return;
      driven.levels[pin] = level;
      driven.changes.push([table.clock.nowUs, pin, level]);
    },
  });
  const sent: number[] = [];
  const serial = { transmit: (bytes: Uint8Array) => void sent.push(...bytes) };
  const jumps = { us: Infinity };
  const context: PartContext = { ...table.context, random, nextChangeUs: () => jumps.us };
  const lines = Object.fromEntries(pins.map((pin) => [pin, line(pin)]));
  const target = pins.includes("pin") ? { line: lines["pin"] } : { line: serial };
  const part = create(context, { name: "it", lines, ...target, ...wiring } as unknown as Wiring);
  const i2c = part.i2c;
  return {
    ...table,
    part,
    driven,
    sent,
    jumps,
    write: (...bytes: number[]): boolean => i2c!.write(Uint8Array.from(bytes)),
    read: (count: number): number[] | undefined => {
      const bytes = i2c!.read(count);
      return bytes && [...bytes];
    },
    /** Writes the register's number and reads from there. */
    registers(register: number, count: number): number[] {
      i2c!.write(Uint8Array.of(register));
      return [...i2c!.read(count)!];
    },
    word(register: number): number {
      i2c!.write(Uint8Array.of(register));
      const [high, low] = i2c!.read(2)!;
      return high! * 256 + low!;
    },
  };
}

export const signed = (word: number): number => (word << 16) >> 16;
export const wordAt = (bytes: readonly number[], at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
export const littleAt = (bytes: readonly number[], at: number): number => bytes[at]! + bytes[at + 1]! * 256;
