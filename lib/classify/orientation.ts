/**
 * A sensor is mounted anyhow: gravity, the mean of a long time, tells where down is, and what the acceleration does
 * while the vehicle's speed changes tells where forward is. Both are needed before manoeuvres can be told apart.
 */

export interface Orientation {
  /** One acceleration, in any unit, and by how much the speed is changing (above 0: faster; 0 where unknown). */
  learn(x: number, y: number, z: number, speedChange: number): void;
  /** Whether forward is known: the sum of what was learned points one way clearly. */
  readonly ready: boolean;
  /** [forward, left, up] of an acceleration; gravity is in `up`. */
  turn(x: number, y: number, z: number): [number, number, number];
}

/** @param least length of the summed horizontal acceleration at which forward counts as known */
export function orientation(least: number): Orientation {
  let count = 0;
  let [gx, gy, gz] = [0, 0, 0];
  let [fx, fy, fz] = [0, 0, 0];
  return {
    learn(x, y, z, speedChange) {
      count++;
      gx += (x - gx) / count;
      gy += (y - gy) / count;
      gz += (z - gz) / count;
      const sign = speedChange > 0 ? 1 : speedChange < 0 ? -1 : 0;
      fx += sign * (x - gx);
      fy += sign * (y - gy);
      fz += sign * (z - gz);
    },
    get ready() {
      return Math.sqrt(fx * fx + fy * fy + fz * fz) > least;
    },
    turn(x, y, z) {
      const g = Math.sqrt(gx * gx + gy * gy + gz * gz) || 1;
      const [ux, uy, uz] = [gx / g, gy / g, gz / g];
      const along = fx * ux + fy * uy + fz * uz;
      let [px, py, pz] = [fx - along * ux, fy - along * uy, fz - along * uz];
      const p = Math.sqrt(px * px + py * py + pz * pz) || 1;
      [px, py, pz] = [px / p, py / p, pz / p];
      // left is up × forward
      const [lx, ly, lz] = [uy * pz - uz * py, uz * px - ux * pz, ux * py - uy * px];
      return [px * x + py * y + pz * z, lx * x + ly * y + lz * z, ux * x + uy * y + uz * z];
    },
  };
}
