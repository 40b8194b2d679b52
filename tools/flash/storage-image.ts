/** Espruino's Storage partition as it is flashed: files one after another, as the interpreter itself would have written them. */
import { UserError } from "../errors.ts";

export const STORAGE_ADDRESS = 0x320000;
export const STORAGE_BYTES = 0xe0000;
const HEADER_BYTES = 32;
const NAME_BYTES = 28;
/** Not the first word of a file, but of erased flash. */
const ERASED = 0xffffffff;

export interface StorageFile {
  readonly name: string;
  readonly data: Uint8Array;
}

const align = (bytes: number): number => (bytes + 3) & ~3;

/**
 * Files in the given order, behind each a gap to the next multiple of four; the rest is erased (0xFF).
 * @returns all 917,504 bytes of the partition. Throws a UserError where Espruino would refuse or cut something.
 */
export function buildStorageImage(files: readonly StorageFile[]): Uint8Array {
  const image = new Uint8Array(STORAGE_BYTES).fill(0xff);
  const view = new DataView(image.buffer);
  const seen = new Set<string>();
  let at = 0;
  for (const { name, data } of files) {
    checkFile(name, data, seen);
    const end = at + HEADER_BYTES + data.length;
    if (end > STORAGE_BYTES) {
      throw new UserError(`the files need more than the ${STORAGE_BYTES} bytes of Storage`, {
        where: name,
        fix: "leave files out",
      });
    }
    view.setUint32(at, data.length, true);
    image.fill(0, at + 4, at + HEADER_BYTES);
    image.set(Buffer.from(name, "latin1"), at + 4);
    image.set(data, at + HEADER_BYTES);
    at = align(end);
  }
  return image;
}

function checkFile(name: string, data: Uint8Array, seen: Set<string>): void {
  const refuse = (message: string, fix: string): UserError =>
    new UserError(message, { where: `Storage file "${name}"`, fix });
  if (!/^[\x20-\x7e\xa1-\xff]+$/.test(name)) throw refuse("the name is empty or holds control characters", "rename it");
  if (name.length > NAME_BYTES)
    throw refuse(`the name has ${name.length} characters, Espruino keeps ${NAME_BYTES}`, "choose a shorter name");
  if (name[1] === ":") throw refuse("Espruino takes the first two characters for a drive", "rename it");
  if (seen.has(name)) throw refuse("two files have this name", "leave one out");
  if (!data.length) throw refuse("the file is empty, and Storage holds no empty files", "leave it out");
  seen.add(name);
}

/** The live files of a partition's image, read as Espruino reads it. */
export function readStorageImage(image: Uint8Array): StorageFile[] {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const files: StorageFile[] = [];
  const fits = (at: number): boolean => {
    if (at + HEADER_BYTES > image.length) return false;
    const word = view.getUint32(at, true);
    return word !== ERASED && word !== 0 && at + HEADER_BYTES + (word & 0xffffff) <= image.length;
  };
  let at = 0;
  while (fits(at)) {
    const word = view.getUint32(at, true);
    const size = word & 0xffffff;
    const name = Buffer.from(image.subarray(at + 4, at + HEADER_BYTES)).toString("latin1");
    const live = name.slice(0, 4) !== "\0\0\0\0" && word >>> 24 === 0;
    if (live) files.push({ name: name.replace(/\0.*$/s, ""), data: image.slice(at + 32, at + 32 + size) });
    at = align(at + HEADER_BYTES + size);
    // files go on at the start of the next page, where the rest of this one holds none
    if (!fits(at)) at = (at & ~0xfff) + 0x1000;
  }
  return files;
}
