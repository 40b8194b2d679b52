/** Random batches, and what they mean, for tests of both ends of the wire. */
import fc from "fast-check";
import { encodeBatch, type Batch } from "../../lib/encode/batch.ts";
import { ABSENT, FAULT } from "../../lib/faults.ts";

/** A batch as tests write it down. */
export interface Readings extends Pick<Batch, "journal" | "seq" | "age"> {
  readonly offset?: number | undefined;
  readonly times: readonly number[];
  readonly codes: readonly number[];
  /** Reading after reading, one for each code. */
  readonly values: ArrayLike<number>;
  readonly skipped?: Batch["skipped"] | undefined;
}

/** As the device hands them to its encoder. */
export function batchOf({ times, codes, values, offset = 0, skipped = [], ...rest }: Readings): Batch {
  const width = codes.length;
  return {
    ...rest,
    offset,
    skipped,
    count: times.length,
    codes: String.fromCharCode(...codes),
    column: (index) => Int32Array.from(times, (at, i) => (index ? values[i * width + index - 1]! : at)),
  };
}

export const payloadOf = (readings: Readings): Uint8Array =>
  new Uint8Array(Buffer.from(encodeBatch(batchOf(readings)), "latin1"));

const cell = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -4000, max: 8500 }) },
  { weight: 2, arbitrary: fc.integer({ min: -(2 ** 31), max: FAULT - 1 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 254 }).map((code) => FAULT + code) },
  { weight: 1, arbitrary: fc.constant(ABSENT) },
);

const times = fc
  .tuple(
    fc.integer({ min: 0, max: 2e9 }),
    fc.oneof(
      fc
        .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 86400 }))
        .map(([n, step]) => Array<number>(n).fill(step)),
      fc.array(fc.integer({ min: 899, max: 902 }), { maxLength: 100 }),
      fc.array(fc.constantFrom(600, 600, 600, -3000, 86400, 0), { maxLength: 100 }),
      fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 40 }),
    ),
  )
  .map(([first, steps]) => steps.reduce((all, step) => [...all, Math.max(0, all.at(-1)! + step)], [first]));

const u32 = fc.integer({ min: 0, max: 0xffffffff });

export const batches: fc.Arbitrary<Readings> = fc
  .record({
    journal: u32,
    seq: fc.integer({ min: 0, max: 0xffffff00 }),
    offset: fc.option(fc.integer({ min: 1.2e9, max: 4e9 }), { nil: undefined }),
    age: fc.integer({ min: 0, max: 1e8 }),
    times: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 20, arbitrary: times }),
    codes: fc.uniqueArray(
      fc
        .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 7 }))
        .map(([quantity, sensor]) => quantity + 32 * sensor),
      { maxLength: 5 },
    ),
    skipped: fc.option(
      fc.array(fc.tuple(u32, fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 4,
      }),
      { nil: undefined },
    ),
  })
  .chain((batch) => {
    const size = batch.times.length * batch.codes.length;
    return fc
      .array(cell, { minLength: size, maxLength: size, size: "max" })
      .map((values) => ({ ...batch, values: Int32Array.from(values) }));
  });
