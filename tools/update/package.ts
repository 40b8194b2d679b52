/** An update for one device: its manifest and pieces, each signed with the device's key (lib/update/manifest.ts). */
import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { BLOCK } from "../../lib/update/blocks.ts";
import { IMAGE_BYTES } from "../../lib/update/layout.ts";
import { DOWNGRADE, MANIFEST_FORMAT, PIECE_HEAD, WORDS } from "../../lib/update/manifest.ts";
import { UserError } from "../errors.ts";
import { sealMac0 } from "../receive/cose.ts";
import { blocksOf, encodeBlocks } from "./delta.ts";

export interface Update {
  /** Rises from one to the next: a node looks at none twice. Seconds since 1970, for instance. */
  readonly number: number;
  /** Whole number; a node goes back to a lower one only with `downgrade`. */
  readonly version: number;
  /** Id of the board. */
  readonly board: string;
  /** The bundle. */
  readonly image: Uint8Array;
  /** The bundle that the node runs, where it is known: what they share does not travel. */
  readonly base?: Uint8Array | undefined;
  readonly downgrade?: boolean | undefined;
  /** What the whole update takes, for the node's policy on its battery. */
  readonly joules?: number;
}

export interface UpdateKey {
  readonly key: Uint8Array;
  readonly keyId: number;
}

export interface Package {
  readonly manifest: Uint8Array;
  /** By number: piece k belongs to the topic TOPIC/k. */
  readonly pieces: readonly Uint8Array[];
  /** Whether it is made against `base`: only where that is smaller. */
  readonly delta: boolean;
  /** All messages, signatures included. */
  readonly bytes: number;
}

/** Of ops in a piece: a node takes packets of 1024 bytes, topic and signature included. */
const PIECE_BYTES = 916;
/** Longest topic that leaves room for a piece. */
export const LONGEST_TOPIC = 70;

const i32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};

/** Key of a device's updates, from the key in its settings. */
export const updateKeyOf = (key: Uint8Array): Buffer => createHmac("sha256", key).update("hibernode update").digest();

/** @throws UserError for a bundle that no slot holds  @param blockBytes as the device has it */
export function packageUpdate(
  update: Update,
  { key, keyId }: UpdateKey,
  blockBytes = BLOCK,
  pieceBytes = PIECE_BYTES,
): Package {
  const { number, version, image, base, board, downgrade = false, joules = 0 } = update;
  if (image.length > IMAGE_BYTES)
    throw new UserError(`the bundle has ${image.length} bytes, a slot holds ${IMAGE_BYTES}`, {
      where: "hibernode update",
      fix: "make it smaller",
    });
  const pack = (from: Uint8Array): Piece[] => split(encodeBlocks(image, from, blockBytes), pieceBytes);
  const full = pack(new Uint8Array(0));
  const against = base && pack(base);
  const delta = against !== undefined && sizeOf(against) < sizeOf(full);
  const chosen = delta ? against : full;
  const crc = crc32(image);
  const blocks = blocksOf(image, blockBytes).map((block) => crc32(block));
  const words = [
    MANIFEST_FORMAT,
    number,
    version,
    delta ? crc32(base!) : 0,
    image.length,
    crc,
    crc32(Buffer.from(board, "latin1")),
    Math.round(joules * 1000),
    downgrade ? DOWNGRADE : 0,
    blocks.length,
    chosen.length,
  ];
  if (words.length !== WORDS) throw new Error("the manifest's words do not fit its reader");
  const manifest = Buffer.concat([
    ...words.map(i32),
    createHash("sha256").update(image).digest(),
    ...blocks.map(i32),
    Buffer.from(chosen.map(({ first }) => first)),
  ]);
  const own = updateKeyOf(key);
  const pieces = chosen.map(({ first, ops }) => {
    const head = Buffer.concat([i32(crc), Buffer.from([first])]);
    if (head.length !== PIECE_HEAD) throw new Error("a piece's head does not fit its reader");
    return sealMac0(own, keyId, Buffer.concat([head, ops]));
  });
  const signed = sealMac0(own, keyId, manifest);
  return {
    manifest: signed,
    pieces,
    delta,
    bytes: pieces.reduce((sum, piece) => sum + piece.length, signed.length),
  };
}

interface Piece {
  readonly first: number;
  readonly ops: Buffer;
}

const sizeOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { ops }) => sum + ops.length + 60, 0);

/** As many whole blocks in each as fit. */
function split(blocks: readonly Buffer[], pieceBytes: number): Piece[] {
  const pieces: { first: number; ops: Buffer }[] = [];
  blocks.forEach((ops, block) => {
    const last = pieces.at(-1);
    if (last && last.ops.length + ops.length <= pieceBytes) last.ops = Buffer.concat([last.ops, ops]);
    else pieces.push({ first: block, ops });
  });
  return pieces;
}
