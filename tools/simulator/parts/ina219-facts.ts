/** Texas Instruments INA219 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TI INA219, SBOS448G (December 2015)");

export const facts = {
  title: "Texas Instruments INA219, current and voltage",
  addresses: Array.from({ length: 16 }, (_, index) => 0x40 + index),
  quantities: ["current", "voltage"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(3, "recommended operating conditions"), figure(5.5, "recommended operating conditions")],
  figures: {
    powerDownMicroamps: figure(6, "section 7.5, quiescent current, power-down"),
    activeMicroamps: figure(700, "section 7.5, quiescent current"),
    shuntVoltsPerCount: figure(10e-6, "shunt voltage register"),
    busVoltsPerCount: figure(4e-3, "bus voltage register"),
    offsetVolts: figure(50e-6, "section 7.5, offset voltage, PGA 1, grade B, largest"),
    busGain: figure(0.005, "bus voltage error"),
  },
} as const satisfies I2cFacts;

/** Conversion time in µs of an ADC code (BADC, SADC): 9 to 12 bits, then 12 bits averaged over 2 to 128 samples. */
export const conversionUs: readonly number[] = [
  84, 148, 276, 532, 84, 148, 276, 532, 532, 1060, 2130, 4260, 8510, 17_020, 34_050, 68_100,
];
