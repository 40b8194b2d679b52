/**
 * What is signed about an update: words, least significant byte first, then bytes.
 *
 *   format · number · version · CRC-32 of the image it is made against (0 = none) · bytes · CRC-32 of the image ·
 *   CRC-32 of the board's id · millijoules that it takes · permissions · blocks · pieces
 *   SHA-256 of the image: 32 bytes · CRC-32 of each block · first block of each piece, a byte each
 *
 * A piece: CRC-32 of the image · its first block (a byte) · ops (blocks.ts). Both come as COSE_Mac0.
 */
import { hmac256 } from "../seal/hmac.ts";
import type { CryptoPort } from "../platform/ports.ts";

export const MANIFEST_FORMAT = 1;
export const WORDS = 11;
/** Permissions. */
export const DOWNGRADE = 1;
/** Bytes before the ops of a piece. */
export const PIECE_HEAD = 5;

export interface Manifest {
  readonly number: number;
  readonly version: number;
  /** CRC-32, signed, as all here; 0 = made against nothing. */
  readonly base: number;
  readonly size: number;
  readonly crc: number;
  readonly board: number;
  readonly joules: number;
  readonly downgrade: boolean;
  readonly sha256: string;
  readonly blocks: Int32Array;
  /** A character each. */
  readonly pieces: string;
}

/** What opens the messages of updates. From the device's key, and of no use for anything else. */
export function updateKey(port: CryptoPort, key: string): string {
  return hmac256(port, key, "hibernode update");
}

/** Undefined for a manifest of another format, or none. */
export function readManifest(port: CryptoPort, text: string): Manifest | undefined {
  if (text.length < WORDS * 4 + 32) return;
  const w = new Int32Array(port.buffer(text.slice(0, WORDS * 4)));
  const crcs = WORDS * 4 + 32;
  const pieces = crcs + w[9]! * 4;
  if (w[0] !== MANIFEST_FORMAT || text.length !== pieces + w[10]!) return;
  return {
    number: w[1]!,
    version: w[2]!,
    base: w[3]!,
    size: w[4]!,
    crc: w[5]!,
    board: w[6]!,
    joules: w[7]! / 1000,
    downgrade: !!(w[8]! & DOWNGRADE),
    sha256: text.slice(WORDS * 4, crcs),
    blocks: new Int32Array(port.buffer(text.slice(crcs, pieces))),
    pieces: text.slice(pieces),
  };
}
