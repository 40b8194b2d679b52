/** NOR flash in memory, behind the device's FlashPort: bits only clear, pages erase whole, power can fail in any write. */
import { crc32 } from "node:zlib";
import type { FlashPort } from "../../lib/platform/ports.ts";

export class PowerCut extends Error {}

export class NorFlash implements FlashPort {
  readonly bytes: Uint8Array;
  /** Operations (writes and erases) until the power fails; Infinity = never. */
  cutAfter = Infinity;
  /** Bytes of the failing operation that still take effect. */
  cutBytes = 0;
  operations = 0;
  reads = 0;
  erases = 0;

  constructor(
    readonly base: number,
    pages: number,
  ) {
    this.bytes = new Uint8Array(pages * 4096).fill(255);
  }

  read(length: number, address: number): Uint8Array {
    this.reads++;
    return this.bytes.slice(address - this.base, address - this.base + length);
  }

  write(data: string, address: number): void {
    this.#operate((limit) => {
      for (let i = 0; i < Math.min(data.length, limit); i++) this.bytes[address - this.base + i]! &= data.charCodeAt(i);
    });
  }

  erasePage(address: number): void {
    const start = (address - this.base) & ~4095;
    this.#operate((limit) => {
      this.erases++;
      this.bytes.fill(255, start, start + Math.min(4096, limit));
    });
  }

  sum(bytes: Uint8Array): number {
    return bytes.reduce((total, byte) => total + byte, 0);
  }

  text(bytes: Uint8Array): string {
    return String.fromCharCode(...bytes);
  }

  crc32(data: Uint8Array | string): number {
    return crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  #operate(apply: (limit: number) => void): void {
    if (this.operations++ >= this.cutAfter) {
      apply(this.cutBytes);
      throw new PowerCut();
    }
    apply(Infinity);
  }
}
