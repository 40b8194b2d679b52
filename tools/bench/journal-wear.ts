/** How long the flash lasts, and what a stored reading costs, over five workloads run through the library's own code. */
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { openJournal } from "../../lib/journal/journal.ts";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, saveMemory, STATE_BYTES } from "../../lib/memory.ts";
import { openOutbox } from "../../lib/outbox.ts";
import type { FlashPort } from "../../lib/platform/ports.ts";
import { rawFlash } from "../simulator/espruino/flash-driver.ts";
import { Flash, flashTimes, programUs } from "../simulator/espruino/flash.ts";
import { dataOf, Storage, STORAGE_FILE } from "../simulator/espruino/storage.ts";
import { packageFile } from "../simulator/world/package-file.ts";

const BASE = 0x310000;
/** Erases that a page stands: W25Q32JV, from memory, unverified. */
const CYCLES = 100_000;
/** While it programs or erases, typical for that part, from memory, unverified. */
const FLASH_WATTS = 0.02 * 3.3;
const YEAR_S = 365.25 * 86_400;

export interface Workload {
  readonly name: string;
  readonly sampleS: number;
  /** Seconds between reports; Infinity = nobody ever hears the node, and it tries every six hours. */
  readonly reportS: number;
  readonly columns: number;
  /** Further saves of the state per day: alarms, failed reports, power-ons. */
  readonly savesPerDay: number;
  readonly days: number;
}

export const workloads: readonly Workload[] = [
  { name: "cold chain: 15 min, report 6 h", sampleS: 900, reportS: 21_600, columns: 3, savesPerDay: 1, days: 120 },
  { name: "logger: 1 min, report 1 h", sampleS: 60, reportS: 3600, columns: 3, savesPerDay: 1, days: 30 },
  { name: "soil: 1 h, report 1 d, 8 columns", sampleS: 3600, reportS: 86_400, columns: 8, savesPerDay: 1, days: 700 },
  { name: "alarms: 10 min, 50 alarms a day", sampleS: 600, reportS: 21_600, columns: 3, savesPerDay: 150, days: 60 },
  { name: "never heard: 15 min", sampleS: 900, reportS: Infinity, columns: 3, savesPerDay: 8, days: 200 },
];

const [header, ...lines] = readFileSync(
  packageFile("vega-datasets", "data/seattle-weather-hourly-normals.csv", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");
const column = header!.split(",").indexOf("temperature");
const hourly = lines.map((line) => Number(line.split(",")[column]));

/** Air of Seattle's normals, °C/100, between the hours too; humidity falls as it warms; a battery; constants. */
function readingAt(second: number, columns: number): number[] {
  const hour = second / 3600;
  const low = hourly[Math.floor(hour) % hourly.length]!;
  const high = hourly[(Math.floor(hour) + 1) % hourly.length]!;
  const wobble = ((Math.imul(second, 2654435761) >>> 24) - 128) / 32;
  const temperature = Math.round((low + (high - low) * (hour % 1)) * 100 + wobble);
  const more = [9000 - 2 * temperature, 3600 - Math.round(hour / 500), 1, 2, 3, 4, 5];
  return [temperature, ...more].slice(0, columns);
}

export interface Cost {
  readonly readings: number;
  /** Until the page that is erased most has been erased 100,000 times. */
  readonly years: number;
  /** Of the pages that hold readings. */
  readonly erasesPerReading: number;
  /** Of programming and erasing, by reading, the state included. */
  readonly microjoules: number;
}

export function wearOf({ sampleS, reportS, columns, savesPerDay, days }: Workload): Cost {
  const chip = new Flash();
  const erased = new Array<number>(16).fill(0);
  let busyUs = 0;
  const flash: FlashPort = {
    read: (length, address) => chip.read(address, length),
    write(data, address) {
      busyUs += programUs(address, data.length);
      chip.program(address, typeof data === "string" ? Buffer.from(data, "latin1") : data);
    },
    erasePage(address) {
      busyUs += flashTimes.pageErase4kUs;
      erased[(address - BASE) >> 12]!++;
      chip.erase(address);
    },
    sum: (bytes) => bytes.reduce((total, byte) => total + byte, 0),
    text: (bytes) => Buffer.from(bytes).toString("latin1"),
    crc32: (data) => crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data),
  };
  const wakes = (days * 86_400) / sampleS;
  const savesPerWake = (savesPerDay * sampleS) / 86_400;
  let saves = 0;
  for (let wake = 0; wake < wakes; wake++) {
    const store = openState<unknown[]>(flash, BASE, STATE_BYTES, wake === 0);
    const memory = loadMemory(store, () => 1);
    const save = () => saveMemory(store, memory);
    const schema = "\x01\x02".repeat(columns);
    const journal = openJournal(flash, BASE + 4 * 4096, 12, schema, memory, save, () => 9, wake === 0);
    const second = wake * sampleS;
    journal.append(1, second, readingAt(second, columns));
    if (second % reportS === 0 && wake) {
      const outbox = openOutbox(journal, memory, save, () => second);
      while (outbox.next()) outbox.confirmed();
      save();
    }
    for (saves += savesPerWake; saves >= 1; saves--) save();
  }
  const worst = Math.max(...erased);
  return {
    readings: wakes,
    years: (CYCLES / worst) * (days / 365.25),
    erasesPerReading: erased.slice(4).reduce((sum, count) => sum + count) / wakes,
    microjoules: (busyUs * FLASH_WATTS) / wakes,
  };
}

/** A chunk of Espruino's StorageFile fills one page of flash. */
const CHUNK_BYTES = 4064;

/** What stock code does: `Storage.open(...).write()` of a line of JSON per reading, the file erased once it has been sent. */
export function jsonLines({ columns, reportS, sampleS }: Workload): Cost {
  const names = ["temperature", "humidity", "voltage", "a", "b", "c", "d", "e"].slice(0, columns);
  const readings = 50_000;
  const perFile = Math.min(reportS / sampleS, 1000);
  const chip = new Flash();
  const erased = new Map<number, number>();
  let busyUs = 0;
  const raw = rawFlash(chip);
  const erasePage = (address: number): void => {
    busyUs += flashTimes.pageErase4kUs;
    erased.set(address >> 12, (erased.get(address >> 12) ?? 0) + 1);
    raw.erasePage(address);
  };
  const write = (address: number, data: Uint8Array): void => {
    busyUs += programUs(address, data.length);
    raw.write(address, data);
  };
  const erasePages = (address: number, length: number): void => {
    for (let page = address & ~4095; page < address + length; page += 4096) erasePage(page);
  };
  const storage = new Storage(chip, { ...raw, write, erasePage, erasePages }, () => undefined);
  storage.write("firmware", new Uint8Array(200_000).fill(120));
  let chunk = 1;
  let used = 0;
  for (let n = 0; n < readings; n++) {
    const second = n * sampleS;
    const values = readingAt(second, columns).map((value) => value / 100);
    const entries: [string, number][] = names.map((name, i) => [name, values[i]!]);
    let line = Buffer.from(`${JSON.stringify(Object.fromEntries([["time", 1769904000 + second], ...entries]))}\n`);
    while (line.length) {
      const name = `log${String.fromCharCode(chunk)}`;
      const file = storage.find(name);
      const piece = line.subarray(0, CHUNK_BYTES - used);
      if (file) write(dataOf(file) + used, piece);
      else if (!storage.write(name, piece, 0, CHUNK_BYTES, STORAGE_FILE)) throw new Error("Storage is full");
      line = line.subarray(piece.length);
      used += piece.length;
      if (used < CHUNK_BYTES) continue;
      chunk++;
      used = 0;
    }
    if ((n + 1) % perFile) continue;
    while (chunk) storage.erase(`log${String.fromCharCode(chunk--)}`);
    chunk = 1;
    used = 0;
  }
  const total = [...erased.values()].reduce((sum, count) => sum + count, 0);
  return {
    readings,
    years: ((CYCLES / Math.max(...erased.values())) * readings * sampleS) / YEAR_S,
    erasesPerReading: total / readings,
    microjoules: (busyUs * FLASH_WATTS) / readings,
  };
}
