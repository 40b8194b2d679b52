/** Puts a firmware into the Storage of a board that runs Espruino, and proves that it is there. */
import { SETTINGS_BYTES } from "../../lib/memory.ts";
import { UserError } from "../errors.ts";
import type { StorageFile } from "../flash/storage-image.ts";
import { crc32 } from "../simulator/espruino/crc32.ts";
import { settingsImage, SETTINGS_ADDRESS } from "../provision/settings-pages.ts";
import type { Console } from "./console.ts";

export interface UploadOptions {
  /** Erases Storage first, but for the files named in `keep`. */
  readonly erase: boolean;
  readonly keep: readonly string[];
  readonly onStep: (name: string, detail: string, ms?: number) => void;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
}

const HEADER_BYTES = 32;
/** 224 pages of 45 ms, and some. */
const ERASE_MS = 60_000;
const sizeOf = ({ data }: StorageFile): number => ((data.length + 3) & ~3) + HEADER_BYTES;

/** Writes the files that differ. Throws a UserError where that would make Espruino compact its Storage: a power cut then erases all. */
export async function uploadFiles(
  board: Console,
  files: readonly StorageFile[],
  options: UploadOptions,
): Promise<{ writtenBytes: number }> {
  const began = performance.now();
  let wanted = [...files];
  if (options.erase) {
    for (const name of options.keep) {
      if (files.some((file) => file.name === name)) continue;
      const data = await readFile(board, name);
      if (data) wanted.unshift({ name, data });
    }
    await board.evaluate('require("Storage").eraseAll()', ERASE_MS);
    options.onStep("erase", "Storage", performance.now() - began);
  } else {
    const differs: StorageFile[] = [];
    for (const file of wanted) if (!(await holds(board, file))) differs.push(file);
    wanted = differs;
    await checkRoom(board, wanted);
  }
  const total = wanted.reduce((sum, { data }) => sum + data.length, 0);
  let sent = 0;
  for (const file of wanted) {
    const from = performance.now();
    await board.writeFile(file.name, file.data, (share) => options.onProgress(sent + share * file.data.length, total));
    sent += file.data.length;
    // Espruino confirms packets even when it could not store them
    if (!(await holds(board, file))) {
      throw new UserError(`${file.name} is not in the board's Storage as it was sent`, {
        where: "the board",
        fix: "run the same command again, with --erase if Storage is full",
      });
    }
    options.onStep(
      "write",
      `${file.name}: ${file.data.length.toLocaleString("en")} bytes, verified`,
      performance.now() - from,
    );
  }
  return { writtenBytes: total };
}

const read = (name: string): string => `require("Storage").read(${JSON.stringify(name)})`;

async function holds(board: Console, { name, data }: StorageFile): Promise<boolean> {
  const answer = await board.evaluate(`(d=>d===undefined?"-":d.length+" "+E.CRC32(d))(${read(name)})`);
  return answer === `"${data.length} ${crc32(data)}"`;
}

/** In parts: an answer is one packet. */
async function readFile(board: Console, name: string): Promise<Uint8Array | undefined> {
  const length = Number(await board.evaluate(`(d=>d===undefined?-1:d.length)(${read(name)})`));
  if (length < 0) return undefined;
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += 600) {
    const text = await board.evaluate(`btoa(require("Storage").read(${JSON.stringify(name)},${at},600))`);
    parts.push(Buffer.from(text.replaceAll('"', ""), "base64"));
  }
  return Buffer.concat(parts);
}

async function checkRoom(board: Console, files: readonly StorageFile[]): Promise<void> {
  const needed = files.reduce((sum, file) => sum + sizeOf(file), 0);
  const free = Number(await board.evaluate('require("Storage").getStats().freeBytes'));
  if (needed <= free) return;
  throw new UserError(
    `${needed.toLocaleString("en")} bytes are needed, ${free.toLocaleString("en")} are free: Espruino would rewrite its whole Storage, and a power cut meanwhile would erase it`,
    { where: "the board", fix: "add --erase: Storage is erased first, and the device's settings are put back" },
  );
}

/** Writes the flash pages of the settings. Throws a UserError when they do not read back. */
export async function writeSettings(
  board: Console,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  const image = settingsImage(settings);
  const slot = image.subarray(0, SETTINGS_BYTES);
  const page = image.length / 2;
  const answer = await board.evaluate(
    `(f=>{f.erasePage(${SETTINGS_ADDRESS});f.erasePage(${SETTINGS_ADDRESS + page});f.write(atob("${Buffer.from(slot).toString("base64")}"),${SETTINGS_ADDRESS});return E.CRC32(f.read(${image.length},${SETTINGS_ADDRESS}))})(require("Flash"))`,
  );
  if (Number(answer) !== crc32(image))
    throw new UserError("the settings are not in the board's flash as they were sent", {
      where: "the board",
      fix: "run the same command again",
    });
}
