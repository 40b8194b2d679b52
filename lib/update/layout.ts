/**
 * Where two versions of a firmware lie side by side: in one file of Storage that is written once, at flashing, and whose
 * data starts at a page of its own. Storage knows the file's header alone, in a page that nobody touches; the pages behind
 * it are erased and written raw. No file is ever deleted, so there is nothing that Storage could compact.
 *
 *   slots   control: 2 pages · slot 0: 8 pages · slot 1: 8 pages
 *   slot    image, and in the last 32 bytes words: CRC-32 of the rest · format · bytes of the image · its CRC-32 ·
 *           version · CRC-32 of the board's id · number of the update that brought it · unused
 */
import { bodyOf, PAGE } from "../journal/slots.ts";
import { openState, type StateStore } from "../journal/state.ts";
import { le32 } from "../platform/bytes.ts";
import type { FlashPort } from "../platform/ports.ts";

/** The file, and the address of its data: behind the first page of Storage. */
export const SLOTS = "slots";
export const SLOTS_AT = 0x321000;

const CONTROL_BYTES = 256;
/** Of the file, before slot 0. */
const FIRST_SLOT = 2 * PAGE;
export const SLOT_BYTES = 8 * PAGE;
export const FILE_BYTES = FIRST_SLOT + 2 * SLOT_BYTES;
const HEAD = 32;
/** Longest bundle. */
export const IMAGE_BYTES = SLOT_BYTES - HEAD;
const FORMAT = 1;

export interface Slot {
  readonly size: number;
  /** CRC-32, signed. */
  readonly crc: number;
  readonly version: number;
  /** CRC-32 of the id, signed. */
  readonly board: number;
  readonly number: number;
}

/**
 * What loader and firmware tell each other: a list of numbers in these places. Never move or remove one, only add: the
 * loader of a board stays what it was when the board was flashed.
 */
export type Control = number[];
/** Slot that has proved itself. */
export const ACTIVE = 0;
/** 1 = the other slot is being tried. */
export const TRIAL = 1;
/** Boots, and resets among them, that a trial may still take. */
export const BOOTS = 2;
export const RESETS = 3;
/** No version below this is taken without permission. */
export const FLOOR = 4;
/** Number of the last update that was looked at: rises, so that none comes twice. */
export const NUMBER = 5;
/** What became of it: a code of outcomes.ts. */
export const CODE = 6;
/** 1 = the receiver knows. */
export const TOLD = 7;
/** Sessions in a row that brought nothing. */
export const STALLED = 8;

/** @param reset whether power may have failed in the middle of a save */
export function openControl(flash: FlashPort, reset: boolean): StateStore<Control> {
  return openState<Control>(flash, SLOTS_AT, CONTROL_BYTES, reset);
}

/** Of a slot, in the file and so in flash. */
export function imageAt(slot: number): number {
  return FIRST_SLOT + slot * SLOT_BYTES;
}

/** What a slot says it holds; undefined when its last words do not check out. */
export function slotOf(flash: FlashPort, slot: number): Slot | undefined {
  const bytes = flash.read(HEAD, SLOTS_AT + imageAt(slot) + IMAGE_BYTES);
  const words = new Int32Array(bytes.buffer);
  const size = words[2]!;
  if (!bodyOf(flash, bytes, HEAD) || words[1] !== FORMAT || !(size > 0 && size <= IMAGE_BYTES)) return;
  return { size, crc: words[3]!, version: words[4]!, board: words[5]!, number: words[6]! };
}

/** The last words of a slot: what makes it one. */
export function slotHead(crc32: FlashPort["crc32"], slot: Slot): string {
  const body =
    le32(FORMAT) +
    le32(slot.size) +
    le32(slot.crc) +
    le32(slot.version) +
    le32(slot.board) +
    le32(slot.number) +
    le32(-1);
  return le32(crc32(body)) + body;
}

export function writeHead(flash: FlashPort, slot: number, head: Slot): void {
  flash.write(slotHead(flash.crc32, head), SLOTS_AT + imageAt(slot) + IMAGE_BYTES);
}
