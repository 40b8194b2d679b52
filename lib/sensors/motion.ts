/** What accelerometers do on their own while the chip sleeps: wait for a motion, or gather a window of samples. */
import { TIMEOUT } from "../faults.ts";
import { ask, busFault, get, send, type Place } from "./i2c.ts";

/** m/s² of one g (ISO 80000-3). */
export const G = 9.80665;

/** Wakes the chip by a pin: arm it, then sleep until the pin is high. */
export interface MotionAlarm {
  /** Leaves the part watching. 0 or a fault. */
  arm(): number;
  /** Whether it has moved since it was armed, which is forgotten: 1 or 0, or -fault. */
  moved(): number;
}

/** @param script transfers that arm it @param register and `mask`: where it says that it has moved */
export function motionAlarm(
  place: Place,
  script: readonly (readonly number[] | number)[],
  register: number,
  mask: number,
): MotionAlarm {
  return {
    arm: () => send(place, script),
    moved() {
      const source = ask(place, register, 1);
      return typeof source === "number" ? -source : source[0]! & mask ? 1 : 0;
    },
  };
}

export interface Window {
  /** x, y, z, x, y, z … as the part counts. */
  readonly samples: Int16Array;
  /** m/s² of one count. */
  readonly scale: number;
}

/** Gathers a window in the part's FIFO: the chip is free meanwhile. Used as a Sensor is, but for what it gives. */
export interface WindowSource {
  /** Milliseconds until the FIFO is full, or -fault. */
  start(): number;
  /** The window, or a fault, or -ms: not full yet. Then the part is powered down. */
  read(): Window | number;
}

/** A FIFO of 32 samples of three axes, as data. */
export interface Fifo {
  readonly place: Place;
  readonly start: readonly (readonly number[])[];
  /** Register that tells the level, and the number from which on it is full. */
  readonly level: number;
  readonly mask: number;
  readonly full: number;
  /** Register of the samples, and in how many transfers they come. */
  readonly from: number;
  readonly transfers: number;
  readonly stop: readonly (readonly number[])[];
  /** Samples per second. */
  readonly rate: number;
  readonly scale: number;
}

const DEPTH = 32;

export function fifoWindow(fifo: Fifo): WindowSource {
  const place = fifo.place;
  const transfers = fifo.transfers;
  let polls = 0;
  return {
    start() {
      polls = 0;
      // one sample more than it holds, and a clock that is a tenth slow
      return -send(place, fifo.start) || Math.ceil(((DEPTH + 1) * 1100) / fifo.rate);
    },
    read() {
      let result: Window | number = TIMEOUT;
      try {
        if ((get(place, fifo.level, 1)[0]! & fifo.mask) >= fifo.full) {
          const samples = new Int16Array(DEPTH * 3);
          const each = samples.length / transfers;
          for (let i = 0; i < transfers; i++)
            samples.set(new Int16Array(get(place, fifo.from, each * 2).buffer), i * each);
          result = { samples, scale: fifo.scale };
        } else if (polls++ < 10) return -Math.ceil(4000 / fifo.rate);
      } catch (e) {
        result = busFault(e);
      }
      return send(place, fifo.stop) || result;
    },
  };
}
