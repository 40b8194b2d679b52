/** Bosch BME280: temperature, air pressure, humidity. Data sheet: BST-BME280-DS001-23, revision 1.23, January 2022. */
import type { I2cBus } from "../../boards/types.ts";
import { compensate } from "./bosch.ts";
import { be16, get, i2cSensor, type I2cOptions, signed16 } from "./i2c.ts";
import { i16 } from "../platform/bytes.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { HUMIDITY, PRESSURE, TEMPERATURE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** @param options `address` 0x77 when the pin SDO is high */
export function bme280(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "pressure" | "humidity"> {
  return i2cSensor(
    bus,
    0x76,
    {
      quantities: [TEMPERATURE, PRESSURE, HUMIDITY],
      id: [0xd0, 0x60],
      // each once, forced mode; humidity first, it takes effect with the other register (5.4.3). 9.3 ms at most (9.1)
      script: [[0xf2, 1], [0xf4, 0x25], 10, [0xf3]],
      count: 12,
      decode(answer, place) {
        const calibration = get(place, 0x88, 26);
        const more = get(place, 0xe1, 7);
        const result = compensate(answer, calibration);
        if (typeof result === "number") return result;
        // 12 bits each, and both share byte 4: H4 has its low digit there, H5 its low digit in the upper half
        const h4 = signed16((more[3]! << 8) | ((more[4]! & 15) << 4)) / 16;
        const h5 = i16(more, 4) >> 4;
        const x = result.fine - 76800;
        let h =
          (be16(answer, 10) - h4 * 64 - (h5 / 16384) * x) *
          ((i16(more, 0) / 65536) * (1 + (((more[6]! << 24) >> 24) / 67108864) * x * (1 + (more[2]! / 67108864) * x)));
        h *= 1 - (calibration[25]! * h) / 524288;
        return [result.values[0], result.values[1], Math.min(Math.max(h, 0), 100)];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Bosch BME280",
  measures: ["temperature", "pressure", "humidity"],
  datasheet: "BST-BME280-DS001-23, revision 1.23, January 2022",
  bus: "I2C",
  addresses: [0x76, 0x77],
  clockHertz: 3.4e6,
  volts: [1.71, 3.6],
  startUpMs: figure(2, "table 1, maximum"),
  sleepMicroamps: figure(0.1, "table 1 (0.3 maximum)"),
  measuringMicroamps: figure(442, "section 9.5: 3.54 µC over 8 ms", "computed"),
  measureMs: figure(8, "section 9.1, each once (9.3 maximum)"),
  check: "none (chip id, status and range only)",
  accuracy: "3 %RH, 1 hPa, 0.5 °C at 25 °C",
  notes: [],
});
