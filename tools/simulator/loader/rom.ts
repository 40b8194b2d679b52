/**
 * The serial loader in the ROM of an ESP32, C3 or S3, and the flasher stub that a host may load into RAM: requests in,
 * answers out. Written from Espressif's description of the serial protocol (esptool, serial-protocol.rst).
 */
import { createHash } from "node:crypto";
import { inflateSync, constants } from "node:zlib";
import type { Chip } from "../../../boards/types.ts";
import { loaderChips, type LoaderChipFacts } from "./chips.ts";
import { slipFrame, SlipReader } from "./slip.ts";

/** Error codes of the ROM; the stub has others for the same. */
const BAD_MESSAGE = 0x05;
const BAD_CHECKSUM = 0x07;
const BAD_DEFLATE = 0x0b;
const STUB_BAD_LENGTH = 0xc0;
const STUB_BAD_CHECKSUM = 0xc1;
const STUB_UNKNOWN = 0xff;

const OP = {
  flashBegin: 0x02, flashData: 0x03, flashEnd: 0x04, memBegin: 0x05, memEnd: 0x06, memData: 0x07, sync: 0x08,
  writeReg: 0x09, readReg: 0x0a, spiSetParams: 0x0b, spiAttach: 0x0d, readSlow: 0x0e, changeBaud: 0x0f,
  deflBegin: 0x10, deflData: 0x11, deflEnd: 0x12, md5: 0x13, securityInfo: 0x14,
  eraseFlash: 0xd0, eraseRegion: 0xd1, readFlash: 0xd2, runUserCode: 0xd3,
} as const; // prettier-ignore

const SYNC_ANSWERS = 8;
const SYNC_VALUE = 0x20120707;
const SPI_CMD_USR = 1 << 18;
/** READ_FLASH_SLOW answers with so many, however few are asked for. */
const SLOW_BYTES = 64;
const SECTOR = 4096;
const BLOCK = 65536;

/** Typical times of a W25Q32JV, from memory: unverified. MD5: about what stubs reach on a 240 MHz chip, inferred. */
const times = { sectorEraseMs: 45, blockEraseMs: 150, pageProgramMs: 0.4, chipEraseMs: 10_000, md5MsPerMb: 700 };

export interface RomOptions {
  readonly chip: Chip;
  readonly flash: Uint8Array;
  /** Six bytes. */
  readonly mac: Uint8Array;
  /** A frame goes out, after so many milliseconds of work. */
  send(frame: Uint8Array, afterMs: number): void;
  /** From the moment that everything sent so far has gone out. */
  changeBaud(baud: number): void;
  /** Told the number of every request. */
  seen?(op: number): void;
  /** A reset by software: the boot pin is not sampled again, so the chip comes back as what it was. */
  reboot(): void;
  /** The loader ends and the application starts. */
  run(): void;
}

interface Download {
  readonly packed: boolean;
  address: number;
  readonly end: number;
  stream: Buffer;
  written: number;
  erasedUntil: number;
}

export class RomLoader {
  /** Bytes of flash that were erased. */
  erasedBytes = 0;
  readonly #options: RomOptions;
  readonly #facts: LoaderChipFacts;
  readonly #reader = new SlipReader((payload) => this.#receive(payload));
  readonly #registers = new Map<number, number>();
  #stub = false;
  #stale = 0;
  #download: Download | undefined;
  #ram: { address: number; readonly end: number } | undefined;
  /** While READ_FLASH runs, the host's frames are acknowledgements. */
  #reading: { address: number; readonly end: number; readonly packet: number; readonly from: number } | undefined;

  constructor(options: RomOptions) {
    this.#options = options;
    this.#facts = loaderChips[options.chip];
    const { mac, registers, spi } = this.#facts;
    const m = options.mac;
    for (const [address, value] of Object.entries(registers)) this.#registers.set(Number(address), value);
    this.#registers.set(mac[0], ((m[2]! << 24) | (m[3]! << 16) | (m[4]! << 8) | m[5]!) >>> 0);
    this.#registers.set(mac[1], (m[0]! << 8) | m[1]!);
    this.#registers.set(spi.base, 0);
  }

  get stub(): boolean {
    return this.#stub;
  }

  receive(bytes: Uint8Array): void {
    this.#reader.receive(bytes);
  }

  #receive(payload: Uint8Array): void {
    if (this.#reading) return this.#readOn(payload);
    if (payload.length < 8 || payload[0] !== 0) return;
    const op = payload[1]!;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const data = payload.subarray(8);
    this.#options.seen?.(op);
    if (view.getUint16(2, true) !== data.length) return this.#fail(op, this.#stub ? STUB_BAD_LENGTH : BAD_MESSAGE);
    const words = Array.from({ length: data.length >> 2 }, (_, i) => view.getUint32(8 + 4 * i, true));
    this.#execute(op, words, data, view.getUint32(4, true));
  }

  #execute(op: number, words: readonly number[], data: Uint8Array, checksum: number): void {
    const [a = 0, b = 0, c = 0, d = 0] = words;
    const done = (afterMs = 0): void => this.#answer(op, [], 0, afterMs);
    switch (op) {
      case OP.sync:
        for (let i = 0; i < SYNC_ANSWERS; i++) this.#answer(op, [], this.#stub ? 0 : SYNC_VALUE);
        return;
      case OP.readReg:
        this.#stale = this.#registers.get(a) ?? 0;
        return this.#answer(op, [], this.#stale);
      case OP.writeReg:
        this.#write(a, b, c);
        return done();
      case OP.spiSetParams:
      case OP.spiAttach:
        return done();
      case OP.securityInfo: {
        if (this.#facts.chipId === undefined) return this.#unknown(op);
        const info = new Uint8Array(20);
        info[12] = this.#facts.chipId;
        return this.#answer(op, info, 0);
      }
      case OP.changeBaud:
        done();
        return this.#options.changeBaud(a);
      case OP.memBegin:
        this.#ram = { address: d, end: d + a };
        return done();
      case OP.memData:
        if (!this.#sound(data, checksum) || !this.#ram)
          return this.#fail(op, this.#stub ? STUB_BAD_CHECKSUM : BAD_CHECKSUM);
        this.#ram.address += a;
        return done();
      case OP.memEnd:
        return this.#runRam(op, b);
      case OP.flashBegin:
      case OP.deflBegin: {
        if (d + a > this.#options.flash.length) return this.#fail(op, BAD_MESSAGE);
        this.#download = {
          packed: op === OP.deflBegin,
          address: d,
          end: d + a,
          stream: Buffer.alloc(0),
          written: 0,
          erasedUntil: d - (d % SECTOR),
        };
        // the ROM erases everything first, the stub as it goes
        return done(this.#stub ? 0 : this.#eraseUntil(d + a));
      }
      case OP.flashData:
      case OP.deflData:
        return this.#flashData(op, data, checksum);
      case OP.flashEnd:
      case OP.deflEnd:
        this.#download = undefined;
        done();
        if (a === 0) this.#options.reboot();
        return;
      case OP.md5: {
        const hash = createHash("md5").update(this.#options.flash.subarray(a, a + b));
        const answer = this.#stub ? hash.digest() : Buffer.from(hash.digest("hex"), "latin1");
        return this.#answer(op, answer, 0, (b / 1e6) * times.md5MsPerMb);
      }
      case OP.readSlow:
        if (this.#stub) return this.#unknown(op);
        return this.#answer(op, this.#options.flash.subarray(a, a + SLOW_BYTES), 0);
    }
    return this.#stub ? this.#executeStub(op, a, b, c) : this.#unknown(op);
  }

  #executeStub(op: number, a: number, b: number, c: number): void {
    const { flash } = this.#options;
    switch (op) {
      case OP.eraseFlash:
        flash.fill(0xff);
        this.erasedBytes += flash.length;
        return this.#answer(op, [], 0, times.chipEraseMs);
      case OP.eraseRegion:
        flash.fill(0xff, a, a + b);
        this.erasedBytes += b;
        return this.#answer(op, [], 0, (b / SECTOR) * times.sectorEraseMs);
      case OP.readFlash:
        this.#answer(op, [], 0);
        this.#reading = { address: a, end: a + b, packet: c, from: a };
        return this.#readOn(undefined);
      case OP.runUserCode:
        return this.#options.run();
      default:
        return this.#unknown(op);
    }
  }

  /** The next packet of READ_FLASH, once the host has all before it; behind the last one comes the hash. */
  #readOn(acknowledged: Uint8Array | undefined): void {
    const reading = this.#reading!;
    const { flash, send } = this.#options;
    if (acknowledged) {
      const count = new DataView(acknowledged.buffer, acknowledged.byteOffset).getUint32(0, true);
      if (count < reading.address - reading.from) return;
    }
    if (reading.address < reading.end) {
      const next = Math.min(reading.address + reading.packet, reading.end);
      send(slipFrame(flash.subarray(reading.address, next)), 0);
      reading.address = next;
    } else {
      this.#reading = undefined;
      send(slipFrame(createHash("md5").update(flash.subarray(reading.from, reading.end)).digest()), 0);
    }
  }

  #sound(data: Uint8Array, checksum: number): boolean {
    return data.subarray(16).reduce((sum, byte) => sum ^ byte, 0xef) === checksum;
  }

  #flashData(op: number, data: Uint8Array, checksum: number): void {
    const download = this.#download;
    if (!download || download.packed !== (op === OP.deflData))
      return this.#fail(op, this.#stub ? STUB_UNKNOWN : BAD_MESSAGE);
    if (!this.#sound(data, checksum)) return this.#fail(op, this.#stub ? STUB_BAD_CHECKSUM : BAD_CHECKSUM);
    let plain = data.subarray(16);
    if (download.packed) {
      download.stream = Buffer.concat([download.stream, plain]);
      try {
        plain = inflateSync(download.stream, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(download.written);
      } catch {
        return this.#fail(op, BAD_DEFLATE);
      }
      download.written += plain.length;
    }
    const { flash } = this.#options;
    const end = Math.min(download.address + plain.length, flash.length);
    let ms = this.#eraseUntil(Math.min(end, download.end));
    for (let at = download.address; at < end; at++) flash[at]! &= plain[at - download.address]!;
    ms += (plain.length / 256) * times.pageProgramMs;
    download.address += plain.length;
    // the stub confirms at once, and writes while the next block comes in
    this.#answer(op, [], 0, this.#stub ? Math.max(0, ms - 50) : ms);
  }

  #eraseUntil(end: number): number {
    const download = this.#download!;
    let ms = 0;
    while (download.erasedUntil < end) {
      const whole = download.erasedUntil % BLOCK === 0 && download.end - download.erasedUntil >= BLOCK;
      const bytes = whole ? BLOCK : SECTOR;
      this.#options.flash.fill(0xff, download.erasedUntil, download.erasedUntil + bytes);
      this.erasedBytes += bytes;
      download.erasedUntil += bytes;
      ms += whole ? times.blockEraseMs : times.sectorEraseMs;
    }
    return ms;
  }

  #runRam(op: number, entry: number): void {
    const loaded = this.#ram;
    this.#ram = undefined;
    this.#answer(op, [], 0);
    if (!loaded || !entry) return;
    // what hosts load is Espressif's flasher stub: it says so and takes over
    this.#stub = true;
    this.#options.send(slipFrame(Buffer.from("OHAI")), 5);
  }

  /** The flash's SPI controller knows one command here: read the JEDEC id. */
  #write(address: number, value: number, mask: number): void {
    const { base, usr2, w0 } = this.#facts.spi;
    const old = this.#registers.get(address) ?? 0;
    this.#registers.set(address, ((old & ~mask) | (value & mask)) >>> 0);
    if (address !== base || !(value & SPI_CMD_USR)) return;
    this.#registers.set(base, 0);
    const readId = ((this.#registers.get(base + usr2) ?? 0) & 0xff) === 0x9f;
    // Winbond: manufacturer, type, size as a power of two
    if (readId) this.#registers.set(base + w0, 0x40ef | (Math.log2(this.#options.flash.length) << 16));
  }

  #unknown(op: number): void {
    if (this.#stub) return this.#fail(op, STUB_UNKNOWN);
    for (let i = 0; i < 8; i++) this.#send(0, [], 0, [1, BAD_MESSAGE], 0);
  }

  #fail(op: number, code: number): void {
    this.#send(op, [], this.#stub ? 0 : this.#stale, [1, code], 0);
  }

  #answer(op: number, data: ArrayLike<number>, value: number, afterMs = 0): void {
    this.#send(op, data, value || (this.#stub ? 0 : this.#stale), [0, 0], afterMs);
  }

  #send(op: number, data: ArrayLike<number>, value: number, status: readonly number[], afterMs: number): void {
    const tail = this.#stub ? status : [...status, 0, 0];
    const answer = Buffer.alloc(8 + data.length + tail.length);
    answer.writeUInt16LE(0x0001 | (op << 8), 0);
    answer.writeUInt16LE(data.length + tail.length, 2);
    answer.writeUInt32LE(value, 4);
    answer.set(data, 8);
    answer.set(tail, 8 + data.length);
    this.#options.send(slipFrame(answer), afterMs);
  }
}
