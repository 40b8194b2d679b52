/** What a run has shown, for people and as a document. */
import pc from "picocolors";
import type { Confidence } from "../../boards/types.ts";
import { formatDuration } from "../duration.ts";
import type { Firmware } from "../firmware.ts";
import type { Row } from "../receive/decode.ts";
import type { Excursion } from "../simulator/alarms.ts";
import { findCell } from "../simulator/energy/cells.ts";
import { layers, layerWords, sumOf, type Layer } from "../simulator/network/byte-ledger.ts";
import type { Message, Run } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { quantities, type Quantity } from "../simulator/world/units.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";

export interface Ran {
  readonly run: Run;
  readonly firmware: Firmware;
  readonly scenario: Scenario;
  readonly wallMs: number;
  readonly sensors: readonly string[];
}

const SHOWN_MESSAGES = 3;
const SHOWN_EXCURSIONS = 5;
/** Causes below this share of the energy are shown as one line. */
const SHOWN_SHARE = 0.0005;

const UNVERIFIED: readonly Confidence[] = ["memory", "inferred", "reported"];

const number = (value: number, digits = 0): string =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (share: number): string => `${number(share * 100, 1)} %`;
const date = (unix: number): string => new Date(unix * 1000).toISOString().slice(0, 19).replace("T", " ");

export function printRun(output: Output, { run, firmware, wallMs, sensors, scenario }: Ran): void {
  const days = run.seconds / 86400;
  output.step(
    "simulate",
    `${firmware.name}, ${formatDuration(run.seconds)} from ${date(run.startsAtUnix)} UTC`,
    wallMs,
  );
  output.line();
  output.fact(
    "wakes",
    `${number(run.wakes)}, ${number(run.wakes / days, 1)} a day; awake ${number(run.awakeSeconds / days, 1)} s a day, at most ${number(run.longestWakeSeconds, 1)} s`,
  );
  const { count, bytes } = run.messages;
  if (run.stored || count) output.fact("readings", readings(run));
  if (run.stored || count)
    output.fact(
      "messages",
      `${number(count)} at the broker, ${number(count ? bytes / count : 0)} bytes each; ${number(run.collected.duplicates)} readings came twice`,
    );
  output.line();
  if (run.stored || count) printMessages(output, run.messages.last, sensors);
  if (scenario.alarm && run.stored) printExcursions(output, run.excursions, scenario.alarm);
  printBytes(output, run);
  printEnergy(output, run, scenario);
  if (run.memory)
    output.fact("memory", `${number(run.memory.loaded)} JsVars after loading, ${number(run.memory.peak)} at most`);
  // a script's lines have been printed as they came
  if (!firmware.script) for (const line of run.console.slice(-5)) output.fact("console", line, pc.dim);
  for (const text of run.broken) output.fact("broken", text, pc.red);
  if (!run.broken.length && run.stored) {
    output.fact("holds", "every stored reading arrived once and in order, or waits, or is named as given up", pc.green);
  }
}

function readings({ stored, collected }: Run): string {
  if (!stored) return `${number(collected.readings)} arrived`;
  const givenUp = Object.entries(collected.skipped).map(([reason, count]) => `, ${number(count)} ${reason}`);
  if (collected.thinned) givenUp.push(`, ${number(collected.thinned)} left out to save room`);
  return `${number(stored.stored)} stored, ${number(collected.readings)} arrived, ${number(stored.stored - stored.released)} waiting${givenUp.join("")}`;
}

function printMessages(output: Output, messages: readonly Message[], sensors: readonly string[]): void {
  if (!messages.length) return output.fact("nothing", "reached the broker\n", pc.yellow);
  output.line(pc.dim("the last messages at the broker, decoded"));
  for (const { atUnix, topic, bytes, rows, problem, text } of messages.slice(-SHOWN_MESSAGES)) {
    output.line(`${date(atUnix)}  ${topic}  ${bytes} bytes`);
    output.line(`    ${text === undefined ? (problem ?? summary(rows, sensors)) : text.slice(0, 90)}`);
  }
  output.line();
}

/** How many readings, and the range of each quantity: "24 new: cargo 4.1 to 5.3 °C, 60 %RH; battery 3.575 V". */
function summary(rows: readonly Row[], sensors: readonly string[]): string {
  const columns = new Map<string, { sensor: string; unit: string; values: number[]; faults: number }>();
  for (const { sensor, quantity, unit, value } of rows) {
    const key = `${sensor}.${quantity}`;
    let column = columns.get(key);
    if (!column) {
      // the unit says which quantity it is, where there is one
      column = { sensor: sensors[sensor] ?? `sensor ${sensor}`, unit: unit || quantity, values: [], faults: 0 };
      columns.set(key, column);
    }
    if (value === undefined) column.faults++;
    else column.values.push(value);
  }
  const bySensor = new Map<string, string[]>();
  for (const { sensor, unit, values, faults } of columns.values()) {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const range = !values.length ? `no ${unit}` : `${low === high ? low : `${low} to ${high}`} ${unit}`;
    const list = bySensor.get(sensor) ?? [];
    bySensor.set(sensor, [...list, `${range}${faults ? ` (${faults} faults)` : ""}`]);
  }
  const shown = [...bySensor].map(([sensor, list]) => `${sensor} ${list.join(", ")}`);
  return `${new Set(rows.map(({ seq }) => seq)).size} new: ${shown.join("; ")}`;
}

function printExcursions(
  output: Output,
  excursions: readonly Excursion[],
  { place, quantity, above }: NonNullable<Scenario["alarm"]>,
): void {
  const unit = Object.hasOwn(quantities, quantity) ? quantities[quantity as Quantity] : "";
  const limit = `${place} ${quantity} above ${above} ${unit}`;
  if (!excursions.length) output.fact("alarm", `never needed: no ${limit}`);
  else output.line(pc.dim(`${limit}: ${excursions.length === 1 ? "once" : `${excursions.length} times`}`));
  for (const { fromUnix, untilUnix, peak, toldUnix } of excursions.slice(0, SHOWN_EXCURSIONS)) {
    const told =
      toldUnix === undefined
        ? pc.red("the broker was not told")
        : toldUnix < fromUnix
          ? `told ${formatDuration(fromUnix - toldUnix)} before: the sensor saw it first`
          : `told after ${formatDuration(toldUnix - fromUnix)}`;
    output.line(
      `${date(fromUnix)}  for ${formatDuration(untilUnix - fromUnix)}, up to ${number(peak, 1)} ${unit}, ${told}`,
    );
  }
  const more = excursions.slice(SHOWN_EXCURSIONS);
  const missed = more.filter(({ toldUnix }) => toldUnix === undefined).length;
  if (more.length)
    output.line(`and ${more.length} more, ${missed ? `${missed} of them not told` : "all of them told"}`);
  output.line();
}

/** Per connection, which is a report as a rule; signalling is the modem's own, and spread over them. */
function printBytes(output: Output, { bytes }: Run): void {
  const { byLayer, uplinks } = bytes;
  if (!uplinks) return;
  const each = (count: number): string => number(count / uplinks, 1);
  const row = (layer: Layer): string[] => [
    layer === "ip" ? "TCP/IP" : layer === "cbor" || layer === "mqtt" ? layer.toUpperCase() : layer,
    each(byLayer[layer].up),
    each(byLayer[layer].down),
    layerWords[layer],
  ];
  const shown = layers.filter((layer) => byLayer[layer].up || byLayer[layer].down).map(row);
  const sum = ["sum", each(sumOf(byLayer, "up")), each(sumOf(byLayer, "down")), "what the radio carried"];
  output.line(table([`bytes of one of ${number(uplinks)} uplinks`, "up", "down", ""], [...shown, sum], [1, 2]));
  output.line();
}

function printEnergy(output: Output, { energy, battery }: Run, { cell: cellName }: Scenario): void {
  const perDay = (joules: number): number => (joules / energy.seconds) * 86400;
  const shown = energy.shareByCause.filter(({ share }) => share >= SHOWN_SHARE);
  const small = energy.shareByCause.filter(({ share, joules }) => share < SHOWN_SHARE && joules > 0);
  const sum = (of: (typeof small)[number][], key: "joules" | "share" | "microamps"): number =>
    of.reduce((total, cause) => total + cause[key], 0);
  const rows = shown.map(({ cause, joules, share, microamps, confidence }) => [
    cause,
    number(perDay(joules), 3),
    percent(share),
    number(microamps, 2),
    confidence ?? "no figure",
  ]);
  if (small.length) {
    rows.push([
      `${small.length} more`,
      number(perDay(sum(small, "joules")), 3),
      percent(sum(small, "share")),
      number(sum(small, "microamps"), 2),
      "",
    ]);
  }
  rows.push(["sum", number(energy.joulesPerDay, 3), "100 %", number(energy.meanMicroamps, 2), ""]);
  output.line(table(["energy by cause", "J a day", "share", "mean µA", "rests on"], rows, [1, 2, 3]));
  output.line();
  const years =
    energy.lifeYears < 0.1 ? formatDuration(energy.lifeYears * 365.25 * 86400) : `${number(energy.lifeYears, 1)} years`;
  const { openVolts, lowestVolts, charge, harvested } = battery;
  output.fact(
    "battery",
    `${pc.bold(years)} on one ${findCell(cellName).name}${harvested ? ", if nothing came in" : ""}`,
  );
  if (harvested)
    output.fact(
      "harvest",
      `${number(perDay(harvested * openVolts), 1)} J a day came in and were taken, ${number(energy.joulesPerDay, 1)} J a day went out`,
    );
  output.fact(
    "cell",
    `${percent(charge)} left, ${number(openVolts, 2)} V open; the chip saw ${number(lowestVolts, 2)} V at least`,
  );
  output.fact(
    "unverified",
    `${percent(energy.unverifiedShare)} of the energy rests on at least one figure that no document confirms`,
  );
}

/** Keys are stable: documented in tools/README.md. */
export function runDocument({ run, firmware, scenario }: Ran, build: object): object {
  const { startsAtUnix, seconds, wakes, awakeSeconds, longestWakeSeconds, uncaughtErrors } = run;
  const { messages, bytes, collected, stored, excursions, energy, battery, memory, console: lines, broken } = run;
  const unverified = [...run.figures].flatMap(([cause, figures]) =>
    figures.filter(({ confidence }) => UNVERIFIED.includes(confidence)).map((figure) => ({ cause, ...figure })),
  );
  return {
    firmware: { name: firmware.name, ...build },
    cell: scenario.cell,
    ...{ startsAtUnix, seconds, wakes, awakeSeconds, longestWakeSeconds, uncaughtErrors },
    ...{ messages, bytes, collected, stored, excursions, energy, battery, unverified, memory, console: lines, broken },
  };
}
