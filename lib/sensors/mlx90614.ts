/** Melexis MLX90614: temperature at a distance. Data sheet: revision 13, 13 September 2019. */
import type { I2cBus } from "../../boards/types.ts";
import { CRC } from "../faults.ts";
import { i2c } from "../platform/espruino.ts";
import { crc8 } from "./crc8.ts";
import { busFault, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { AMBIENT, TEMPERATURE } from "./quantities.ts";
import { checked, within, type Sensor } from "./sensor.ts";

/**
 * An SMBus part: reads need a repeated start, and the bus may not be faster than 100 kHz. Waking it from its own sleep
 * would hold SDA low for 33 ms and with it every other part on the bus: put it behind a `powerGate` of 250 ms instead.
 */
export function mlx90614(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "ambient"> {
  const port = i2c(bus);
  const address = (options && options.address) || 0x5a;
  let bad = 0;
  const kelvins = (register: number, low: number, high: number) => {
    const answer = port.readReg(address, register, 3);
    // the packet error code covers the addresses too
    const packet = [address * 2, register, address * 2 + 1, answer[0]!, answer[1]!];
    if (crc8(packet, 0, 5, 0x107, 0) !== answer[2]) bad = CRC;
    // bit 15 tells an error; it lies beyond the range
    return within((answer[0]! + answer[1]! * 256) * 0.02 - 273.15, low, high);
  };
  return {
    quantities: [TEMPERATURE, AMBIENT],
    start: () => 0,
    read() {
      bad = 0;
      try {
        const values = [kelvins(7, -70.02, 382.2), kelvins(6, -41, 126)];
        return bad || checked(values);
      } catch (e) {
        return busFault(e);
      }
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Melexis MLX90614 (3 V types B and D)",
  measures: ["temperature", "ambient"],
  datasheet: "MLX90614, revision 13, 13 September 2019",
  bus: "I2C",
  addresses: [0x5a],
  clockHertz: 1e5,
  volts: [2.6, 3.6],
  startUpMs: figure(250, "valid data after power-on, section 8.4.1"),
  sleepMicroamps: figure(1300, "it measures all the time (2000 maximum): gate its supply"),
  measuringMicroamps: figure(1300, "supply current (2000 maximum)"),
  measureMs: figure(250, "valid data after power-on"),
  check: "CRC-8 (SMBus packet error code) per word",
  accuracy: "0.5 °C around room temperature, 1 to 2 °C beyond (figure 22)",
  notes: ["Parts set to PWM need a request condition first and are not supported."],
});
