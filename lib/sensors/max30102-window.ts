/**
 * Maxim MAX30102: seconds of the light that the skin reflects, gathered through the part's FIFO of 32 samples. Data sheet: 19-7740,
 * revision 1. Only the infrared LED, in multi-LED mode: a pulse needs one colour.
 */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT, WRONG_PART } from "../faults.ts";
import { busFault, get, placeOn, send, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";

export interface PulseOptions extends I2cOptions {
  /** Samples of a window, 12.5 a second. Default 128: ten seconds. */
  readonly length?: number;
  /** Of the infrared LED, in steps of 0.2 up to 51. Default 6.2. */
  readonly milliamps?: number;
  /** Counts of 18 bits (full scale 4096 nA) below which nothing lies on the sensor. Default 10000. */
  readonly least?: number;
}

export interface PulseWindow {
  /** Counts: reflected light, less with more blood. Fewer than asked for: nothing lies on the sensor. */
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly rate: number;
}

/** Used as a Sensor is, but for what it gives. */
export interface PulseSource {
  /** Milliseconds until the first `read`, or -fault. */
  start(): number;
  /** The window, or a fault, or -ms: not yet. With either of the first two the part is shut down. */
  read(): PulseWindow | number;
}

/** 50 conversions a second, of which the part averages four. */
const RATE = 12.5;
/** Samples from look to look: far enough from 32 for a timer that is late. */
const BATCH = 20;

export function max30102Window(bus: I2cBus, options?: PulseOptions): PulseSource {
  const given: PulseOptions = options || {};
  const length = given.length || 128;
  const place = placeOn(bus, 0x57, options);
  let samples = new Float32Array(0);
  let count = 0;
  let polls = 0;
  const wait = () => Math.ceil((Math.min(BATCH, length - count) * 1020) / RATE);
  return {
    start() {
      count = polls = 0;
      samples = new Float32Array(length);
      try {
        if (get(place, 0xff, 1)[0] !== 0x15) return -WRONG_PART;
      } catch (e) {
        return -busFault(e);
      }
      const fault = send(place, [
        [0x09, 0x80], // shut down while it is set up
        [0x02, 0],
        [0x08, 0x40], // average of 4, no rollover
        [0x0a, 0x23], // 4096 nA, 50 per second, 411 µs: 18 bits
        [0x0d, Math.round((given.milliamps || 6.2) * 5)],
        [0x11, 0x02], // slot 1: infrared
        [0x12, 0],
        [0x04, 0],
        [0x05, 0],
        [0x06, 0],
        [0x09, 0x07],
      ]);
      return -fault || wait();
    },
    read() {
      let result: PulseWindow | number = TIMEOUT;
      try {
        const pointers = get(place, 0x04, 3);
        // an overflow is a gap: the rest would be out of step
        if (!pointers[1] && polls++ < length) {
          const some = Math.min((pointers[0]! - pointers[2]!) & 31, length - count);
          const bytes = some ? get(place, 0x07, some * 3) : [];
          for (let i = 0; i < some * 3; i += 3)
            samples[count++] = ((bytes[i]! & 3) << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
          // the last, for the light needs a moment to settle
          const isDark = count && samples[count - 1]! < (given.least || 1e4);
          if (count < length && !isDark) return -wait();
          result = { samples: samples.subarray(0, count), rate: RATE };
        }
      } catch (e) {
        result = busFault(e);
      }
      return send(place, [[0x09, 0x80]]) || result;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Maxim MAX30102",
  measures: [],
  datasheet: "19-7740, revision 1, October 2018",
  bus: "I2C",
  addresses: [0x57],
  clockHertz: 4e5,
  volts: [3.1, 5.25],
  startUpMs: figure(1, "the data sheet gives no time", "memory"),
  sleepMicroamps: figure(0.7, "shutdown, typical (page 1)"),
  measuringMicroamps: figure(727, "600 supply, typical, and 6.2 mA of LED for 411 µs, 50 times a second", "memory"),
  measureMs: figure(10240, "128 samples, four conversions of 20 ms each", "computed"),
  check: "none (part id, overflow counter)",
  accuracy: "none: raw light, of which firmware makes a rate",
  notes: [
    "The supply is that of the LEDs; the core takes 1.8 V, from a regulator that most modules carry, whose own current is not counted here.",
    "The figures of current are typical ones for 50 samples per second and 215 µs, quoted from memory.",
    "Nothing measured while the wearer moves is a pulse: take an accelerometer beside it, as firmware/wearable does.",
  ],
});
