/** From a bare board to a node: Espruino, bundle, settings and radio flags in one go, and a look at the first wake. */
import { SLOTS } from "../../lib/update/layout.ts";
import { SETTINGS_ADDRESS } from "../provision/settings-pages.ts";
import type { Line } from "../serial/line.ts";
import { checkTable, type EspruinoRelease } from "./espruino-release.ts";
import { watchFirstWake, type FirstWake } from "./first-wake.ts";
import type { Loader } from "./loader.ts";
import { NVS_ADDRESS, radiosAreOff, radiosOffImage } from "./nvs-image.ts";
import { TABLE_ADDRESS, TABLE_BYTES } from "./partition-table.ts";
import {
  buildStorageImage,
  readStorageImage,
  STORAGE_ADDRESS,
  STORAGE_BYTES,
  type StorageFile,
} from "./storage-image.ts";
import { PAGE, writeRegions, type Region, type WriteOptions, type Written } from "./write.ts";
import { UserError } from "../errors.ts";

export interface FlashOptions extends Pick<WriteOptions, "bauds" | "reset" | "onStep" | "onProgress"> {
  /** Files of the node, the bundle as `.bootcde` among them. */
  readonly files: readonly StorageFile[];
  /** Without it the board keeps the Espruino that it has. */
  readonly release?: EspruinoRelease | undefined;
  /** The two pages of new settings; without them the board keeps its own. */
  readonly settings?: Uint8Array | undefined;
  /** Leaves Wi-Fi and Bluetooth as they are. */
  readonly keepRadios: boolean;
  /** The firmware reports by the chip's own Wi-Fi: only Bluetooth is switched off. */
  readonly wifi?: boolean;
  /** Seconds to watch the first wake; 0 = not at all. */
  readonly watchSeconds: number;
  readonly print: (text: string) => void;
}

export interface Flashed extends Written {
  readonly firstWake?: FirstWake | undefined;
}

/** Of boards that were set up by hand: read where the settings' pages are empty. */
export const SETTINGS_FILE = "settings";

/** Throws a UserError: what is wrong, what was written and what was not, what to do. */
export async function flashBoard(line: Line, options: FlashOptions): Promise<Flashed> {
  const { release, watchSeconds } = options;
  const { left, ...written } = await writeRegions(
    line,
    { ...options, chip: release?.chip, plan: (loader) => regionsFor(loader, options) },
    async (loader) => {
      if (!watchSeconds) {
        await loader.restart();
        return undefined;
      }
      const watching = watchFirstWake(line, watchSeconds, options.print);
      await loader.restart().catch(() => undefined);
      return watching;
    },
  ).finally(() => line.close().catch(() => undefined));
  return { ...written, ...(left && { firstWake: left }) };
}

async function regionsFor(loader: Loader, options: FlashOptions): Promise<Region[]> {
  const { release, files, settings, keepRadios } = options;
  if (!release) await checkOwnTable(loader);
  const all = [...files];
  if (!settings && !files.some(({ name }) => name === SETTINGS_FILE)) {
    const kept = (await readFiles(loader)).find(({ name }) => name === SETTINGS_FILE);
    // slots for updates come first: their data starts with a page
    if (kept) all.splice(files.some(({ name }) => name === SLOTS) ? all.length : 0, 0, kept);
  }
  const regions: Region[] = [{ name: "Storage", address: STORAGE_ADDRESS, data: buildStorageImage(all) }];
  if (settings) regions.push({ name: "settings", address: SETTINGS_ADDRESS, data: settings });
  if (!keepRadios) {
    const except = options.wifi ? "wifi" : undefined;
    const data = radiosOffImage(loader.chip, except);
    // Espruino keeps more there than our two flags: it stays as long as they are right
    if (!radiosAreOff(await loader.read(NVS_ADDRESS, data.length), except))
      regions.push({ name: except ? "Bluetooth off" : "radios off", address: NVS_ADDRESS, data });
  }
  return [...regions, ...(release?.regions ?? [])];
}

/** Without a release, the board must have an Espruino whose Storage lies where we write. */
export async function checkOwnTable(loader: Loader): Promise<void> {
  const table = await loader.read(TABLE_ADDRESS, TABLE_BYTES);
  try {
    checkTable(table, 0, "the board's flash");
  } catch {
    throw new UserError("the board has no Espruino whose Storage is at 0x320000", {
      where: "the board's flash",
      fix: "add --espruino FILE.tgz: an Espruino release for this chip. Nothing was written",
    });
  }
}

/** The files in the board's Storage: read page by page, as far as there are any. */
export async function readFiles(loader: Loader): Promise<StorageFile[]> {
  const image = Buffer.alloc(STORAGE_BYTES, 0xff);
  const step = 8 * PAGE;
  for (let at = 0; at < STORAGE_BYTES; at += step) {
    const part = await loader.read(STORAGE_ADDRESS + at, step);
    image.set(part, at);
    // the last page is erased: nothing can follow behind it
    if (part.subarray(-PAGE).every((byte) => byte === 0xff)) break;
  }
  return readStorageImage(image);
}
