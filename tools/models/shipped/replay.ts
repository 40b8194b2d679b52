/**
 * A whole trip of jair-jr/driverBehaviorDataset (no licence stated: evaluated, not part of the package) through the shipped model, as the
 * device would see it: detections, false alarms, and how long the trip was.
 *
 * Its accelerations are in the earth's axes. The heading comes from the yaw rate, and the heading at the start is the one in which
 * the sideways acceleration goes with the yaw rate, as it does in every curve; labels are not looked at.
 */
import { type Frame, frameOf, RATE_HZ } from "./vehicle.ts";

export interface Trip {
  /** 25 a second: forward, left, up in m/s². */
  readonly samples: readonly (readonly [number, number, number])[];
  readonly labels: readonly { readonly name: string; readonly from: number; readonly until: number }[];
  readonly seconds: number;
}

/** Texts of acelerometro_terra.csv, giroscopio_terra.csv, groundTruth.csv and viagem.json. */
export function readTrip(acceleration: string, rotation: string, truth: string, about: string): Trip {
  const start = (JSON.parse(about) as { firstCollectionUptimeNanos: number }).firstCollectionUptimeNanos;
  const [force, turning] = [read(acceleration, start), read(rotation, start)];
  const seconds = Math.floor(Math.min(force.at(-1)!.time, turning.at(-1)!.time));
  const [earth, yaw] = [resample(force, seconds), resample(turning, seconds).map(([, , z]) => z)];
  let heading = 0;
  const turned = earth.map(([x, y, z], at) => {
    heading += yaw[at]! / RATE_HZ;
    return [x * Math.cos(heading) + y * Math.sin(heading), y * Math.cos(heading) - x * Math.sin(heading), z] as const;
  });
  const offsets = localOffsets(turned, yaw);
  const samples = turned.map(([x, y, z], at): [number, number, number] => {
    const offset = offsets[at]!;
    return [x * Math.cos(offset) + y * Math.sin(offset), y * Math.cos(offset) - x * Math.sin(offset), z];
  });
  const rows = truth.trim().split(/\r?\n/).slice(1).map((line) => line.split(",").map((cell) => cell.trim())); // prettier-ignore
  return { samples, seconds, labels: rows.map(([name, from, until]) => ({ name: name!, from: Number(from), until: Number(until) })) }; // prettier-ignore
}

interface Row {
  readonly time: number;
  readonly axes: readonly [number, number, number];
}

function read(text: string, start: number): Row[] {
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [, nanos, x, y, z] = line.split(",").map(Number);
      return { time: (nanos! - start) / 1e9, axes: [x!, y!, z!] as const };
    });
}

/** Means over each 25th of a second; where none fell, the one before. */
function resample(rows: readonly Row[], seconds: number): [number, number, number][] {
  const sums = Array.from({ length: seconds * RATE_HZ }, () => [0, 0, 0, 0]);
  for (const { time, axes } of rows) {
    const sum = sums[Math.floor(time * RATE_HZ)];
    if (!sum) continue;
    axes.forEach((value, axis) => (sum[axis]! += value));
    sum[3]!++;
  }
  let last: [number, number, number] = [0, 0, 0];
  return sums.map(([x, y, z, count]) => (count ? (last = [x! / count, y! / count, z! / count]) : last));
}

/** The gyroscope drifts: the offset is learned from the two minutes around. With it, what points left goes with the yaw rate. */
function localOffsets(turned: readonly (readonly [number, number, number])[], yaw: readonly number[]): number[] {
  const products = turned.map(([x, y], at) => [x * yaw[at]!, y * yaw[at]!] as const);
  const reach = 60 * RATE_HZ;
  const running = [[0, 0]];
  products.forEach(([x, y]) => running.push([running.at(-1)![0]! + x, running.at(-1)![1]! + y]));
  return turned.map((_, at) => {
    const [from, until] = [Math.max(0, at - reach), Math.min(turned.length, at + reach)];
    // left lies where the sum points; forward a quarter of a circle to its right
    return Math.atan2(running[until]![1]! - running[from]![1]!, running[until]![0]! - running[from]![0]!) - Math.PI / 2;
  });
}

/** Second by second, as the features of lib/classify have them. */
export function tripFrames({ samples }: Trip): Frame[] {
  return Array.from({ length: Math.floor(samples.length / RATE_HZ) }, (_, second) => {
    const part = samples.slice(second * RATE_HZ, (second + 1) * RATE_HZ);
    return [0, 1, 2].map((axis) => frameOf(part.map((one) => one[axis]!)));
  });
}
