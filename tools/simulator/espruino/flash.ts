/**
 * The flash chip beside the microcontroller: 4 MB of NOR cells whose bits only a page erase sets again, with the time
 * that each operation takes. It keeps its content through sleep, restarts and power cuts.
 */
export const FLASH_BYTES = 0x400000;
export const PAGE_BYTES = 4096;
export const STORAGE_START = 0x320000;
export const STORAGE_END = 0x400000;

/**
 * Typical figures of a W25Q32JV (AC characteristics: tBP1, tBP2, tPP, tSE), from memory: unverified.
 * Reads: dual I/O at 40 MHz, 4 clocks a byte.
 */
export const flashTimes = {
  firstByteUs: 30,
  nextByteUs: 2.5,
  pageProgramUs: 400,
  pageErase4kUs: 45_000,
  readByteUs: 0.1,
};

const PROGRAM_PAGE_BYTES = 256;

export class Flash {
  readonly bytes = new Uint8Array(FLASH_BYTES).fill(0xff);
  /** Changes whenever the Storage area may have changed. */
  storageVersion = 0;

  /** A look at the bytes, not a copy, wherever the range lies inside the chip: copy what is kept. */
  view(address: number, length: number): Uint8Array {
    const inside = address >= 0 && address + length <= FLASH_BYTES;
    return inside ? this.bytes.subarray(address, address + length) : this.read(address, length);
  }

  read(address: number, length: number): Uint8Array {
    const data = new Uint8Array(length).fill(0xff);
    if (address >= 0 && address < FLASH_BYTES)
      data.set(this.bytes.subarray(address, Math.min(address + length, FLASH_BYTES)));
    return data;
  }

  /** The bytes as one character each. */
  text(address: number, length: number): string {
    return Buffer.from(this.bytes.buffer, address, length).toString("latin1");
  }

  /** Clears bits; never sets one. */
  program(address: number, data: Uint8Array): void {
    const { bytes } = this;
    for (let i = 0; i < data.length; i++) bytes[address + i]! &= data[i]!;
    this.#touched(address);
  }

  /** Erases the page that holds `address`; only the first `length` bytes of it when the power fails half-way. */
  erase(address: number, length = PAGE_BYTES): void {
    if (!(address >= 0 && address < FLASH_BYTES)) return;
    const page = address - (address % PAGE_BYTES);
    this.bytes.fill(0xff, page, page + length);
    this.#touched(address);
  }

  /** Image of the Storage partition, for comparison with a real device's. */
  get storageImage(): Uint8Array {
    return this.bytes.subarray(STORAGE_START, STORAGE_END);
  }

  #touched(address: number): void {
    if (address >= STORAGE_START) this.storageVersion++;
  }
}

/** Time to program `length` bytes: each program page is a command of its own. */
export function programUs(address: number, length: number): number {
  let us = 0;
  for (let at = address; at < address + length;) {
    const n = Math.min(PROGRAM_PAGE_BYTES - (at % PROGRAM_PAGE_BYTES), address + length - at);
    us += Math.min(flashTimes.firstByteUs + (n - 1) * flashTimes.nextByteUs, flashTimes.pageProgramUs);
    at += n;
  }
  return us;
}
