/** The master's side of a 1-Wire line, for tests. */
import type { OneWireTarget } from "../../../tools/simulator/espruino/wires.ts";

export function oneWire(target: OneWireTarget) {
  const write = (byte: number): void => {
    for (let bit = 0; bit < 8; bit++) target.write(((byte >> bit) & 1) as 0 | 1);
  };
  const read = (): number => {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= target.read() << bit;
    return byte;
  };
  return {
    write,
    read,
    /** Reset, skip ROM, a command, and so many bytes back. */
    command(code: number, count = 0, ...data: number[]): number[] {
      target.reset();
      for (const byte of [0xcc, code, ...data]) write(byte);
      return Array.from({ length: count }, read);
    },
  };
}
