/**
 * A stated physical model of driven vehicles, from which the shipped model of manoeuvres is trained: no recording is in it. A
 * trip has a driver, a road and a mounting of its own; windows are features as `frames` of lib/classify gives them.
 *
 * Manoeuvres are half sines of acceleration. Peaks and lengths are those that fleets call harsh (about 0.3 to 0.6 g, 1.5 to 5 s),
 * calm ones stay below 0.2 g; the suspension leans by up to 7 degrees for each g (Gillespie, Fundamentals of Vehicle Dynamics,
 * gives 3 to 7 for cars), which gravity adds to what is measured; the road shakes with 0.1 to 0.9 m/s², more upright.
 */
import type { Random } from "../../simulator/hardware.ts";
import { randomFor } from "../../simulator/world/random.ts";
import type { Example, Examples } from "../train/examples.ts";

export const classes = ["quiet", "brakes", "starts", "left", "right"] as const;
export const RATE_HZ = 25;
/** Seconds of a trip, of a frame's length one, and frames in a window. */
const TRIP = 480;
const FRAMES = 4;
const QUIET_EVERY = 4;
const G = 9.80665;

export interface Manoeuvre {
  /** 0 for what is calm. */
  readonly label: number;
  readonly from: number;
  readonly lasts: number;
  /** m/s², forward and left. */
  readonly forward: number;
  readonly left: number;
}

/** Windows of that many trips, each a group of its own. */
export function vehicleExamples(trips: number, seed: number): Examples {
  const rows = Array.from({ length: trips }, (_, trip) => windowsOf(`trip ${trip}`, vehicleTrip(trip, seed)));
  const featureNames = ["x", "y", "z"].flatMap((axis) =>
    ["mean", "deviation"].flatMap((what) => Array.from({ length: FRAMES }, (_, frame) => `${axis} ${what} ${frame}`)),
  );
  return { featureNames, classes, rows: rows.flat() };
}

export interface VehicleTrip {
  readonly plan: readonly Manoeuvre[];
  readonly frames: readonly Frame[];
}

export function vehicleTrip(trip: number, seed: number): VehicleTrip {
  const random = randomFor(seed, `trip ${trip}`);
  const plan = planTrip(random);
  return { plan, frames: framesOf(plan, random) };
}

/** The last four seconds of a window that ends before `until`. */
export function featuresAt(frames: readonly Frame[], until: number): number[] {
  const last = frames.slice(until - FRAMES, until);
  return [0, 1, 2].flatMap((axis) =>
    (["mean", "deviation"] as const).flatMap((what) => last.map((frame) => frame[axis]![what])),
  );
}

function windowsOf(group: string, { plan, frames }: VehicleTrip): Example[] {
  const rows: Example[] = [];
  for (let last = FRAMES - 1; last < frames.length; last++) {
    const [from, until] = [last - FRAMES + 1, last + 1];
    const seen = plan.filter((one) => one.label > 0 && one.from < until && one.from + one.lasts > from);
    const shares = seen.map((one) => shareWithin(one, from, until));
    // the edges of a manoeuvre are neither one nor the other
    if (seen.length > 1 || shares.some((share) => share > 0.1 && share < 0.6)) continue;
    const label = shares[0]! > 0.5 ? seen[0]!.label : 0;
    // most of a trip is quiet: every fourth such window says as much
    if (label === 0 && last % QUIET_EVERY) continue;
    rows.push({
      features: featuresAt(frames, until),
      label,
      group,
      event: `${group} ${label ? plan.indexOf(seen[0]!) : "quiet"}`,
    });
  }
  return rows;
}

/** How much of a half sine's area lies between two seconds. */
function shareWithin({ from, lasts }: Manoeuvre, start: number, end: number): number {
  const at = (second: number): number =>
    (1 - Math.cos(Math.PI * Math.min(Math.max((second - from) / lasts, 0), 1))) / 2;
  return at(end) - at(start);
}

function planTrip(random: Random): Manoeuvre[] {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const plan: Manoeuvre[] = [];
  for (let at = between(5, 15); at < TRIP - 10;) {
    const kind = 1 + Math.floor(4 * random.next());
    const harsh = random.next() < 0.6;
    const lasts = harsh ? between(1.5, 5) : between(1.5, 7);
    const most = harsh ? [between(3.2, 6.5), between(2.4, 4.2), between(3.4, 7), between(3.4, 7)] : [2, 1.6, 2.2, 2.2].map((limit) => limit * random.next()); // prettier-ignore
    const peak = most[kind - 1]!;
    const across = kind === 3 ? peak : kind === 4 ? -peak : 0;
    const along = kind === 1 ? -peak : kind === 2 ? peak : 0;
    // whoever turns slows down a little, whoever brakes steers a little
    const other = 0.15 * peak * random.normal();
    plan.push({ label: harsh ? kind : 0, from: at, lasts, forward: along || -Math.abs(other), left: across || other });
    at += lasts + between(2, 14);
  }
  return plan;
}

/** A second: of every axis. */
export type Frame = readonly { readonly mean: number; readonly deviation: number }[];

export function frameOf(list: readonly number[]): Frame[number] {
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return { mean, deviation: Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length) };
}

/** Second by second, what an accelerometer in the vehicle measures: x forward, y left, z up. */
function framesOf(plan: readonly Manoeuvre[], random: Random): Frame[] {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const shake = between(0.1, 0.9);
  const lean = (between(1, 7) * Math.PI) / 180;
  const mounting = [0.3, 0.3, 0.2].map((most) => most * random.normal());
  const yaw = (4 * Math.PI * random.normal()) / 180;
  return Array.from({ length: TRIP }, (_, second) => {
    const samples: number[][] = [[], [], []];
    const rough = shake * between(0.4, 1.6);
    for (let n = 0; n < RATE_HZ; n++) {
      const time = second + n / RATE_HZ;
      let [forward, left] = [0, 0];
      for (const one of plan) {
        if (time < one.from || time > one.from + one.lasts) continue;
        const now = Math.sin((Math.PI * (time - one.from)) / one.lasts);
        forward += one.forward * now;
        left += one.left * now;
      }
      forward += G * Math.sin((lean * forward) / G);
      left += G * Math.sin((lean * left) / G);
      samples[0]!.push(forward * Math.cos(yaw) + left * Math.sin(yaw) + mounting[0]! + 0.6 * rough * random.normal());
      samples[1]!.push(left * Math.cos(yaw) - forward * Math.sin(yaw) + mounting[1]! + 0.8 * rough * random.normal());
      samples[2]!.push(G + mounting[2]! + rough * random.normal());
    }
    return samples.map(frameOf);
  });
}
