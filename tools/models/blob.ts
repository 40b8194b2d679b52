/**
 * The device's file: a header of sixteen 32-bit numbers, a record of sixteen for each step, then the data of all steps.
 * Everything is little-endian and starts at a multiple of 8.
 *
 * Header: 0 "HBM1"; 1 version; 2 bytes; 3 checksum of the bytes from 16 on; 4 bytes of the arena; 5 inputs; 6 outputs;
 * 7 steps; 8 and 9 places of input and output in the arena; 10 kind of input, 11 its data; 12 zero and 13 scale (single
 * precision) of the scores. Record: 0 kind; 1 and 2 places of input and output; 3 and 4 place and length of the data;
 * 5 to 15 by kind.
 */
import { UserError } from "../errors.ts";
import { crc32 } from "../simulator/espruino/crc32.ts";
import { kinds, type Plan } from "./steps.ts";

const HEADER = 64;
const MAGIC = 0x314d4248;
const VERSION = 1;
/** Views on the device start below that. */
const LARGEST_ARENA = 65_535;

export interface Blob {
  readonly bytes: Uint8Array;
  readonly arenaBytes: number;
}

/** Throws a UserError when the values of the network do not fit into one arena. */
export function writeBlob(plan: Plan, where: string): Blob {
  const { places, bytes: arenaBytes } = arena(plan);
  if (arenaBytes > LARGEST_ARENA)
    throw new UserError(
      `the model's values take ${arenaBytes} bytes at once, the device has at most ${LARGEST_ARENA}`,
      {
        where,
        fix: "choose a model with smaller inputs or fewer channels in its first layers",
      },
    );
  const aligned = (length: number): number => (length + 7) & ~7;
  let at = HEADER + 64 * plan.steps.length;
  const put = ({ length }: Uint8Array): number => {
    const place = at;
    at += aligned(length);
    return place;
  };
  const entranceAt = put(plan.entrance.data);
  const dataAt = plan.steps.map(({ data }) => put(data));
  const bytes = new Uint8Array(at);
  const words = new DataView(bytes.buffer);
  const word = (place: number, value: number): void => words.setInt32(place, value, true);
  const head = [MAGIC, VERSION, at, 0, arenaBytes, plan.inputs, plan.outputs, plan.steps.length, places[plan.input]!, places[plan.output]!, plan.entrance.kind, entranceAt, plan.zero]; // prettier-ignore
  head.forEach((value, index) => word(4 * index, value));
  words.setFloat32(52, plan.scale, true);
  bytes.set(plan.entrance.data, entranceAt);
  plan.steps.forEach(({ kind, input, output, second, numbers, data }, index) => {
    const record = HEADER + 64 * index;
    [kinds[kind], places[input]!, places[output]!, dataAt[index]!, data.length].forEach((value, i) => word(record + 4 * i, value)); // prettier-ignore
    for (const [place, value] of Object.entries(numbers)) word(record + 4 * Number(place), value);
    if (second !== undefined) word(record + 48, places[second]!);
    bytes.set(data, dataAt[index]);
  });
  words.setUint32(12, checksum(bytes), true);
  return { bytes, arenaBytes };
}

/** Of pieces of 32 KB, because a device maps no more than 64 KB at once: the CRC-32 of their CRC-32s. */
export function checksum(blob: Uint8Array): number {
  const sums: number[] = [];
  for (let at = 16; at < blob.length; at += 32_768) sums.push(crc32(blob.subarray(at, at + 32_768)));
  return crc32(new Uint8Array(Uint32Array.from(sums).buffer));
}

/** A place for each buffer: none overlaps another that holds a value at the same time. Largest first. */
function arena({ buffers, steps, input, output }: Plan): { places: number[]; bytes: number } {
  const lives = buffers.map((size) => ({ size: (size + 7) & ~7, from: Infinity, until: -Infinity }));
  const use = (buffer: number, when: number): void => {
    const life = lives[buffer]!;
    life.from = Math.min(life.from, when);
    life.until = Math.max(life.until, when);
  };
  use(input, -1);
  steps.forEach((step, when) => {
    for (const buffer of [step.input, step.output, step.second ?? step.input]) use(buffer, when);
  });
  use(output, steps.length);
  const places = new Array<number>(buffers.length).fill(0);
  const placed: number[] = [];
  const order = lives.map((_, index) => index).sort((a, b) => lives[b]!.size - lives[a]!.size);
  for (const buffer of order) {
    const life = lives[buffer]!;
    const busy = placed
      .filter((other) => lives[other]!.from <= life.until && lives[other]!.until >= life.from)
      .sort((a, b) => places[a]! - places[b]!);
    let place = 0;
    for (const other of busy) {
      if (place + life.size <= places[other]!) break;
      place = Math.max(place, places[other]! + lives[other]!.size);
    }
    places[buffer] = place;
    placed.push(buffer);
  }
  return { places, bytes: Math.max(...placed.map((buffer) => places[buffer]! + lives[buffer]!.size)) };
}
