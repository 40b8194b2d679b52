/** The two directions of a UART with the buffers of its driver. */
import type { Alarm } from "../clock.ts";
import type { Machine } from "./machine.ts";

/** jshardwareUart.c: uart_driver_install(…, 1024, 1024, …), reads of 256 bytes, events of 64. */
const BUFFER_BYTES = 1024;
const READ_BYTES = 256;
const EVENT_BYTES = 64;
/** Hardware FIFO: what still leaves when the chip goes to sleep. */
const FIFO_BYTES = 128;

export class Transmitter {
  readonly #machine: Machine;
  readonly #byteUs: number;
  readonly #deliver: ((bytes: Uint8Array) => void) | undefined;
  /** When the line falls idle. */
  #idleUs = 0;
  #flights: { bytes: Uint8Array; startUs: number; alarm: Alarm }[] = [];

  constructor(machine: Machine, baud: number, bitsPerByte: number, deliver: ((bytes: Uint8Array) => void) | undefined) {
    this.#machine = machine;
    this.#byteUs = (bitsPerByte * 1e6) / baud;
    this.#deliver = deliver;
  }

  write(bytes: Uint8Array): void {
    if (!bytes.length) return;
    this.#send(bytes, Math.max(this.#idleUs, this.#machine.clock.nowUs));
    this.occupy(bytes.length);
  }

  #send(bytes: Uint8Array, startUs: number): void {
    this.#flights.push({
      bytes,
      startUs,
      alarm: this.#machine.clock.at(startUs + bytes.length * this.#byteUs, () => {
        this.#flights.shift();
        this.#deliver?.(bytes);
      }),
    });
  }

  /** Takes the line for this many bytes; waits while more than a buffer is queued. */
  occupy(length: number): void {
    const { clock } = this.#machine;
    this.#idleUs = Math.max(this.#idleUs, clock.nowUs) + length * this.#byteUs;
    const waitUs = this.#idleUs - clock.nowUs - BUFFER_BYTES * this.#byteUs;
    if (waitUs > 0) this.#machine.spend(waitUs);
  }

  /** Waits until the hardware FIFO is empty; what is left in the buffer is lost. */
  drain(): void {
    const backlogUs = this.#idleUs - this.#machine.clock.nowUs;
    if (backlogUs > 0) this.#machine.spend(Math.min(backlogUs, FIFO_BYTES * this.#byteUs));
  }

  /** The chip is in light sleep from now: it lets go of the line after this byte, and sends the rest later. */
  suspend(us: number): void {
    const { clock } = this.#machine;
    if (this.#idleUs <= clock.nowUs) return;
    this.#idleUs += us;
    const flights = this.#flights;
    this.#flights = [];
    for (const { bytes, startUs, alarm } of flights) {
      clock.cancel(alarm);
      this.#send(bytes, startUs + us);
    }
  }

  /** The chip stops: a part hears only the bytes that are out by now. */
  drop(): void {
    const { clock } = this.#machine;
    for (const { bytes, startUs, alarm } of this.#flights) {
      clock.cancel(alarm);
      // The clock counts whole microseconds: a byte that misses a fraction of one is out.
      const out = Math.floor((clock.nowUs - startUs + 1) / this.#byteUs);
      if (out > 0) this.#deliver?.(bytes.subarray(0, out));
    }
    this.#flights = [];
    this.#idleUs = 0;
  }
}

export class Receiver {
  readonly #machine: Machine;
  readonly #baud: number;
  readonly #deliver: (bytes: Uint8Array) => void;
  /** The serial task's last read that found something (or its start). */
  #busyUs: number;
  /** On the line: `#line[0]` has fully arrived at `#firstUs`. */
  #line: number[] = [];
  #arrivals: number[] = [];
  #buffer: number[] = [];
  #lineIdleUs = 0;
  #deafUntilUs = 0;
  #poll: Alarm | undefined;

  constructor(machine: Machine, baud: number, taskStartUs: number, deliver: (bytes: Uint8Array) => void) {
    this.#machine = machine;
    this.#baud = baud;
    this.#busyUs = taskStartUs;
    this.#deliver = deliver;
  }

  /** A part starts to send. At another speed than the port's, framing breaks: it reads as noise. */
  arrive(bytes: Uint8Array, baud: number): void {
    const { clock } = this.#machine;
    const byteUs = 1e7 / baud;
    let atUs = Math.max(this.#lineIdleUs, clock.nowUs);
    const wrong = Math.abs(baud / this.#baud - 1) > 0.04;
    for (const byte of bytes) {
      const heard = atUs >= this.#deafUntilUs;
      atUs += byteUs;
      if (!heard) continue;
      this.#line.push(wrong ? (byte * 0x9d + 0x55) & 255 : byte);
      this.#arrivals.push(atUs);
    }
    this.#lineIdleUs = atUs;
    if (!this.#poll && this.#line.length) this.#schedule();
  }

  /** The chip is in light sleep from now: what has not fully arrived is lost, and so is what begins before it ends. */
  suspend(us: number): void {
    const { nowUs } = this.#machine.clock;
    this.#deafUntilUs = nowUs + us;
    const arrived = this.#arrivals.filter((atUs) => atUs <= nowUs).length;
    this.#line.length = this.#arrivals.length = arrived;
    if (arrived || this.#buffer.length) return;
    this.#machine.clock.cancel(this.#poll);
    this.#poll = undefined;
  }

  drop(): void {
    this.#machine.clock.cancel(this.#poll);
    this.#poll = undefined;
    this.#line = [];
    this.#arrivals = [];
    this.#buffer = [];
  }

  /** The next read of the serial task at or after the first byte's arrival. */
  #schedule(): void {
    const { clock, chip } = this.#machine;
    const { busyMs, idleMs, idleAfterMs } = chip.serialPoll;
    const fromUs = this.#buffer.length ? clock.nowUs + 1 : Math.max(this.#arrivals[0]!, clock.nowUs + 1);
    const sinceUs = fromUs - this.#busyUs;
    const idleUs = idleAfterMs * 1000;
    const stepUs = (sinceUs <= idleUs ? busyMs : idleMs) * 1000;
    const baseUs = sinceUs <= idleUs ? this.#busyUs : this.#busyUs + idleUs;
    this.#poll = clock.at(baseUs + Math.ceil((fromUs - baseUs) / stepUs) * stepUs, () => this.#read());
  }

  #read(): void {
    const nowUs = this.#machine.clock.nowUs;
    let arrived = 0;
    while (arrived < this.#arrivals.length && this.#arrivals[arrived]! <= nowUs) arrived++;
    // The driver's buffer is full: what arrives is lost.
    this.#buffer.push(...this.#line.slice(0, Math.min(arrived, BUFFER_BYTES - this.#buffer.length)));
    this.#line = this.#line.slice(arrived);
    this.#arrivals = this.#arrivals.slice(arrived);
    const got = this.#buffer.splice(0, READ_BYTES);
    this.#poll = undefined;
    if (got.length) this.#busyUs = nowUs;
    if (this.#line.length || this.#buffer.length) this.#schedule();
    for (let at = 0; at < got.length; at += EVENT_BYTES)
      this.#deliver(Uint8Array.from(got.slice(at, at + EVENT_BYTES)));
  }
}
