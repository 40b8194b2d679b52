/** Texas Instruments INA226 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TI INA226, SBOS547B (September 2024)");

export const facts = {
  title: "Texas Instruments INA226, current and voltage",
  addresses: Array.from({ length: 16 }, (_, index) => 0x40 + index),
  quantities: ["current", "voltage"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.7, "recommended operating conditions"), figure(5.5, "recommended operating conditions")],
  figures: {
    shutdownMicroamps: figure(0.5, "quiescent current, power-down"),
    activeMicroamps: figure(330, "quiescent current"),
    shuntVoltsPerCount: figure(2.5e-6, "shunt voltage register"),
    busVoltsPerCount: figure(1.25e-3, "bus voltage register"),
    offsetVolts: figure(10e-6, "shunt offset voltage, largest", "memory"),
    busGain: figure(0.001, "bus voltage gain error, largest", "memory"),
  },
} as const satisfies I2cFacts;

/** Typical conversion time in µs for each code of VBUSCT and VSHCT. */
export const conversionUs = [140, 204, 332, 588, 1100, 2116, 4156, 8244] as const;
export const averages = [1, 4, 16, 64, 128, 256, 512, 1024] as const;
