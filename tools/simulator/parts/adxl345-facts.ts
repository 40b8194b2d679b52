/** Analog Devices ADXL345 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Analog Devices ADXL345, Rev. E");

export const facts = {
  title: "Analog Devices ADXL345, acceleration",
  addresses: [0x53, 0x1d],
  quantities: ["accelerationX", "accelerationY", "accelerationZ"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2, "table 1, VS"), figure(3.6, "table 1, VS")],
  figures: {
    standbyMicroamps: figure(0.1, "table 1, standby mode leakage"),
    sleepMicroamps: figure(23, "table 7, below 10 Hz, also auto-sleep"),
    active100HzMicroamps: figure(140, "table 7, 100 Hz"),
    lowPower12HzMicroamps: figure(34, "table 8, 12.5 Hz, low power"),
    turnOnMs: figure(1.1, "turn-on time: 1 / rate and this"),
    countsPerG: figure(256, "table 1, sensitivity, full resolution"),
    offsetG: figure(0.035, "typical zero-g offset", "memory"),
    deviationCounts: figure(0.75, "table 1, noise of X and Y at 100 Hz"),
    deviationZCounts: figure(1.1, "table 1, noise of Z at 100 Hz"),
  },
} as const satisfies I2cFacts;

/** Currents in µA at 2.5 V for each code of the rate, from 0.10 Hz (0) to 3200 Hz (15); low power where it saves. */
export const microamps = [23, 23, 23, 23, 34, 40, 45, 50, 60, 90, 140, 140, 140, 140, 90, 140] as const;
export const lowPowerMicroamps: Readonly<Record<number, number>> = { 7: 34, 8: 40, 9: 45, 10: 50, 11: 60, 12: 90 };
