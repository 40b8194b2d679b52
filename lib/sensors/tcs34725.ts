/** ams TCS34725: colour and clear light. Data sheet: TCS3472, version 1-02, February 2016. */
import type { I2cBus } from "../../boards/types.ts";
import { RANGE, TIMEOUT } from "../faults.ts";
import { u16 } from "../platform/bytes.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { BLUE, CLEAR, GREEN, RED } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface Tcs34725Options extends I2cOptions {
  /** Default 1. */
  readonly gain?: 1 | 4 | 16 | 60;
  /** Integration cycles of 2.4 ms, 1 to 256. Default 10. */
  readonly cycles?: number;
}

/** Counts as they would be at gain 1 and 10 cycles (24 ms), whatever the given. */
export function tcs34725(bus: I2cBus, options?: Tcs34725Options): Sensor<"clear" | "red" | "green" | "blue"> {
  const given: Tcs34725Options = options || {};
  const gain = given.gain || 1;
  const cycles = given.cycles || 10;
  return i2cSensor(
    bus,
    0x29,
    {
      quantities: [CLEAR, RED, GREEN, BLUE],
      id: [0x92, 0x44],
      // the oscillator needs 2.4 ms before the converter may start; it initialises for one more cycle, each 2.56 ms at most
      script: [
        [0xa0, 1, 256 - cycles],
        [0x8f, [1, 4, 16, 60].indexOf(gain)],
        3,
        "\x80\x03",
        Math.ceil((cycles + 1) * 2.56),
        "\xb3",
      ],
      count: 9,
      decode(answer) {
        if (!(answer[0]! & 1)) return TIMEOUT;
        const full = Math.min(cycles * 1024, 65535);
        return [1, 3, 5, 7].some((at) => u16(answer, at) >= full)
          ? RANGE
          : [1, 3, 5, 7].map((at) => (u16(answer, at) * 10) / cycles / gain);
      },
      stop: "\x80\x00",
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "ams TCS34725 (and TCS34721 at 0x39)",
  measures: ["clear", "red", "green", "blue"],
  datasheet: "TCS3472, version 1-02, February 2016",
  bus: "I2C",
  addresses: [0x29, 0x39],
  clockHertz: 4e5,
  volts: [2.7, 3.6],
  startUpMs: figure(0, "not given", "inferred"),
  sleepMicroamps: figure(2.5, "sleep (10 maximum)"),
  measuringMicroamps: figure(235, "active (330 maximum)"),
  measureMs: figure(28.8, "2.4 ms oscillator, 2.4 ms initialisation, 24 ms integration"),
  check: "none (id, valid and saturation flags only)",
  accuracy: "not given in lux",
  notes: ["Modules light a white LED unless its pin is low."],
});
