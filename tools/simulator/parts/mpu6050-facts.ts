/** InvenSense MPU-6050 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("InvenSense MPU-6000/6050, PS-MPU-6000A-00 rev 3.4 and RM-MPU-6000A-00 rev 4.2");

export const facts = {
  title: "InvenSense MPU-6050, acceleration and angular rate",
  addresses: [0x68, 0x69],
  quantities: [
    "accelerationX", "accelerationY", "accelerationZ", "angularRateX", "angularRateY", "angularRateZ", "temperature",
  ],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.375, "electrical characteristics, VDD"), figure(3.46, "electrical characteristics, VDD")],
  figures: {
    sleepMicroamps: figure(5, "operating current, idle"),
    sixAxesMicroamps: figure(3800, "operating current, gyroscope and accelerometer"),
    gyroscopeMicroamps: figure(3600, "operating current, gyroscope"),
    accelerometerMicroamps: figure(500, "operating current, accelerometer"),
    cycle1HzMicroamps: figure(10, "operating current, low power, 1.25 Hz"),
    startUpMs: figure(20, "start-up time for register access", "memory"),
    resetMs: figure(100, "device reset", "memory"),
    gyroscopeSettlingMs: figure(30, "gyroscope start-up time"),
    accelerometerOffsetG: figure(0.05, "initial zero-g tolerance, X and Y"),
    gyroscopeOffsetDegreesPerSecond: figure(20, "initial zero-rate tolerance"),
    accelerometerNoiseGPerRootHertz: figure(400e-6, "power spectral density", "memory"),
    gyroscopeNoiseDegreesPerSecond: figure(0.05, "total rms noise", "memory"),
  },
} as const satisfies I2cFacts; // prettier-ignore

/** Wake-ups per second in cycle mode and the current in µA, for each code. */
export const cycles = [
  { hertz: 1.25, microamps: 10 },
  { hertz: 5, microamps: 20 },
  { hertz: 20, microamps: 70 },
  { hertz: 40, microamps: 140 },
] as const;

/** Bandwidth in Hz of the accelerometer for each code of DLPF_CFG. */
export const bandwidths = [260, 184, 94, 44, 21, 10, 5, 260] as const;
