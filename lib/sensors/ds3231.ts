/** Maxim DS3231: a clock that keeps within 2 ppm. Data sheet: 19-5170 revision 10, March 2015. */
import type { I2cBus } from "../../boards/types.ts";
import { RANGE, UNREADY } from "../faults.ts";
import { ask, be16, i2cSensor, placeOn, send, signed16, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { TEMPERATURE } from "./quantities.ts";
import { bcdOf, unixOf, type Rtc } from "./rtc.ts";
import { within, type Sensor } from "./sensor.ts";

const ADDRESS = 0x68;

/** The alarm is good to the second; its pin is INT/SQW. */
export function ds3231(bus: I2cBus): Rtc {
  const place = placeOn(bus, ADDRESS);
  const clear = () => {
    const status = ask(place, 0x0f, 1);
    // the flags are cleared by 0; that of a stopped clock stays. The 32 kHz output stays off
    return typeof status === "number" ? status : send(place, [[0x0e, 0x05, status[0]! & 0x80]]);
  };
  return {
    time() {
      const r = ask(place, 0, 16);
      if (typeof r === "number") return -r;
      if (r[15]! & 0x80) return -UNREADY;
      // `set` writes 24-hour time
      return r[2]! & 0x40 ? -RANGE : unixOf(r[0]! & 127, r[1]! & 127, r[2]! & 63, r[4]! & 63, r[5]! & 31, r[6]!);
    },
    set(unix) {
      const t = bcdOf(unix);
      return send(place, [
        [0, t[0]!, t[1]!, t[2]!, t[6]! + 1, t[3]!, t[4]!, t[5]!],
        // interrupts instead of a square wave; and the flag that the clock had stopped
        [0x0e, 0x04, 0],
      ]);
    },
    wakeAt(unix) {
      // alarm 1 on second, minute, hour and date
      return send(place, [[7].concat(bcdOf(unix).slice(0, 4))]) || clear();
    },
    clear,
  };
}

/** Its own temperature, which it measures every 64 s by itself. */
export function ds3231Temperature(bus: I2cBus, options?: I2cOptions): Sensor<"temperature"> {
  return i2cSensor(
    bus,
    ADDRESS,
    {
      quantities: [TEMPERATURE],
      script: [0.1, [0x11]],
      count: 2,
      decode: (answer) => [within(signed16(be16(answer, 0)) / 256, -43, 88)],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Maxim DS3231",
  measures: ["temperature"],
  datasheet: "DS3231, 19-5170 revision 10, March 2015",
  bus: "I2C",
  addresses: [ADDRESS],
  clockHertz: 4e5,
  volts: [2.3, 5.5],
  startUpMs: figure(250, "tREC after VCC rises"),
  sleepMicroamps: figure(110, "VCC standby at 3.63 V, maximum; 0.84 µA typical on VBAT"),
  measuringMicroamps: figure(200, "I2C active at 3.63 V, maximum"),
  measureMs: figure(2, "one burst at 100 kHz", "computed"),
  check: "none (BCD ranges and the stop flag only)",
  accuracy: "2 ppm from 0 to 40 °C; temperature 3 °C",
  notes: ["Fed on VBAT alone it draws 0.84 µA instead of 110: wire VCC to a gated supply."],
});
