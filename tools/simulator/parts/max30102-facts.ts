/** Maxim MAX30102 as data, and the skin that lies on it. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Maxim MAX30102, 19-7740 Rev 1");
const skin = figuresFrom("stated model of skin");

export const facts = {
  title: "Maxim MAX30102, light reflected by skin",
  addresses: [0x57],
  quantities: ["heartRate", "accelerationX", "accelerationY", "accelerationZ"],
  faults: ["nak", "stuck"],
  supplyVolts: [
    figure(3.1, "LED supply; the core's 1.8 V come from the module's regulator", "memory"),
    figure(5.25, "LED supply", "memory"),
  ],
  figures: {
    shutdownMicroamps: figure(0.7, "page 1: shutdown current, typical"),
    supplyMicroamps: figure(600, "supply current, typical", "memory"),
    ledMilliampsPerStep: figure(0.2, "LED pulse amplitude: 0x7F is 25.4 mA; as public drivers have it", "reported"),
    temperatureMs: figure(29, "die temperature conversion", "memory"),
    /** Usual readings: about 10^5 counts at 6.4 mA in the 4096 nA range with a finger on it, half of that at a wrist. */
    nanoampsPerMilliamp: skin(125, "half of what users of modules report for a finger", "reported"),
    crosstalk: skin(0.02, "share of that light without anything on the glass", "memory"),
    perfusion: skin(0.006, "share of the light that a heartbeat takes at a wrist", "memory"),
    respiration: skin(0.003, "share of the light that breathing takes", "memory"),
    breathsPerMinute: skin(14, "at rest", "memory"),
    artefact: skin(0.004, "share of the light by m/s² of acceleration other than gravity", "memory"),
    noiseCounts: skin(12, "18 bits, one conversion", "memory"),
  },
} as const satisfies I2cFacts;

/** LED pulse in µs and bits of the result, by the code of LED_PW: public drivers agree on them. */
export const pulses = [
  { us: 69, bits: 15 },
  { us: 118, bits: 16 },
  { us: 215, bits: 17 },
  { us: 411, bits: 18 },
] as const;

/** Conversions per second by the code of SR. That long pulses forbid the fastest is not modelled. */
export const rates = [50, 100, 200, 400, 800, 1000, 1600, 3200] as const;

/** The share of a heartbeat's light that is taken at each part of the beat: the pulse, and its echo from the limbs. */
export function bloodVolume(beat: number): number {
  const bump = (at: number, width: number): number => Math.exp(-(((beat - at) / width) ** 2) / 2);
  return bump(0.28, 0.09) + 0.4 * bump(0.58, 0.12);
}
