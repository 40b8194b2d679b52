/** NXP PCF8583 as a counter that goes on while the chip sleeps. Data sheet: revision 06, 6 October 2010. */
import type { I2cBus } from "../../boards/types.ts";
import { UNREADY } from "../faults.ts";
import { i2cSensor, send, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { COUNT } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** Bits of the control register, and what they are while it counts events. */
const MODE = 0xb0;
const EVENTS = 0x20;

/** Two decimal digits; NaN when they are none. */
const digits = (byte: number) => (byte > 0x99 || (byte & 15) > 9 ? NaN : byte - 6 * (byte >> 4));

/** Pulses at OSCI since it got its supply, modulo a million. `unready`: it had lost its supply, and counts from now on. */
export function pcf8583(bus: I2cBus, options?: I2cOptions): Sensor<"count"> {
  return i2cSensor(
    bus,
    0x50,
    {
      quantities: [COUNT],
      script: [0.1, [0]],
      count: 4,
      decode(answer, place) {
        if ((answer[0]! & MODE) !== EVENTS) return send(place, [[0, EVENTS]]) || UNREADY;
        return [digits(answer[1]!) + 100 * digits(answer[2]!) + 1e4 * digits(answer[3]!)];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "NXP PCF8583",
  measures: ["count"],
  datasheet: "PCF8583, revision 06, 6 October 2010",
  bus: "I2C",
  addresses: [0x50, 0x51],
  clockHertz: 1e5,
  volts: [2.5, 6],
  startUpMs: figure(1, "power-on reset; the data sheet gives no time", "memory"),
  sleepMicroamps: figure(10, "typical of the clock mode at 5 V; none is given for the event counter", "memory"),
  measuringMicroamps: figure(200, "I2C at 100 kHz, maximum", "memory"),
  measureMs: figure(1, "one burst at 100 kHz", "computed"),
  check: "none (decimal digits and the mode only)",
  accuracy: "every pulse up to 1 MHz: debounce a contact with a resistor and a capacitor at OSCI",
  notes: [
    "Wire the contact between OSCI and ground, with a pull-up (1 MΩ keeps a closed reed below 4 µA); OSCO stays open.",
    "Keep it on the cell: without supply it forgets the count.",
  ],
});
