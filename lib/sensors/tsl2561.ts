/** TAOS TSL2561: illuminance from two photodiodes. Data sheet: TAOS059Q, November 2009. */
import type { I2cBus } from "../../boards/types.ts";
import { u16 } from "../platform/bytes.ts";
import { get, i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ILLUMINANCE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface Tsl2561Options extends I2cOptions {
  /** 16 for the dark. Default 1. */
  readonly gain?: 1 | 16;
  /** Integration time in ms. Default 101. */
  readonly ms?: 14 | 101 | 402;
  /** The chip-scale package has other coefficients. Default "t" (T, FN, CL). */
  readonly package?: "t" | "cs";
}

/** @param c0 and c1: counts as of 402 ms and gain 16 */
export function lux(c0: number, c1: number, chipScale?: boolean): number {
  const ratio = c0 ? c1 / c0 : 2;
  // section "Calculating Lux"; per row: the highest ratio, and the factors of channel 0 and 1
  const rows = chipScale
    ? [0.65, 0.0229, 0.0291, 0.8, 0.0157, 0.018, 1.3, 0.00338, 0.0026]
    : [0.61, 0.0224, 0.031, 0.8, 0.0128, 0.0153, 1.3, 0.00146, 0.00112];
  if (ratio <= (chipScale ? 0.52 : 0.5))
    return c0 * ((chipScale ? 0.0315 : 0.0304) - (chipScale ? 0.0593 : 0.062) * Math.pow(ratio, 1.4));
  for (let row = 0; row < 9; row += 3) if (ratio <= rows[row]!) return rows[row + 1]! * c0 - rows[row + 2]! * c1;
  return 0;
}

/** @param options `address` 0x29 or 0x49 by the pin ADDR SEL */
export function tsl2561(bus: I2cBus, options?: Tsl2561Options): Sensor<"illuminance"> {
  const given: Tsl2561Options = options || {};
  const ms = given.ms || 101;
  const gain = given.gain || 1;
  // code, full scale, factor to 402 ms (322 clock periods against 81 and 11)
  const timing = ms === 402 ? [2, 65535, 1] : ms === 14 ? [0, 5047, 322 / 11] : [1, 37177, 322 / 81];
  const factor = (timing[2]! * 16) / gain;
  return i2cSensor(
    bus,
    0x39,
    {
      quantities: [ILLUMINANCE],
      // the integration starts with the power; its clock runs at 690 kHz at worst instead of 735
      script: [[0x81, timing[0]! | (gain === 16 ? 16 : 0)], [0x80, 3], Math.ceil(ms * 1.08), [0xac]],
      count: 2,
      decode(answer, place) {
        const c0 = u16(answer, 0);
        const c1 = u16(get(place, 0xae, 2), 0);
        return [
          Math.max(c0, c1) < timing[1]! ? Math.max(lux(c0 * factor, c1 * factor, given.package === "cs"), 0) : NaN,
        ];
      },
      stop: [0x80, 0],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "TAOS (ams) TSL2561",
  measures: ["illuminance"],
  datasheet: "TSL2560/TSL2561, TAOS059Q, November 2009",
  bus: "I2C",
  addresses: [0x39, 0x29, 0x49],
  clockHertz: 4e5,
  volts: [2.7, 3.6],
  startUpMs: figure(0, "not given", "inferred"),
  sleepMicroamps: figure(3.2, "power down (15 maximum)"),
  measuringMicroamps: figure(240, "active (600 maximum)"),
  measureMs: figure(101, "integration at 735 kHz (108 at 690 kHz)"),
  check: "none (saturation only)",
  accuracy: "not given for lux",
  notes: ["The timing register is written while the part is powered down; the data sheet does not forbid it."],
});
