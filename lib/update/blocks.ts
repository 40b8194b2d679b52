/**
 * A piece of an update turned into blocks of the new image: literal bytes, and copies out of the image that runs. Blocks
 * know nothing of each other, so that pieces may come in any order, twice, or in another wake.
 *
 *   0x00-0x7f    n + 1 bytes follow
 *   0x80-0xfe    copy n - 0x80 + 4 bytes from the offset in the next two bytes, most significant first
 *   0xff         copy as many as the next two bytes say, from the offset in the two after them
 */
import { u16At } from "../uplink/packets.ts";

/** Bytes of the image that are checked and written as a whole. As literal bytes it fits into one packet. */
export const BLOCK = 896;

/**
 * @param ops of a piece
 * @param copy bytes of the running image
 * @param size bytes of the block at that index; 0 = there is none
 * @param keep gets each block; false ends it
 * @returns false when the piece ends in the middle of a block, or runs over one
 */
export function unpack(
  ops: string,
  first: number,
  copy: (length: number, at: number) => string,
  size: (block: number) => number,
  keep: (block: number, bytes: string) => boolean,
): boolean {
  let block = first;
  let out = "";
  for (let i = 0; i < ops.length;) {
    const op = ops.charCodeAt(i++);
    if (op < 128) {
      out += ops.substr(i, op + 1);
      i += op + 1;
    } else {
      const long = op === 255;
      const length = long ? u16At(ops, i) : op - 124;
      if (long) i += 2;
      if (out.length + length > BLOCK) return false;
      out += copy(length, u16At(ops, i));
      i += 2;
    }
    const wanted = size(block);
    if (out.length > wanted || i > ops.length) return false;
    if (out.length === wanted) {
      if (!keep(block++, out)) return false;
      out = "";
    }
  }
  return !out;
}
