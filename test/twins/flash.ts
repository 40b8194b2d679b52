/**
 * NOR flash in memory, behind the device's FlashPort: bits only clear, pages erase whole, the driver takes whole words
 * only. Power can fail in any operation; what that leaves is up to a `Tear`: bits done, not done, or wavering, which
 * read differently from time to time until they are written or erased.
 */
import type { Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { FlashPort } from "../../lib/platform/ports.ts";

export class PowerCut extends Error {}

/** How far the operation that loses power gets. */
export interface Tear {
  /** Bytes that are finished. */
  readonly done: number;
  /**
   * What becomes of the other bits that were to change: left as they were, done or not at random, or undecided. These
   * read at random every time ("wavering"), or as not yet programmed by the next boot but as programmed by all later
   * ones ("sinking"), or the other way round ("rising"). "backwards": the first `done` bytes are left as they were, and it is the others that are done, an erase at random.
   */
  readonly rest: "untouched" | "random" | "wavering" | "sinking" | "rising" | "backwards";
  readonly seed: number;
}

const CLEAN: Tear = { done: 0, rest: "untouched", seed: 1 };

/** xorshift32. */
function mix(state: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  return (state ^ (state << 5)) >>> 0;
}

export class NorFlash implements FlashPort {
  readonly bytes: Uint8Array;
  /** Undecided bits. */
  readonly wavering: Uint8Array;
  #wavers: Tear["rest"] | undefined;
  /** Boots since the power last failed in an operation. */
  #boots = 0;
  #noise = 0x9e3779b9;
  /** Operations (writes and erases) until the power fails; Infinity = never. */
  cutAfter = Infinity;
  tear = CLEAN;
  operations = 0;
  reads = 0;
  bytesRead = 0;
  writes = 0;
  bytesWritten = 0;
  /** Erases by page. */
  readonly erased: number[];
  /** When set, collects the length of every operation: 0 for an erase. */
  log: number[] | undefined;

  constructor(
    readonly base: number,
    pages: number,
    readonly pageBytes = 4096,
  ) {
    this.bytes = new Uint8Array(pages * pageBytes).fill(255);
    this.wavering = new Uint8Array(this.bytes.length);
    this.erased = new Array<number>(pages).fill(0);
  }

  get erases(): number {
    return this.erased.reduce((sum, count) => sum + count, 0);
  }

  clone(): NorFlash {
    const copy = new NorFlash(this.base, this.erased.length, this.pageBytes);
    copy.bytes.set(this.bytes);
    copy.wavering.set(this.wavering);
    copy.#wavers = this.#wavers;
    copy.#noise = this.#noise;
    copy.#boots = this.#boots;
    return copy;
  }

  /** All that later reads depend on. */
  digest(hash: Hash): void {
    hash.update(this.bytes);
    if (!this.wavering.some((mask) => mask)) return;
    hash.update(this.wavering).update(`${this.#wavers} ${this.#noise} ${Math.min(this.#boots, 2)}`);
  }

  /** Power will fail in the operation after that many more. */
  cut(after: number, tear: Tear = CLEAN): void {
    this.cutAfter = this.operations + after;
    this.tear = tear;
  }

  powerUp(): void {
    this.cutAfter = Infinity;
  }

  boot(): void {
    this.#boots++;
  }

  read(length: number, address: number): Uint8Array {
    this.reads++;
    this.bytesRead += length;
    const from = this.#offset(address, length);
    const out = this.bytes.slice(from, from + length);
    if (this.#wavers)
      for (let i = 0; i < length; i++) {
        const mask = this.wavering[from + i]!;
        if (mask) out[i] = (out[i]! & ~mask) | (this.#reading() & mask);
      }
    return out;
  }

  /** What undecided bits read as at this moment. */
  #reading(): number {
    if (this.#wavers === "wavering") return (this.#noise = mix(this.#noise));
    return this.#boots < 2 === (this.#wavers === "sinking") ? 255 : 0;
  }

  write(data: string | Uint8Array, address: number): void {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    const from = this.#offset(address, bytes.length);
    if ((address | bytes.length) & 3) throw new Error(`write of ${bytes.length} bytes at ${address}: not whole words`);
    this.writes++;
    this.bytesWritten += bytes.length;
    this.#operate(bytes.length, (done, rest, seed) => {
      for (let i = 0; i < bytes.length; i++) {
        const at = from + i;
        const clear = ~bytes[i]! & 255;
        if (rest === "backwards" ? i >= done : i < done) {
          this.bytes[at]! &= ~clear;
          this.wavering[at]! &= ~clear;
          continue;
        }
        if (rest === "untouched") break;
        if (rest === "backwards") continue;
        const open = clear & (this.bytes[at]! | this.wavering[at]!);
        const some = open & (seed = mix(seed));
        if (rest === "random") {
          this.bytes[at]! &= ~some;
          this.wavering[at]! &= ~some;
        } else this.#waver(at, rest === "wavering" ? some : open, rest);
      }
    });
  }

  erasePage(address: number): void {
    const start = this.#offset(address, 1);
    const page = Math.floor(start / this.pageBytes);
    this.#operate(0, (done, rest, seed) => {
      const end = (page + 1) * this.pageBytes;
      const finished = Math.min(page * this.pageBytes + done, end);
      this.erased[page]!++;
      if (rest !== "backwards") {
        this.bytes.fill(255, page * this.pageBytes, finished);
        this.wavering.fill(0, page * this.pageBytes, finished);
      }
      if (rest === "untouched") return;
      for (let at = finished; at < end; at++) {
        // chips program a page to zero before they erase it: any value can be what is left
        const some = (seed = mix(seed)) & 255;
        this.bytes[at] = some;
        this.wavering[at] = 0;
        if (rest === "sinking" || rest === "rising") this.bytes[at] = 255;
        if (rest !== "random" && rest !== "backwards") this.#waver(at, (seed = mix(seed)) & 255, rest);
      }
    });
  }

  sum(bytes: Uint8Array): number {
    let total = 0;
    for (const byte of bytes) total += byte;
    return total;
  }

  text(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("latin1");
  }

  crc32(data: Uint8Array | string): number {
    return crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  #waver(at: number, mask: number, how: Tear["rest"]): void {
    this.wavering[at]! |= mask;
    this.#wavers = how;
    this.#boots = 0;
  }

  #offset(address: number, length: number): number {
    const offset = address - this.base;
    if (offset < 0 || offset + length > this.bytes.length)
      throw new Error(`flash access outside its pages: ${address}`);
    return offset;
  }

  #operate(length: number, apply: (done: number, rest: Tear["rest"], seed: number) => void): void {
    this.log?.push(length);
    if (this.operations++ >= this.cutAfter) {
      apply(this.tear.done, this.tear.rest, mix(this.tear.seed | 1));
      throw new PowerCut();
    }
    apply(Infinity, "untouched", 1);
  }
}
