/** Brings a board's flash to a wanted content: compares by hash, writes what differs, verifies, and tries again more slowly. */
import { createHash } from "node:crypto";
import type { Chip } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import type { Line } from "../serial/line.ts";
import { chipNames } from "./app-image.ts";
import { openLoader, type Loader, type Reset } from "./loader.ts";
import { INTO_LOADER } from "./silence.ts";

export interface Region {
  /** For people: "bootloader", "Storage". */
  readonly name: string;
  readonly address: number;
  readonly data: Uint8Array;
}

export interface WriteOptions {
  /** Undefined: any chip that is known. */
  readonly chip?: Chip | undefined;
  readonly reset: Reset;
  /** Speeds to try, the fastest first. */
  readonly bauds: readonly number[];
  /** Asked once the board has answered; may throw a UserError. Returns what is to be in its flash, in the order of writing. */
  readonly plan: (loader: Loader) => Promise<readonly Region[]> | readonly Region[];
  readonly onStep: (name: string, detail: string, ms?: number) => void;
  /** Of all bytes that differ: how many are sent. */
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
}

export interface Written {
  readonly chip: Chip;
  readonly mac: string;
  readonly description: string;
  readonly bytes: number;
  readonly writtenBytes: number;
  /** Speed at which it went well in the end. */
  readonly baud: number;
  readonly attempts: number;
}

/** Compared and written as one; a multiple of the flash's erase block. */
const CHUNK = 0x10000;
export const PAGE = 0x1000;
const ATTEMPTS = 4;
/** Of connecting, a few seconds each, while a person presses the buttons. */
const HAND_TRIES = 6;

/**
 * Resolves when every region has been verified, with the board still in its loader; `leave` is called with it then.
 * Throws a UserError: what was done, what was not, and how to go on.
 */
export async function writeRegions<T>(
  line: Line,
  options: WriteOptions,
  leave: (loader: Loader) => Promise<T>,
): Promise<Written & { readonly left: T }> {
  const done = new Set<string>();
  let regions: readonly Region[] = [];
  let begun = false;
  for (let attempt = 0; ; attempt++) {
    const baud = options.bauds[Math.min(attempt, options.bauds.length - 1)]!;
    let loader: Loader | undefined;
    try {
      loader = await openAgain(line, { baud, reset: options.reset }, attempt ? HAND_TRIES : 1);
      if (!attempt)
        options.onStep("board", `${loader.description}, ${loader.mac}, ${loader.flashBytes >> 20} MB of flash`);
      checkChip(loader, options.chip, line.name);
      if (!regions.length) regions = await options.plan(loader);
      checkRoom(loader, regions, line.name);
      const writtenBytes = await bringUpToDate(loader, regions, options, done, () => (begun = true));
      const left = await leave(loader);
      const { chip, mac, description } = loader;
      const bytes = regions.reduce((sum, { data }) => sum + data.length, 0);
      return { chip, mac, description, bytes, writtenBytes, baud, attempts: attempt + 1, left };
    } catch (error) {
      await loader?.close();
      if (error instanceof UserError && !begun) throw error;
      if (attempt + 1 >= ATTEMPTS || gone(error) || error instanceof UserError)
        throw explain(line.name, error, options.reset, regions, done, begun);
      const next = options.bauds[Math.min(attempt + 1, options.bauds.length - 1)]!;
      const byHand = options.reset === "none" ? `: ${INTO_LOADER} now` : "";
      options.onStep("again", `${reason(error)}; once more at ${next.toLocaleString("en")} baud${byHand}`);
    }
  }
}

/** A board that failed at a higher speed stays at it until its next reset; without a reset line a person gives it that. */
async function openAgain(line: Line, how: { baud: number; reset: Reset }, tries: number): Promise<Loader> {
  for (let left = how.reset === "none" ? tries : 1; ; left--) {
    try {
      return await openLoader(line, how);
    } catch (error) {
      if (left === 1 || !(error instanceof UserError)) throw error;
    }
  }
}

async function bringUpToDate(
  loader: Loader,
  regions: readonly Region[],
  { onStep, onProgress }: WriteOptions,
  done: Set<string>,
  begin: () => void,
): Promise<number> {
  const began = performance.now();
  const wanted: { region: Region; parts: Region[] }[] = [];
  for (const region of regions) wanted.push({ region, parts: await differing(loader, region) });
  const total = wanted.reduce((sum, { parts }) => sum + parts.reduce((bytes, { data }) => bytes + data.length, 0), 0);
  const same = wanted.filter(({ parts }) => !parts.length).map(({ region }) => region.name);
  for (const name of same) done.add(name);
  onStep("compare", same.length ? `unchanged: ${same.join(", ")}` : "everything differs", performance.now() - began);
  let sent = 0;
  for (const { region, parts } of wanted) {
    if (!parts.length) continue;
    const from = performance.now();
    for (const { address, data } of parts) {
      begin();
      await loader.write(address, data, (share) => onProgress(sent + share * data.length, total));
      sent += data.length;
      if ((await loader.md5(address, data.length)) !== md5(data))
        throw new Error(`${region.name}: the flash does not hold what was written`);
    }
    done.add(region.name);
    const bytes = parts.reduce((sum, { data }) => sum + data.length, 0);
    onStep("write", `${region.name}: ${bytes.toLocaleString("en")} bytes, verified`, performance.now() - from);
  }
  return total;
}

/** Neighbouring chunks that differ from the flash, joined. */
async function differing(loader: Loader, { name, address, data }: Region): Promise<Region[]> {
  if ((await loader.md5(address, data.length)) === md5(data)) return [];
  const parts: { name: string; address: number; data: Uint8Array }[] = [];
  for (let at = 0; at < data.length;) {
    // up to the next boundary of an erase block
    const end = Math.min(data.length, at + CHUNK - ((address + at) % CHUNK));
    const chunk = data.subarray(at, end);
    if (data.length <= CHUNK || (await loader.md5(address + at, chunk.length)) !== md5(chunk)) {
      const last = parts.at(-1);
      if (last && last.address + last.data.length === address + at)
        last.data = data.subarray(last.address - address, end);
      else parts.push({ name, address: address + at, data: chunk });
    }
    at = end;
  }
  return parts;
}

const md5 = (data: Uint8Array): string => createHash("md5").update(data).digest("hex");

function checkChip({ chip }: Loader, wanted: Chip | undefined, where: string): void {
  if (!wanted || wanted === chip) return;
  throw new UserError(`the board has an ${chipNames[chip]}, the images are for the ${chipNames[wanted]}`, {
    where,
    fix: `take the Espruino release for ${chipNames[chip]}; nothing was written`,
  });
}

function checkRoom({ flashBytes }: Loader, regions: readonly Region[], where: string): void {
  const end = Math.max(...regions.map(({ address, data }) => address + data.length));
  if (flashBytes >= end || !flashBytes) return;
  throw new UserError(`the board has ${flashBytes >> 20} MB of flash, ${end >> 20} MB are needed`, {
    where,
    fix: "use a board with 4 MB; nothing was written",
  });
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
const gone = (error: unknown): boolean => /lost|no such file|ENOENT|ENXIO|not open|disconnected/i.test(reason(error));

/** Never leaves a half-written board unexplained. */
function explain(
  where: string,
  error: unknown,
  reset: Reset,
  regions: readonly Region[],
  done: Set<string>,
  begun: boolean,
): UserError {
  const byHand = reset === "none" ? `${INTO_LOADER}, then ` : "";
  const again =
    gone(error) || /EIO/.test(reason(error))
      ? `unplug the board, plug it in again, ${byHand}run the same command: it goes on where it stopped`
      : `${byHand}run the same command again: it goes on where it stopped. A shorter cable or --baud 115200 may help`;
  const text = gone(error) ? `the board has gone (${reason(error)})` : reason(error);
  if (!begun) return new UserError(`${text}; nothing was written`, { where, fix: again });
  const missing = regions.filter(({ name }) => !done.has(name)).map(({ name }) => name);
  const whole = [...done].join(", ") || "nothing";
  return new UserError(
    `${text}; the board is half-written. Whole: ${whole}. Not: ${missing.join(", ")}. It does no harm, but does not run`,
    {
      where,
      fix: again,
    },
  );
}
