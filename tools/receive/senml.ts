/** Reads SenML packs in CBOR and JSON (RFC 8428): base values applied, times absolute. What foreign senders, and ours on request, send. */
import { Decoder, setSizeLimits } from "cbor-x";
import { UserError } from "../errors.ts";

/** One resolved record (RFC 8428 section 4.6). */
export interface SenmlRecord {
  readonly name: string;
  readonly unit?: string;
  readonly value?: number | string | boolean | Uint8Array;
  readonly sum?: number;
  /** Unix seconds. */
  readonly time: number;
}

// a decoder allocates for whatever length a stray message claims
setSizeLimits({ maxArraySize: 65536, maxMapSize: 65536, maxObjectSize: 65536 });
const cbor = new Decoder({ useRecords: false, mapsAsObjects: false });

/** Labels of RFC 8428, table 4, with the type of each. */
const fields = new Map<unknown, readonly [key: string, type: string]>([
  [-1, ["bver", "number"]],
  [-2, ["bn", "string"]],
  [-3, ["bt", "number"]],
  [-4, ["bu", "string"]],
  [-5, ["bv", "number"]],
  [-6, ["bs", "number"]],
  [0, ["n", "string"]],
  [1, ["u", "string"]],
  [2, ["v", "number"]],
  [3, ["vs", "string"]],
  [4, ["vb", "boolean"]],
  [5, ["s", "number"]],
  [6, ["t", "number"]],
  [7, ["ut", "number"]],
  [8, ["vd", "bytes"]],
]);

/** The same in JSON: the keys are the labels, and data is Base64 for URLs (section 4.3). */
const jsonFields = new Map<unknown, readonly [key: string, type: string]>(
  [...fields.values()].map(([key, type]) => [key, [key, type === "bytes" ? "string" : type]]),
);

/** The version that RFC 8428 defines. */
const VERSION = 10;
/** Times below count from now. */
const ABSOLUTE = 2 ** 28;
const MAX_BYTES = 65536;
const JSON_ARRAY = "[".charCodeAt(0);

function refuse(what: string): never {
  throw new UserError(`not a SenML pack: ${what}`, {
    where: "MQTT payload",
    fix: "check that the sender writes application/senml+cbor or application/senml+json",
  });
}

interface Raw {
  bver?: number;
  bn?: string;
  bt?: number;
  bu?: string;
  bv?: number;
  bs?: number;
  n?: string;
  u?: string;
  v?: number;
  vs?: string;
  vb?: boolean;
  vd?: Uint8Array;
  s?: number;
  t?: number;
}

function readRaw(record: unknown, known: typeof fields): Raw {
  if (!(record instanceof Map)) return refuse("a record is no map");
  const raw: Record<string, unknown> = {};
  for (const [label, value] of record as Map<unknown, unknown>) {
    const field = known.get(label);
    // section 4.4: a name that ends in "_" must be understood, any other may be passed over
    if (!field) {
      if (typeof label === "string" && label.endsWith("_")) refuse(`field ${label} must be understood, and is not`);
      continue;
    }
    const type = value instanceof Uint8Array ? "bytes" : typeof value;
    if (type !== field[1] || (type === "number" && !Number.isFinite(value)))
      refuse(`${field[0]}: expected a ${field[1]}, got a ${type}`);
    raw[field[0]] = field[0] === "vd" && type === "string" ? Buffer.from(value as string, "base64url") : value;
  }
  return raw;
}

/** A pack begins as an array of maps; a batch of ours, and an answer to a command, with a number. */
export function isSenml(payload: Uint8Array): boolean {
  const [first = 0, second = 0] = payload;
  if (first === JSON_ARRAY) return true;
  // an array of up to 23 items, or with its length in one or two bytes, or without one
  const item = first === 0x98 ? payload[2] : first === 0x99 ? payload[3] : first > 0x80 && first <= 0x97 ? second : first === 0x9f ? second : 0; // prettier-ignore
  return ((item ?? 0) & 0xe0) === 0xa0;
}

function parse(payload: Uint8Array): readonly [pack: unknown, known: typeof fields] {
  if (payload[0] !== JSON_ARRAY) return [cbor.decode(payload), fields];
  const pack: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
  const isMap = (record: unknown): record is object =>
    typeof record === "object" && record !== null && !Array.isArray(record);
  return [
    Array.isArray(pack) ? pack.map((record) => (isMap(record) ? new Map(Object.entries(record)) : record)) : pack,
    jsonFields,
  ];
}

/**
 * @param nowSeconds Unix time, to which relative times refer
 * @throws UserError for anything but a SenML pack
 */
export function decodeSenml(payload: Uint8Array, nowSeconds: number): SenmlRecord[] {
  if (payload.length > MAX_BYTES) refuse(`it has ${payload.length} bytes, more than ${MAX_BYTES}`);
  let pack: unknown;
  let known: typeof fields;
  try {
    [pack, known] = parse(payload);
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (!Array.isArray(pack)) return refuse("it is no array");
  let base: Raw = {};
  return pack.flatMap((record): SenmlRecord[] => {
    const raw = readRaw(record, known);
    base = { ...base, ...Object.fromEntries(Object.entries(raw).filter(([key]) => key.startsWith("b"))) };
    if ((base.bver ?? VERSION) > VERSION) refuse(`version ${base.bver}`);
    const values = [raw.v, raw.vs, raw.vb, raw.vd].filter((value) => value !== undefined);
    if (values.length > 1) refuse("a record with several values");
    const hasNumber = raw.v !== undefined || (base.bv !== undefined && !values.length);
    const value = hasNumber ? (base.bv ?? 0) + (raw.v ?? 0) : values[0];
    const sum = raw.s !== undefined || base.bs !== undefined ? (base.bs ?? 0) + (raw.s ?? 0) : undefined;
    if (value === undefined && sum === undefined) return [];
    const name = (base.bn ?? "") + (raw.n ?? "");
    if (!/^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/.test(name)) refuse(`the name ${JSON.stringify(name)}`);
    const time = (base.bt ?? 0) + (raw.t ?? 0);
    const unit = raw.u ?? base.bu;
    return [
      {
        name,
        ...(unit !== undefined && { unit }),
        ...(value !== undefined && { value }),
        ...(sum !== undefined && { sum }),
        time: time < ABSOLUTE ? nowSeconds + time : time,
      },
    ];
  });
}
