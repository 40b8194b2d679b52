/** ST LIS3DH and LIS2DH12 as data: currents by rate and mode, sensitivities. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("ST LIS3DH, DocID17530 Rev 2, and LIS2DH12, DocID025056 Rev 6");

const common = {
  addresses: [0x19, 0x18],
  quantities: ["accelerationX", "accelerationY", "accelerationZ"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(1.71, "page 1"), figure(3.6, "page 1")],
  figures: {
    powerDownMicroamps: figure(0.5, "current consumption in power-down", "memory"),
    highResolution10HzMicroamps: figure(4, "table 12, 10 Hz, high resolution"),
    lowPower10HzMicroamps: figure(3, "table 12, 10 Hz, low power"),
    bootMs: figure(5, "boot time", "memory"),
    /** The application note's example and users' parts agree on 16384 counts; the stated 1 mg per digit would give 16000. */
    countsPerG: figure(16384, "AN3308 section 4.2.3, reported", "reported"),
    offsetG: figure(0.04, "typical zero-g level offset accuracy", "memory"),
    noiseGPerRootHertz: figure(220e-6, "acceleration noise density", "memory"),
  },
} as const;

export const lis3dhFacts = { ...common, title: "ST LIS3DH, acceleration" } as const satisfies I2cFacts;
export const lis2dh12Facts = { ...common, title: "ST LIS2DH12, acceleration" } as const satisfies I2cFacts;

/** By the code of ODR: rate in Hz and current in µA for low power, normal and high resolution (table 12, 2.5 V). */
export const rates = [
  { hertz: 0, microamps: [0.5, 0.5, 0.5] },
  { hertz: 1, microamps: [2, 2, 2] },
  { hertz: 10, microamps: [3, 4, 4] },
  { hertz: 25, microamps: [4, 6, 6] },
  { hertz: 50, microamps: [6, 11, 11] },
  { hertz: 100, microamps: [10, 20, 20] },
  { hertz: 200, microamps: [18, 38, 38] },
  { hertz: 400, microamps: [36, 73, 73] },
  { hertz: 1620, microamps: [100, 100, 100] },
  { hertz: 1344, lowPowerHertz: 5376, microamps: [185, 185, 185] },
] as const;

/** How much coarser each full scale is than ±2 g, and one step of an interrupt threshold in g. */
export const fullScales = [
  { coarser: 1, thresholdG: 0.016 },
  { coarser: 2, thresholdG: 0.032 },
  { coarser: 4, thresholdG: 0.062 },
  { coarser: 12, thresholdG: 0.186 },
] as const;

/** Low bits that stay at zero: 8, 10 or 12 bits, left-justified. */
export const unusedBits = { low: 8, normal: 6, high: 4 } as const;
