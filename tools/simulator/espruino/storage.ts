/**
 * Storage: files one after another in the flash, each a 32-byte header and its data, padded to 4 bytes. Deleting clears
 * the first four characters of the name; when nothing fits any more, everything after the first deleted file is rewritten.
 */
import { fromLatin1, latin1 } from "./data.ts";
import type { FlashDriver } from "./flash-driver.ts";
import { type Flash, PAGE_BYTES, STORAGE_END as END, STORAGE_START as START } from "./flash.ts";

const HEADER = 32;
const NAME = 28;
export const STORAGE_FILE = 64;
const COMPRESSED = 128;
const UNSET = 0xffffffff;

export interface Entry {
  /** Of the header. */
  readonly address: number;
  readonly size: number;
  readonly flags: number;
  readonly deleted: boolean;
}

export interface Stats {
  totalBytes: number;
  freeBytes: number;
  fileBytes: number;
  fileCount: number;
  trashBytes: number;
  trashCount: number;
}

/** Why a write failed, in the interpreter's words. */
export class StorageError extends Error {}

const align = (n: number): number => (n + 3) & ~3;
export const dataOf = (entry: Entry): number => entry.address + HEADER;
const isReal = ({ deleted, flags }: Entry): boolean =>
  !deleted && (flags === 0 || flags === STORAGE_FILE || flags === COMPRESSED);

export class Storage {
  readonly #flash: Flash;
  readonly #driver: FlashDriver;
  readonly #print: (text: string) => void;

  constructor(flash: Flash, driver: FlashDriver, print: (text: string) => void) {
    this.#flash = flash;
    this.#driver = driver;
    this.#print = print;
  }

  /** 28 characters at most; a drive prefix like `C:` is dropped. */
  static fileName(name: string): string {
    const cut = name.slice(0, NAME);
    return cut[1] === ":" ? cut.slice(2) : cut;
  }

  find(name: string): Entry | undefined {
    const wanted = Storage.fileName(name);
    for (const entry of this.#entries()) if (!entry.deleted && this.name(entry) === wanted) return entry;
    return undefined;
  }

  name({ address }: Entry): string {
    const name = this.#flash.text(address + 4, NAME);
    const end = name.indexOf("\0");
    return end < 0 ? name : name.slice(0, end);
  }

  list(): Entry[] {
    return [...this.#entries()].filter(isReal);
  }

  /** Memory-mapped: reading takes no time of its own. */
  text(entry: Entry, offset = 0, length = entry.size - offset): string {
    return this.#flash.text(dataOf(entry) + offset, length);
  }

  erase(name: string): void {
    const entry = this.find(name);
    if (entry) this.#delete(entry);
  }

  eraseAll(): void {
    this.#driver.erasePages(START, END - START);
  }

  /** Throws StorageError. `size` reserves room for later writes at other offsets. */
  write(name: string, data: Uint8Array, offset = 0, size = 0, flags = 0): boolean {
    if (offset < 0 || size < 0) return false;
    const total = size || data.length;
    if (!total) throw new StorageError("Can't create zero length file");
    let entry = this.find(name);
    if (
      offset === 0 &&
      (!entry || entry.flags !== flags || entry.size !== total || !this.#isErased(dataOf(entry), total))
    ) {
      if (
        entry &&
        entry.size === total &&
        entry.flags === flags &&
        data.length === total &&
        this.#flash.text(dataOf(entry), total) === fromLatin1(data)
      )
        return true;
      if (entry) this.#delete(entry);
      entry = this.#create(Storage.fileName(name), total, flags);
    }
    if (!entry) throw new StorageError("Unable to find or create file");
    if (offset + data.length > entry.size) throw new StorageError("Too much data for file size");
    const at = dataOf(entry) + offset;
    if (!this.#isErased(at, data.length)) throw new StorageError("File already written with different data");
    this.#driver.write(at, data);
    return true;
  }

  stats(): Stats {
    const stats = { totalBytes: END - START, freeBytes: 0, fileBytes: 0, fileCount: 0, trashBytes: 0, trashCount: 0 };
    let last = START;
    for (const { address, size, deleted } of this.#entries()) {
      const bytes = align(size) + HEADER;
      last = address + bytes;
      stats[deleted ? "trashBytes" : "fileBytes"] += bytes;
      stats[deleted ? "trashCount" : "fileCount"]++;
    }
    stats.freeBytes = END - last;
    return stats;
  }

  /** Rewrites everything from the first page with a deleted file on. True when that freed something. */
  compact(): boolean {
    if (!this.stats().trashBytes) return false;
    this.#print("Compacting... ");
    const from = this.#firstPageWithTrash();
    const files = this.list().filter(({ address }) => address >= from);
    const moved = files.map((entry) => this.#flash.read(entry.address, HEADER + align(entry.size)));
    const image = Buffer.concat(moved);
    const usedEnd = Math.max(...[...this.#entries()].map(({ address, size }) => address + HEADER + align(size)));
    for (let at = 0; at < image.length; at += PAGE_BYTES) {
      this.#driver.erasePage(from + at);
      this.#driver.write(from + at, image.subarray(at, at + PAGE_BYTES));
    }
    const firstFree = from + Math.ceil(image.length / PAGE_BYTES) * PAGE_BYTES;
    if (firstFree < usedEnd) this.#driver.erasePages(firstFree, usedEnd - firstFree);
    this.#print("\n");
    return true;
  }

  /** What the interpreter checks at boot before it trusts the headers; when false it erases everything. */
  isValid(): boolean {
    let address = START;
    let entry = this.#entryAt(address);
    let judged = START;
    if (entry) {
      for (;;) {
        const next: number = align(address + HEADER + entry.size);
        if (next + HEADER > END) return next <= END;
        judged = next;
        let following = this.#entryAt(next);
        if (!following) {
          judged = next - (next % PAGE_BYTES) + PAGE_BYTES;
          if (judged >= END) return next <= END;
          following = this.#entryAt(judged);
        }
        if (!following) break;
        entry = following;
        address = judged;
      }
    }
    return judged === START ? this.#isErased(START, END - START) : this.#isErased(judged, HEADER);
  }

  *#entries(): Generator<Entry> {
    let address = START;
    let entry = this.#entryAt(address);
    while (entry) {
      yield entry;
      address = align(address + HEADER + entry.size);
      if (address + HEADER > END) return;
      entry = this.#entryAt(address);
      if (entry) continue;
      // Nothing more in this page: files may go on at the start of the next one, but never further.
      address = address - (address % PAGE_BYTES) + PAGE_BYTES;
      if (address >= END) return;
      entry = this.#entryAt(address);
    }
  }

  #entryAt(address: number): Entry | undefined {
    const { bytes } = this.#flash;
    const word =
      (bytes[address]! | (bytes[address + 1]! << 8) | (bytes[address + 2]! << 16) | (bytes[address + 3]! << 24)) >>> 0;
    if (word === UNSET || word === 0) return undefined;
    const size = word & 0xffffff;
    if (address + HEADER + size > END) return undefined;
    const deleted = !(bytes[address + 4]! | bytes[address + 5]! | bytes[address + 6]! | bytes[address + 7]!);
    return { address, size, flags: word >>> 24, deleted };
  }

  #delete({ address }: Entry): void {
    this.#driver.write(address + 4, new Uint8Array(4));
  }

  #create(name: string, size: number, flags: number): Entry | undefined {
    const required = align(size) + HEADER;
    let address = this.#room(required);
    if (address === undefined) {
      const { freeBytes, trashBytes, trashCount } = this.stats();
      if (required >= freeBytes + trashBytes - trashCount * HEADER || !this.compact()) return undefined;
      address = this.#room(required);
      if (address === undefined) return undefined;
    }
    const header = new Uint8Array(HEADER);
    new DataView(header.buffer).setUint32(0, (size | (flags << 24)) >>> 0, true);
    header.set(latin1(name).subarray(0, NAME), 4);
    this.#driver.write(address, header);
    return { address, size, flags, deleted: false };
  }

  /** The first place where `required` bytes fit: after the last file of a run of pages. */
  #room(required: number): number | undefined {
    let address = START;
    for (;;) {
      for (let entry = this.#entryAt(address); entry; entry = this.#entryAt(address)) {
        address = align(address + HEADER + entry.size);
        if (address + HEADER > END) return undefined;
      }
      const nextPage = address - (address % PAGE_BYTES) + PAGE_BYTES;
      const space = (nextPage < END && this.#entryAt(nextPage) ? nextPage : END) - address;
      if (space >= required) return address;
      if (nextPage >= END) return undefined;
      address = nextPage;
    }
  }

  /** Start of the last page that began with a header before the first deleted file. */
  #firstPageWithTrash(): number {
    let page = START;
    for (const { address, deleted } of this.#entries()) {
      if (address % PAGE_BYTES === 0) page = address;
      if (deleted) return page;
    }
    return page;
  }

  #isErased(address: number, length: number): boolean {
    const { bytes } = this.#flash;
    for (let i = address; i < address + length; i++) if (bytes[i] !== 0xff) return false;
    return true;
  }
}
