/**
 * A stated physical model of rotating machines, from which the shipped model of their condition is trained: no recording is in it.
 * Each machine has a shaft, a gear's mesh and noise of its own, and learns what is healthy as `baseline` of lib/classify does; what
 * is classified is by how much each band of its spectrum has risen since.
 *
 * Imbalance raises the shaft's own line (ISO 13373 names it 1×); a worn gear its mesh, with sidebands at the shaft's distance; a
 * bearing rings at a frequency between 115 and 190 Hz at each impact, with noise over all bands. How far: 2 to 8 times.
 */
import type { Random } from "../../simulator/hardware.ts";
import { randomFor } from "../../simulator/world/random.ts";
import type { Example, Examples } from "../train/examples.ts";

export const conditions = ["imbalance", "gear", "bearing"] as const;
const RATE_HZ = 400;
const LENGTH = 32;
const BANDS = 4;
/** Windows of a machine: in health, and with each defect. */
const LEARNED = 100;
const EACH = 12;
/** Mean squared distance in standard deviations from which on a window is odd: only these are classified. */
const ODD = 6;
const LEAST_DEVIATION = 0.1;

interface Machine {
  readonly shaft: number;
  readonly mesh: number;
  readonly shaftAmplitude: number;
  readonly meshAmplitude: number;
  readonly hiss: number;
}

/** Odd windows of that many machines, each a group of its own. */
export function machineExamples(machines: number, seed: number): Examples {
  const rows = Array.from({ length: machines }, (_, at) =>
    windowsOf(`machine ${at}`, randomFor(seed, `machine ${at}`)),
  );
  return { featureNames: Array.from({ length: BANDS }, (_, band) => `rise of band ${band + 1}`), classes: conditions, rows: rows.flat() }; // prettier-ignore
}

function windowsOf(group: string, random: Random): Example[] {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const machine = { shaft: between(15, 45), mesh: between(65, 110), shaftAmplitude: between(0.6, 1.8), meshAmplitude: between(0.4, 1.2), hiss: between(0.2, 0.5) }; // prettier-ignore
  const healthy = Array.from({ length: LEARNED }, () => spectrum(machine, -1, 1, 0, random));
  const mean = Array.from({ length: BANDS }, (_, band) => average(healthy.map((one) => one[band]!)));
  const variance = mean.map((value, band) => Math.max(average(healthy.map((one) => (one[band]! - value) ** 2)), LEAST_DEVIATION ** 2)); // prettier-ignore
  return conditions.flatMap((_, label) => {
    const [growth, ring] = [between(2, 8), between(115, 190)];
    return Array.from({ length: EACH }, (): Example => {
      const now = spectrum(machine, label, growth, ring, random);
      const features = now.map((value, band) => value - mean[band]!);
      return { features, label, group, event: `${group} ${label}` };
    }).filter(({ features }) => average(features.map((rise, band) => rise ** 2 / variance[band]!)) > ODD);
  });
}

/** @param condition −1 for health @param growth how many times what the defect raises @param ring hertz of the bearing */
function spectrum(machine: Machine, condition: number, growth: number, ring: number, random: Random): number[] {
  const load = 1 + 0.1 * random.normal();
  const phases = Array.from({ length: 5 }, () => 2 * Math.PI * random.next());
  const shaft = machine.shaftAmplitude * load * (condition === 0 ? growth : 1);
  const mesh = machine.meshAmplitude * load * (condition === 1 ? growth : 1);
  const hiss = machine.hiss * (condition === 2 ? 1 + growth / 4 : 1);
  const impact = RATE_HZ / between(random, 20, 70);
  const samples = Array.from({ length: LENGTH }, (_, n) => {
    const turn = (hertz: number, phase: number): number =>
      Math.sin((2 * Math.PI * hertz * n) / RATE_HZ + phases[phase]!);
    const sidebands = condition === 1 ? 1 + 0.5 * turn(machine.shaft, 2) : 1;
    const rings = condition === 2 ? machine.hiss * 1.5 * growth * Math.exp(-(n % impact) / 12) * turn(ring, 3) : 0;
    return shaft * turn(machine.shaft, 0) + mesh * sidebands * turn(machine.mesh, 1) + rings + hiss * random.normal();
  });
  return bandsOf(samples);
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();
const average = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** As `bands` of lib/classify/features. */
function bandsOf(samples: readonly number[]): number[] {
  const level = average(samples);
  const lines = Array.from({ length: LENGTH / 2 }, (_, at) => {
    let [re, im] = [0, 0];
    samples.forEach((value, n) => {
      const angle = (2 * Math.PI * (at + 1) * n) / LENGTH;
      re += (value - level) * Math.cos(angle);
      im += (value - level) * Math.sin(angle);
    });
    return Math.hypot(re, im);
  });
  const width = LENGTH / 2 / BANDS;
  return Array.from({ length: BANDS }, (_, band) => Math.log(average(lines.slice(band * width, (band + 1) * width)) + 1e-9)); // prettier-ignore
}
