/** A contact or a level on a pin: reed switch, door, PIR module, comparator. 1 = closed, or moving. */
import type { PinName } from "../../boards/types.ts";
import { STUCK } from "../faults.ts";
import { pullUpPin, readPin, releasePin } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CONTACT } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface ContactOptions {
  readonly pin: PinName;
  /** Level that counts as 1. Default 0: a contact to ground, on the chip's pull-up while it is read. */
  readonly closed?: 0 | 1;
}

/** Longest bounce of a reed contact is 3 ms; read twice, this far apart. */
const BOUNCE_MS = 10;

export function contactInput(options: ContactOptions): Sensor<"contact"> {
  const pin = options.pin;
  const closed = options.closed || 0;
  let level = 0;
  let polls = 0;
  return {
    quantities: [CONTACT],
    start() {
      polls = 0;
      if (closed) releasePin(pin);
      else pullUpPin(pin);
      level = readPin(pin);
      return BOUNCE_MS;
    },
    read() {
      const now = readPin(pin);
      const steady = now === level;
      level = now;
      if (!steady && polls++ < 20) return -BOUNCE_MS;
      releasePin(pin);
      return steady ? [level === closed ? 1 : 0] : STUCK;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Reed contact, door switch, PIR module (AM312, HC-SR501)",
  measures: ["contact"],
  datasheet: "none: a level on a pin",
  bus: "pin",
  volts: [2.7, 12],
  startUpMs: figure(30000, "PIR modules: warm-up", "memory"),
  sleepMicroamps: figure(15, "AM312; a reed contact draws nothing while open", "memory"),
  measuringMicroamps: figure(73, "3.3 V over the chip's pull-up of 45 kΩ, closed contact, only while read", "computed"),
  measureMs: figure(10, "two readings that agree", "computed"),
  check: "read twice",
  accuracy: "yes or no",
  notes: [
    "A PIR module holds its output for about 2 s: what happens between wakes is seen only with a wake on the pin.",
  ],
});
