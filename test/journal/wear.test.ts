/** How long the flash lasts, and what a stored reading costs, over five workloads run through the real code. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openJournal } from "../../lib/journal/journal.ts";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, saveMemory } from "../../lib/memory.ts";
import { openOutbox } from "../../lib/outbox.ts";
import { flashTimes, programUs } from "../../tools/simulator/espruino/flash.ts";
import { packageFile } from "../../tools/simulator/world/package-file.ts";
import { NorFlash } from "../twins/flash.ts";

const BASE = 0x310000;
/** Erases that a page stands: W25Q32JV, from memory, unverified. */
const CYCLES = 100_000;
/** While it programs or erases, typical for that part, from memory, unverified. */
const FLASH_WATTS = 0.02 * 3.3;

interface Workload {
  readonly name: string;
  readonly sampleS: number;
  /** Seconds between reports; Infinity = nobody ever hears the node, and it tries every six hours. */
  readonly reportS: number;
  readonly columns: number;
  /** Further saves of the state per day: alarms, failed reports, power-ons. */
  readonly savesPerDay: number;
  readonly days: number;
}

const workloads: readonly Workload[] = [
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

interface Cost {
  readonly readings: number;
  readonly years: number;
  readonly erasesPerReading: number;
  readonly microjoules: number;
}

function measure({ sampleS, reportS, columns, savesPerDay, days }: Workload): Cost {
  const flash = new NorFlash(BASE, 16);
  let busyUs = 0;
  const write = flash.write.bind(flash);
  flash.write = (data, address) => {
    busyUs += programUs(address, data.length);
    write(data, address);
  };
  const erase = flash.erasePage.bind(flash);
  flash.erasePage = (address) => {
    busyUs += flashTimes.pageErase4kUs;
    erase(address);
  };
  const wakes = (days * 86_400) / sampleS;
  const savesPerWake = (savesPerDay * sampleS) / 86_400;
  let saves = 0;
  for (let wake = 0; wake < wakes; wake++) {
    const store = openState<unknown[]>(flash, BASE, 256, wake === 0);
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
  const worst = Math.max(...flash.erased);
  return {
    readings: wakes,
    years: (CYCLES / worst) * (days / 365.25),
    erasesPerReading: flash.erased.slice(4).reduce((sum, count) => sum + count) / wakes,
    microjoules: (busyUs * FLASH_WATTS) / wakes,
  };
}

/** A line of JSON per reading in a Storage file: pages of 4064 bytes that are erased when the file is. */
function jsonLine(columns: number): { bytes: number; microjoules: number; erases: number } {
  const names = ["temperature", "humidity", "voltage", "a", "b", "c", "d", "e"].slice(0, columns);
  const values = [21.57, 56.3, 3.612, 1, 2, 3, 4, 5];
  const line = JSON.stringify(Object.fromEntries([["time", 1769904000], ...names.map((name, i) => [name, values[i]])]));
  const bytes = line.length + 1;
  const erases = bytes / 4064;
  return { bytes, erases, microjoules: (programUs(0, bytes) + erases * flashTimes.pageErase4kUs) * FLASH_WATTS };
}

describe("the flash", () => {
  for (const workload of workloads)
    it(`lasts longer than any battery: ${workload.name}`, () => {
      const cost = measure(workload);
      const json = jsonLine(workload.columns);
      console.log(
        `${workload.name}: ${cost.years.toFixed(0)} years, ${cost.erasesPerReading.toExponential(1)} erases and ` +
          `${cost.microjoules.toFixed(1)} µJ per reading with all state (a JSON line of ${json.bytes} bytes: ` +
          `${json.erases.toExponential(1)} erases, ${json.microjoules.toFixed(0)} µJ)`,
      );
      expect(cost.years).toBeGreaterThan(20);
      expect(cost.erasesPerReading).toBeLessThan(json.erases / 3);
    });

  it("takes 6 µJ for a reading alone", () => {
    const us = programUs(0, 4) + flashTimes.pageErase4kUs / 800;
    expect(us * FLASH_WATTS).toBeLessThan(6.5);
  });
});
