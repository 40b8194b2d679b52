/** Keys of the devices, and the opening of what they sealed; what was played back is found by its IV. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { UserError } from "../errors.ts";
import { isSealed, readSealed } from "./cose.ts";

/** Highest counter seen, by the key's number and the epoch that the device chose when its state began ("" without IVs). */
export type SeenIvs = Readonly<Record<string, number>>;

export interface Opened {
  readonly payload: Uint8Array;
  readonly seen: SeenIvs;
}

/** Keys by device and number. */
export type Keys = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

const hexKey = v.pipe(v.string(), v.regex(/^([0-9a-f]{2}){16,64}$/i, "expected 16 to 64 bytes in hexadecimal"));
const keyNumber = v.pipe(
  v.string(),
  v.regex(/^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/, "expected a key number, 0 to 255"),
);
const schema = v.record(v.string(), v.record(keyNumber, hexKey));

/**
 * @param file JSON: `{ "truck-17": { "1": "849b5721…" } }`, key numbers to keys in hexadecimal
 * @throws UserError that names what is wrong, never a key
 */
export function readKeys(file: string): Keys {
  const refuse = (what: string): never => {
    throw new UserError(what, { where: file, fix: 'write { "DEVICE": { "NUMBER": "16 bytes in hexadecimal" } }' });
  };
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // a parser's message may quote the file
    return refuse(error instanceof SyntaxError ? "not JSON" : (error as Error).message);
  }
  const parsed = v.safeParse(schema, document);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = issue.path?.map(({ key }) => String(key)).join(" → ") ?? "";
    return refuse(`${path}: ${issue.type === "regex" ? issue.message.replace(/: .*/, "") : "expected an object"}`);
  }
  return new Map(
    Object.entries(parsed.output).map(([device, keys]) => [
      device,
      new Map(Object.entries(keys).map(([number, hex]) => [Number(number), new Uint8Array(Buffer.from(hex, "hex"))])),
    ]),
  );
}

/** Of an IV (lib/seal/encrypted.ts): then come four bytes of salt and five of the counter. */
const EPOCH_BYTES = 4;
const COUNTER_AT = 8;

/**
 * The telemetry inside a message. A device that has keys must seal; one that has none must not.
 * Keys are changed upwards: once a message came with a higher number, lower ones are good no more.
 * @throws UserError for a foreign, changed, truncated, unsealed or repeated message
 */
export function openMessage(message: Uint8Array, device: string, keys: Keys | undefined, seen: SeenIvs = {}): Opened {
  const refuse = (what: string, fix: string): never => {
    throw new UserError(what, { where: device, fix });
  };
  const own = keys?.get(device);
  if (!isSealed(message)) {
    if (own)
      refuse("not sealed, although the device has a key", "only the device itself can send this: look for a forger");
    return { payload: message, seen };
  }
  if (!own) return refuse("sealed, and there is no key for the device", "add its key to the file given as --keys");
  const sealed = readSealed(message);
  const key =
    own.get(sealed.keyId) ?? refuse(`sealed with key ${sealed.keyId}, which is not known`, "add it to --keys");
  const payload = sealed.open(key);
  const newest = Math.max(...Object.keys(seen).map((epoch) => Number.parseInt(epoch, 10)));
  if (sealed.keyId < newest)
    refuse(
      `sealed with key ${sealed.keyId}, but the device has changed to key ${newest}`,
      "somebody recorded it, or still has the old key",
    );
  if (!sealed.iv) return { payload, seen: { ...seen, [`${sealed.keyId}:`]: 0 } };
  const epoch = `${sealed.keyId}:${sealed.iv.subarray(0, EPOCH_BYTES).toString("hex")}`;
  const counter = sealed.iv.readUIntBE(COUNTER_AT, sealed.iv.length - COUNTER_AT);
  if (counter <= (seen[epoch] ?? -1))
    refuse(
      `played back: message ${counter} of this seal came before`,
      "the broker repeated it, or somebody recorded it",
    );
  return { payload, seen: { ...seen, [epoch]: counter } };
}
