/** Registers behind a pointer: the first byte of a write sets the pointer, a read goes on from it. */
import type { I2cProtocol } from "./body.ts";

export interface ByteRegisters {
  read(register: number): number;
  write(register: number, value: number): void;
  /** The register after this one in a transfer; the next one unless stated. */
  next?(register: number): number;
  /** Further bytes of a write come in pairs of register and value. */
  pairs?: boolean;
  /** What the first byte of a write does besides naming a register; returns the register. */
  pointer?(byte: number): number;
}

/** Eight-bit registers; the pointer stays where a read left it. */
export function byteRegisters({
  read,
  write,
  next = (register) => (register + 1) & 0xff,
  pairs,
  pointer,
}: ByteRegisters): I2cProtocol {
  let at = 0;
  const name = pointer ?? ((byte: number) => byte);
  return {
    write(data) {
      if (data.length === 0) return true;
      at = name(data[0]!);
      for (let index = 1; index < data.length; index++) {
        if (pairs && index % 2 === 0) {
          at = name(data[index]!);
          continue;
        }
        write(at, data[index]!);
        if (!pairs) at = next(at);
      }
      return true;
    },
    read(count) {
      const bytes = new Uint8Array(count);
      for (let index = 0; index < count; index++) {
        bytes[index] = read(at);
        at = next(at);
      }
      return bytes;
    },
  };
}

export interface WordRegisters {
  /** Undefined: there is no such register, and the line reads as ones. */
  read(register: number): number | undefined;
  write(register: number, value: number): void;
}

/** Sixteen-bit registers, high byte first; the pointer stays. Past the second byte nobody drives the line. */
export function wordRegisters({ read, write }: WordRegisters): I2cProtocol {
  let at = 0;
  return {
    write(data) {
      if (data.length === 0) return true;
      at = data[0]!;
      if (data.length >= 3) write(at, data[1]! * 256 + data[2]!);
      return true;
    },
    read(count) {
      const bytes = new Uint8Array(count).fill(0xff);
      const value = (read(at) ?? 0xffff) & 0xffff;
      bytes.set([value >> 8, value & 0xff].slice(0, count));
      return bytes;
    },
  };
}

/** The low sixteen bits of a signed number, rounded and limited. */
export const int16 = (value: number): number => Math.min(0x7fff, Math.max(-0x8000, Math.round(value))) & 0xffff;
