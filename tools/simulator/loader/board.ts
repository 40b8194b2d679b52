/**
 * A board on a serial cable, as the host sees it: the reset circuit behind DTR and RTS, the UART with its speed, the ROM
 * loader or the application behind it, and a cable that loses bytes, adds some, or is pulled out.
 */
import type { Chip } from "../../../boards/types.ts";
import type { Line, Signals } from "../../serial/line.ts";
import { randomFor } from "../world/random.ts";
import { RomLoader } from "./rom.ts";

export interface CableFaults {
  /** Chance that a byte is lost, for each. */
  readonly loss?: number;
  /** Chance that a random byte follows a byte. */
  readonly garbage?: number;
  /** The cable loses one byte in 50 above this speed. */
  readonly soundUpTo?: number;
  /** Pulled out when the host has sent so many bytes. */
  readonly unplugAfter?: number;
  /** The system refuses to write when the host has sent so many bytes. */
  readonly writeFailsAfter?: number;
  /** Nothing that the host sends arrives. */
  readonly deaf?: boolean;
}

export interface BoardOptions extends CableFaults {
  readonly chip?: Chip;
  readonly flash?: Uint8Array;
  readonly mac?: Uint8Array;
  /** `circuit`: two transistors. `slow`: with a large capacitor at EN. `usb`: the chip's own USB. `none`: buttons only. */
  readonly reset?: "circuit" | "slow" | "usb" | "none";
  /** Someone holds the boot button, or the board is in its loader already. */
  readonly inLoader?: boolean;
  readonly seed?: string;
  /** What the application prints after a start, at 115,200 baud. */
  readonly prints?: string;
}

/** How long after the end of reset EN is high: 10 kΩ and 1 µF, or ten times that much. Computed. */
const EN_RISES_MS = { circuit: 5, slow: 80, usb: 0, none: 0 };
const ROM_BAUD = 115200;

export class SimulatedBoard implements Line {
  readonly name = "simulated board";
  readonly usb: Line["usb"];
  onData: Line["onData"] = () => undefined;
  onLost: Line["onLost"] = () => undefined;
  readonly flash: Uint8Array;
  /** Starts of the application so far. */
  starts = 0;
  /** Of the present loader: each reset begins a new one. */
  loader: RomLoader | undefined;
  /** Requests to the loader so far, by their numbers. */
  readonly requests: number[] = [];
  faults: CableFaults;
  readonly #options: BoardOptions;
  readonly #random;
  #hostBaud = 0;
  #chipBaud = ROM_BAUD;
  #signals = { dtr: false, rts: false };
  #downloadFlag = false;
  #sent = 0;
  #gone = false;
  #open = false;
  /** When the chip's transmitter is free again, in ms. */
  #freeAt = 0;
  /** When what the host has sent so far is with the chip, in ms. */
  #arrivesAt = 0;
  #boot: NodeJS.Timeout | undefined;

  constructor(options: BoardOptions = {}) {
    this.#options = options;
    this.faults = options;
    this.flash = options.flash ?? new Uint8Array(0x400000).fill(0xff);
    this.usb = options.reset === "usb" ? { vendorId: 0x303a, productId: 0x1001 } : undefined;
    this.#random = randomFor(options.seed ?? "1", "cable");
    if (options.inLoader) this.#startLoader();
  }

  async open(baud: number): Promise<void> {
    if (this.#gone) throw new Error("no such file or directory");
    this.#open = true;
    this.#hostBaud = baud;
  }

  async close(): Promise<void> {
    this.#open = false;
  }

  async setBaud(baud: number): Promise<void> {
    this.#hostBaud = baud;
  }

  /** The cable is put in again: what the chip does goes on. */
  plugIn(): void {
    this.#gone = false;
    this.#sent = 0;
  }

  /** A person holds BOOT and taps RESET. */
  pressButtons(): void {
    this.#off();
    this.#startLoader();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#gone) throw new Error("the device has been lost");
    const { unplugAfter = Infinity, writeFailsAfter = Infinity, deaf } = this.faults;
    const baud = this.#hostBaud;
    this.#sent += bytes.length;
    if (this.#sent > writeFailsAfter) throw new Error("EIO: i/o error, write");
    if (this.#sent > unplugAfter) {
      this.#gone = true;
      this.onLost("the device has been lost");
      throw new Error("the device has been lost");
    }
    // one after the other, in order
    this.#arrivesAt = Math.max(Date.now(), this.#arrivesAt) + (bytes.length * 10_000) / baud;
    await wait(this.#arrivesAt - Date.now());
    if (!deaf) this.loader?.receive(this.#damaged(bytes, baud, this.#chipBaud));
  }

  async setSignals(signals: Signals): Promise<void> {
    const before = this.#signals;
    const { dtr, rts } = (this.#signals = { ...before, ...signals });
    const { reset = "circuit" } = this.#options;
    if (reset === "none") return;
    if (reset === "usb") {
      // technical reference manual, USB Serial/JTAG: 00 clears the flag, DTR alone sets it, RTS alone resets
      if (!rts) this.#downloadFlag = dtr;
      else if (!dtr && (before.dtr || !before.rts)) this.#reset(() => this.#downloadFlag);
      return;
    }
    // each transistor conducts only when the other line is off
    const held = rts && !dtr;
    const wasHeld = before.rts && !before.dtr;
    if (held) this.#off();
    else if (wasHeld) this.#reset(() => this.#signals.dtr && !this.#signals.rts, EN_RISES_MS[reset]);
  }

  #off(): void {
    clearTimeout(this.#boot);
    this.loader = undefined;
    this.#chipBaud = ROM_BAUD;
    this.#freeAt = 0;
  }

  #reset(wantsLoader: () => boolean, afterMs = 0): void {
    this.#off();
    this.#boot = setTimeout(() => (wantsLoader() ? this.#startLoader() : this.#startApplication()), afterMs);
  }

  #startLoader(): void {
    this.#chipBaud = ROM_BAUD;
    this.#print(
      "ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n",
    );
    this.loader = new RomLoader({
      chip: this.#options.chip ?? "esp32",
      flash: this.flash,
      mac: this.#options.mac ?? Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff),
      send: (frame, afterMs) => this.#transmit(frame, afterMs),
      changeBaud: (baud) => this.#after(this.#freeAt - Date.now(), () => (this.#chipBaud = baud)),
      seen: (op) => void this.requests.push(op),
      reboot: () => this.#after(this.#freeAt - Date.now(), () => this.#startLoader()),
      run: () => this.#startApplication(),
    });
  }

  #startApplication(): void {
    this.#off();
    this.starts++;
    this.#print("ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n");
    if (this.#options.prints) this.#print(this.#options.prints, 500);
  }

  #print(text: string, afterMs = 0): void {
    this.#transmit(Buffer.from(text, "latin1"), afterMs);
  }

  #transmit(bytes: Uint8Array, afterMs: number): void {
    const baud = this.#chipBaud;
    this.#freeAt = Math.max(Date.now(), this.#freeAt) + afterMs + (bytes.length * 10_000) / baud;
    this.#after(this.#freeAt - Date.now(), () => {
      if (this.#open && !this.#gone) this.onData(this.#damaged(bytes, baud, this.#hostBaud));
    });
  }

  #after(ms: number, run: () => void): void {
    setTimeout(run, Math.max(0, ms));
  }

  /** What arrives of `bytes`, when sender and receiver use these speeds. */
  #damaged(bytes: Uint8Array, senderBaud: number, receiverBaud: number): Uint8Array {
    const { soundUpTo = Infinity, garbage = 0 } = this.faults;
    const byte = (): number => Math.floor(this.#random.next() * 256);
    // the chip's own USB has no speed
    if (this.#options.reset !== "usb" && Math.abs(receiverBaud / senderBaud - 1) > 0.03)
      return Uint8Array.from({ length: Math.ceil((bytes.length * receiverBaud) / senderBaud) }, byte);
    const loss = Math.max(this.faults.loss ?? 0, senderBaud > soundUpTo ? 0.02 : 0);
    if (!loss && !garbage) return bytes;
    const arrived: number[] = [];
    for (const value of bytes) {
      if (this.#random.next() >= loss) arrived.push(value);
      if (garbage && this.#random.next() < garbage) arrived.push(byte());
    }
    return Uint8Array.from(arrived);
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
