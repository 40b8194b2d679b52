/** One message of readings in each of the forms that are compared. Deterministic, nothing but bytes. */
import { Encoder } from "cbor-x";
import { encodeBatch } from "../../../lib/encode/batch.ts";
import { senml } from "../../../lib/encode/senml.ts";
import type { Recording } from "./recordings.ts";

export interface Message {
  readonly recording: Recording;
  /** Index of the first reading, and how many. */
  readonly first: number;
  readonly count: number;
}

const START = 1_760_000_000;
const OFFSET = 1_759_000_000;

const timeOf = ({ recording }: Message, i: number): number => START + i * recording.intervalSeconds;
const nameOf = (sensor: string, quantity: string): string => `${sensor}.${quantity}`;
const unitOf: Readonly<Record<string, string>> = { "°C": "Cel", "%RH": "%RH", "m/s²": "m/s2", "": "/" };
const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const utf8 = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(value)));
const plain = new Encoder({ useRecords: false });

function batchOf(message: Message) {
  const { recording, first, count } = message;
  const { columns } = recording;
  const rows = Array.from({ length: count }, (_, i) => [
    timeOf(message, first + i) - OFFSET,
    ...columns.map(({ values }) => values[first + i]!),
  ]);
  return {
    journal: 0x7f3a91c4,
    seq: first,
    offset: OFFSET,
    age: 21_600,
    count,
    codes: String.fromCharCode(...columns.map(({ code }) => code)),
    column: (index: number) => Int32Array.from(rows, (row) => row[index]!),
    skipped: [],
  };
}

const objects = (message: Message): Record<string, number>[] =>
  Array.from({ length: message.count }, (_, i) => ({
    t: timeOf(message, message.first + i),
    ...Object.fromEntries(
      message.recording.columns.map(({ sensor, quantity, values, scale }) => [
        nameOf(sensor, quantity),
        values[message.first + i]! / scale,
      ]),
    ),
  }));

const senmlJson = (message: Message): Record<string, unknown>[] =>
  objects(message).flatMap(({ t, ...values }, i) =>
    message.recording.columns.map(({ sensor, quantity, unit }, c) => ({
      ...(!i && !c && { bn: "urn:dev:truck-17:", bt: START + message.first * message.recording.intervalSeconds }),
      n: nameOf(sensor, quantity),
      u: unitOf[unit] ?? unit,
      v: values[nameOf(sensor, quantity)],
      ...(i && { t: t! - timeOf(message, message.first) }),
    })),
  );

/** Little-endian records of a time and two or four bytes for each value, behind a header of device, number and count. */
export function fixedRecords(message: Message): Uint8Array {
  const width = (values: readonly number[]): number => (values.some((v) => v < -32768 || v > 32767) ? 4 : 2);
  const widths = message.recording.columns.map(({ values }) => width(values));
  const bytes = Buffer.alloc(12 + message.count * (4 + widths.reduce((sum, size) => sum + size, 0)));
  let at = 12;
  for (let i = 0; i < message.count; i++) {
    at = bytes.writeUInt32LE(timeOf(message, message.first + i), at);
    for (const [c, { values }] of message.recording.columns.entries())
      at = bytes.writeIntLE(values[message.first + i]!, at, widths[c]!);
  }
  return bytes;
}

export const encodings = {
  hibernode: (message) => latin(encodeBatch(batchOf(message))),
  "fixed records": fixedRecords,
  "cbor-x objects": (message) => plain.encode(objects(message)),
  "SenML-CBOR": (message) => {
    const { columns } = message.recording;
    const named = columns.map(
      ({ sensor, quantity, unit, scale }) =>
        [nameOf(sensor, quantity), unitOf[unit] ?? unit, Math.log10(scale)] as const,
    );
    return latin(senml(named, "urn:dev:truck-17:")(batchOf(message)));
  },
  "SenML-JSON": (message) => utf8(senmlJson(message)),
  JSON: (message) => utf8(objects(message)),
} as const satisfies Record<string, (message: Message) => Uint8Array>;

export type EncodingName = keyof typeof encodings;
export const encodingNames = Object.keys(encodings) as EncodingName[];
