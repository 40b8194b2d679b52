/** `OneWire`: the 1-Wire line bit by bit, with the slots of the interpreter's bit-banging. */
import { bytesOf, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";
import type { OneWireTarget } from "./wires.ts";

/** jswrap_onewire.c: 500 + 80 + 420 µs; 10 + 55 or 65 + 5 µs; 3 + 10 + 53 µs. */
const RESET_US = 1000;
const WRITE_ONE_US = 65;
const WRITE_ZERO_US = 70;
const READ_US = 66;
const MATCH_ROM = 0x55;
const SKIP_ROM = 0xcc;
const SEARCH_ROM = 0xf0;

export function oneWire(machine: Machine, pins: Pins): Peripheral {
  const { realm } = machine;
  const lines = new WeakMap<object, readonly OneWireTarget[]>();
  const line = (self: unknown): readonly OneWireTarget[] => lines.get(self as object) ?? [];

  function reset(self: unknown): boolean {
    machine.spend(RESET_US);
    let present = false;
    for (const target of line(self)) present = target.reset() || present;
    return present;
  }

  function writeBits(self: unknown, value: number, bits: number): void {
    for (let i = 0; i < bits; i++) {
      const bit = ((value >> i) & 1) as 0 | 1;
      machine.spend(bit ? WRITE_ONE_US : WRITE_ZERO_US);
      for (const target of line(self)) target.write(bit);
    }
  }

  function readBits(self: unknown, bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      machine.spend(READ_US);
      let bit = 1;
      for (const target of line(self)) bit &= target.read();
      value |= bit << i;
    }
    return value;
  }

  /** One round of the ROM search: follows `path` up to the last fork taken as 0, and reports the next one. */
  function searchOnce(
    self: unknown,
    command: number,
    path: number[],
    fork: number,
  ): { rom: number[]; next: number } | undefined {
    if (!reset(self)) return undefined;
    writeBits(self, command, 8);
    const rom: number[] = [];
    let next = -1;
    for (let i = 0; i < 64; i++) {
      const pair = readBits(self, 2);
      if (pair === 3) return undefined;
      let bit = pair & 1;
      if (pair === 0) {
        bit = i < fork ? path[i]! : i === fork ? 1 : 0;
        if (bit === 0) next = i;
      }
      rom.push(bit);
      writeBits(self, bit, 1);
    }
    return { rom, next };
  }

  const methods = {
    reset(this: unknown) {
      return reset(this);
    },
    select(this: unknown, rom: unknown) {
      if (typeof rom !== "string" || rom.length !== 16)
        throw new realm.TypeError(`Invalid OneWire device address ${JSON.stringify(rom)}`);
      reset(this);
      writeBits(this, MATCH_ROM, 8);
      for (let i = 0; i < 16; i += 2) writeBits(this, parseInt(rom.slice(i, i + 2), 16), 8);
    },
    skip(this: unknown) {
      writeBits(this, SKIP_ROM, 8);
    },
    write(this: unknown, data: unknown) {
      for (const byte of bytesOf([data], realm)) writeBits(this, byte, 8);
    },
    read(this: unknown, count?: unknown) {
      if (typeof count !== "number") return readBits(this, 8);
      const bytes = new realm.Uint8Array(count);
      for (let i = 0; i < count; i++) bytes[i] = readBits(this, 8);
      return bytes;
    },
    search(this: unknown, command?: unknown) {
      const given = toInt(command);
      const found: string[] = [];
      let path: number[] = [];
      let fork = -1;
      do {
        const round = searchOnce(this, given > 0 && given <= 255 ? given : SEARCH_ROM, path, fork);
        if (!round) break;
        path = round.rom;
        fork = round.next;
        const bytes = Array.from({ length: 8 }, (_, i) =>
          path.slice(i * 8, i * 8 + 8).reduce((byte, bit, at) => byte | (bit << at), 0),
        );
        found.push(bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(""));
      } while (fork >= 0);
      return realm.array(found);
    },
  };

  function OneWire(pin: unknown): object {
    const number = pins.numberOf(pin);
    const port = Object.create(OneWire.prototype as object) as object;
    const targets = number === undefined ? [] : machine.wires.oneWire(`D${number}`);
    if (number !== undefined && !targets.length) machine.wires.mistake(`no 1-Wire part is wired to D${number}`);
    lines.set(port, targets);
    if (number !== undefined) machine.pins.setMode(number, "opendrain_pullup");
    return port;
  }
  OneWire.prototype = adopt(machine, methods);
  return { globals: { OneWire } };
}
