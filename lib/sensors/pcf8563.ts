/** NXP PCF8563: a clock at a quarter of a microampere. Data sheet: revision 11, 26 October 2015. */
import type { I2cBus } from "../../boards/types.ts";
import { UNREADY } from "../faults.ts";
import { ask, placeOn, send } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { bcdOf, unixOf, type Rtc } from "./rtc.ts";

const ADDRESS = 0x51;

/** Alarm interrupt on, flags cleared. */
const ALARM = [1, 2];

/** The alarm falls on whole minutes: later by up to one. Its pin is INT. */
export function pcf8563(bus: I2cBus): Rtc {
  const place = placeOn(bus, ADDRESS);
  return {
    time() {
      const r = ask(place, 2, 7);
      if (typeof r === "number") return -r;
      return r[0]! & 0x80 ? -UNREADY : unixOf(r[0]!, r[1]! & 127, r[2]! & 63, r[3]! & 63, r[5]! & 31, r[6]!);
    },
    set(unix) {
      const t = bcdOf(unix);
      return send(place, [
        [0, 0, 0], // runs, no flags
        [2, t[0]!, t[1]!, t[2]!, t[3]!, t[6]!, t[4]!, t[5]!], // which clears the voltage-low flag
        [0x0d, 0], // CLKOUT off: it would cost 0.3 µA
        [0x0e, 3],
      ]);
    },
    wakeAt: (unix) => send(place, [[9].concat(bcdOf(unix + 59).slice(1, 4), 0x80), ALARM]),
    clear: () => send(place, [ALARM]),
  };
}

export const facts = (): PartFacts => ({
  title: "NXP PCF8563",
  measures: [],
  datasheet: "PCF8563, revision 11, 26 October 2015",
  bus: "I2C",
  addresses: [ADDRESS],
  clockHertz: 4e5,
  volts: [1.8, 5.5],
  startUpMs: figure(200, "crystal start-up; the data sheet gives no time", "memory"),
  sleepMicroamps: figure(0.25, "table 29: CLKOUT off, 3 V (0.5 maximum)"),
  measuringMicroamps: figure(200, "I2C at 100 kHz, maximum"),
  measureMs: figure(1, "one burst at 100 kHz", "computed"),
  check: "none (BCD ranges and the voltage-low flag only)",
  accuracy: "that of its crystal",
  notes: ["Within a second of the address byte the transfer must have ended, or the part drops it."],
});
