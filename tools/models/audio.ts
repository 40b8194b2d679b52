/**
 * Sound to the input of a keyword network: 49 frames of 30 ms, one every 20 ms, each 40 bands of log energy as int8. It
 * is not TensorFlow's own front end (no noise suppression, no automatic gain): the same sound gives similar, not equal
 * numbers. 16 kHz, 16 bits, one channel.
 */
import { UserError } from "../errors.ts";

const RATE = 16_000;
const FRAME = 480;
const HOP = 320;
const POINTS = 512;
const FRAMES = 49;
const BANDS = 40;
const LOWEST_HZ = 125;
const HIGHEST_HZ = 7500;
/** Natural logarithm of the energy that becomes −128, and how many int8 steps one unit is. */
const FLOOR = -2;
const STEPS = 14;

const mel = (hz: number): number => 1127 * Math.log(1 + hz / 700);

/** 49 × 40 values. Throws a UserError when the file is no such sound. */
export function spectrogram(wav: Uint8Array, where: string): Int8Array {
  const samples = readWav(wav, where);
  const bands = bandOfBin();
  const result = new Int8Array(FRAMES * BANDS);
  for (let frame = 0; frame < FRAMES; frame++) {
    const energy = new Float64Array(BANDS);
    powerSpectrum(samples, frame * HOP).forEach((power, bin) => {
      const band = bands[bin]!;
      if (band >= 0) energy[band]! += power;
    });
    energy.forEach((value, band) => {
      const level = Math.round((Math.log(value + 1e-9) - FLOOR) * STEPS) - 128;
      result[frame * BANDS + band] = Math.max(-128, Math.min(127, level));
    });
  }
  return result;
}

/** Bands of equal width on the mel scale. */
function bandOfBin(): number[] {
  const [low, high] = [mel(LOWEST_HZ), mel(HIGHEST_HZ)];
  return Array.from({ length: POINTS / 2 }, (_, bin) => {
    const place = Math.floor(((mel((bin * RATE) / POINTS) - low) / (high - low)) * BANDS);
    return place >= 0 && place < BANDS ? place : -1;
  });
}

function powerSpectrum(samples: Float64Array, start: number): Float64Array {
  const windowed = Float64Array.from({ length: FRAME }, (_, at) => (samples[start + at] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / FRAME))); // prettier-ignore
  const power = new Float64Array(POINTS / 2);
  for (let bin = 0; bin < power.length; bin++) {
    let [re, im] = [0, 0];
    for (let at = 0; at < FRAME; at++) {
      const angle = (2 * Math.PI * ((bin * at) % POINTS)) / POINTS;
      re += windowed[at]! * Math.cos(angle);
      im += windowed[at]! * Math.sin(angle);
    }
    power[bin] = re * re + im * im;
  }
  return power;
}

/** −1 to 1. */
function readWav(bytes: Uint8Array, where: string): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  const refuse = (got: string): UserError =>
    new UserError(`expected a WAV file of 16 kHz, 16 bits, one channel; got ${got}`, {
      where,
      fix: "convert it: sox IN.wav -r 16000 -b 16 -c 1 OUT.wav",
    });
  if (bytes.length < 44 || tag(0) !== "RIFF" || tag(8) !== "WAVE") throw refuse("another kind of file");
  for (let at = 12; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4, true)) {
    if (tag(at) === "fmt ") {
      const [channels, rate, bits] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint16(at + 22, true)]; // prettier-ignore
      if (channels !== 1 || rate !== RATE || bits !== 16)
        throw refuse(`${rate} Hz, ${bits} bits, ${channels} channels`);
    }
    if (tag(at) === "data") {
      const length = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8) >> 1;
      return Float64Array.from({ length }, (_, index) => view.getInt16(at + 8 + 2 * index, true) / 32768);
    }
  }
  throw refuse("no samples");
}
