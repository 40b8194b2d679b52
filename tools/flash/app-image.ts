/** An ESP32 application image (.bin): which chip it is for, whether it is whole, which Espruino it holds. */
import { createHash } from "node:crypto";
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../errors.ts";

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const CHECKSUM_START = 0xef;
const SHA_BYTES = 32;

/** Espressif's numbers for its chips, in image headers and in what the loader of a chip says. */
export const chipIds: Readonly<Record<Chip, number>> = { esp32: 0, esp32c3: 5, esp32s3: 9 };

export const chipNames: Readonly<Record<Chip, string>> = {
  esp32: "ESP32",
  esp32c3: "ESP32-C3",
  esp32s3: "ESP32-S3",
};

/** Checks header, checksum and hash. @returns the chip. Throws a UserError that says what is wrong with the file. */
export function checkAppImage(image: Uint8Array, where: string): Chip {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  const refuse = (message: string): UserError =>
    new UserError(message, { where, fix: "unpack the Espruino release again, or download it again" });
  if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC)
    throw refuse("this is no ESP32 image: it does not start with 0xE9");
  const id = bytes.readUInt16LE(12);
  const chip = (Object.keys(chipIds) as Chip[]).find((name) => chipIds[name] === id);
  if (!chip) {
    throw new UserError(`the image is for a chip with the number ${id}, which is none of ESP32, ESP32-C3, ESP32-S3`, {
      where,
      fix: "use the release for your chip",
    });
  }
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_START;
  for (let segment = 0; segment < bytes[1]!; segment++) {
    const length = at + 8 <= bytes.length ? bytes.readUInt32LE(at + 4) : Infinity;
    at += 8;
    if (at + length > bytes.length)
      throw refuse(`the image is cut off: segment ${segment + 1} of ${bytes[1]} is not whole`);
    for (const byte of bytes.subarray(at, at + length)) checksum ^= byte;
    at += length;
  }
  // the checksum is the last byte of a block of 16
  at |= 15;
  if (bytes[at] !== checksum) throw refuse("the image is damaged: its checksum is wrong");
  if (bytes[23] !== 1) return chip;
  const sum = createHash("sha256")
    .update(bytes.subarray(0, at + 1))
    .digest();
  if (!sum.equals(bytes.subarray(at + 1, at + 1 + SHA_BYTES)))
    throw refuse("the image is damaged: its SHA-256 is wrong");
  return chip;
}

/** Espruino's own words for its version: ESP-IDF's field holds something else. Undefined where there are none. */
export function espruinoVersion(image: Uint8Array): string | undefined {
  const text = Buffer.from(image.buffer, image.byteOffset, image.byteLength).toString("latin1");
  return (
    /Espruino (\d+v\d+(?:\.\d+)?)/.exec(text)?.[1] ?? /(\d+v\d+(?:\.\d+)?) \(c\) \d{4} G\.Williams/.exec(text)?.[1]
  );
}
