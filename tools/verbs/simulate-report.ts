/** What a run has shown, for people and as a document. */
import pc from "picocolors";
import type { Build } from "../build/build.ts";
import type { Row } from "../receive/decode.ts";
import type { EnergyReport } from "../simulator/energy/report.ts";
import { findCell } from "../simulator/energy/cells.ts";
import type { Message, Run } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";

export interface Context {
  readonly firmware: string;
  readonly wallMs: number;
  readonly sensors: readonly string[];
  readonly scenario: Scenario;
}

const number = (value: number, digits = 0): string => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (share: number): string => `${number(share * 100, share < 0.001 ? 2 : 1)} %`;
const date = (unix: number): string => new Date(unix * 1000).toISOString().slice(0, 19).replace("T", " ");

export function printRun(output: Output, run: Run, { firmware, wallMs, sensors, scenario }: Context): void {
  const days = run.seconds / 86400;
  output.step("simulate", `${firmware}, ${date(run.startsAtUnix)} + ${number(days, days < 10 ? 1 : 0)} days`, wallMs);
  output.line();
  const { collected, stored, messages } = run;
  const givenUp = Object.entries(collected.skipped).map(([reason, count]) => `, ${number(count)} ${reason}`);
  const facts: [string, string][] = [
    ["wakes", `${number(run.wakes)}, ${number(run.wakes / days, 1)} a day, ${number(run.awakeSeconds / days, 1)} s awake a day, the longest ${number(run.longestWakeSeconds, 1)} s`],
    ["readings", stored ? `${number(stored.stored)} stored, ${number(collected.readings)} arrived, ${number(stored.stored - stored.released)} waiting${givenUp.join("")}` : `${number(collected.readings)} arrived`],
    ["messages", `${number(messages.count)} at the broker, ${number(messages.count ? messages.bytes / messages.count : 0)} bytes each, ${number(collected.duplicates)} readings came twice`],
  ];
  for (const [name, text] of facts) output.line(`${name.padEnd(10)}${text}`);
  output.line();
  printMessages(output, messages.last, sensors);
  printEnergy(output, run.energy, scenario);
  for (const line of run.console.slice(-5)) output.line(pc.dim(`console   ${line}`));
  for (const text of run.broken) output.line(`${pc.red("broken")}    ${text}`);
  if (!run.broken.length) output.line(`${pc.green("holds")}     every stored reading arrived once and in order, or waits, or is named as given up`);
}

function printMessages(output: Output, messages: readonly Message[], sensors: readonly string[]): void {
  if (!messages.length) return output.line(`${pc.yellow("nothing")}   reached the broker`);
  output.line(pc.dim("the last messages at the broker, decoded"));
  for (const { atUnix, topic, bytes, rows, problem } of messages.slice(-4)) {
    output.line(`${date(atUnix)}  ${topic}  ${bytes} bytes  ${problem ?? summary(rows, sensors)}`);
  }
  output.line();
}

/** How many readings, and the range of each quantity. */
function summary(rows: readonly Row[], sensors: readonly string[]): string {
  const columns = new Map<string, { unit: string; values: number[]; faults: number }>();
  for (const { sensor, quantity, unit, value } of rows) {
    const name = `${sensors[sensor] ?? sensor}.${quantity}`;
    let column = columns.get(name);
    if (!column) columns.set(name, (column = { unit, values: [], faults: 0 }));
    if (value === undefined) column.faults++;
    else column.values.push(value);
  }
  const ranges = [...columns].map(([name, { unit, values, faults }]) => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const range = !values.length ? "no value" : low === high ? `${low}` : `${low} to ${high}`;
    return `${name} ${range} ${unit}${faults ? `, ${faults} faults` : ""}`;
  });
  return `${new Set(rows.map(({ seq }) => seq)).size} readings\n    ${ranges.join("; ")}`;
}

function printEnergy(output: Output, energy: EnergyReport, { cell: cellName }: Scenario): void {
  const perDay = (joules: number): string => number((joules / energy.seconds) * 86400, 3);
  const rows = energy.shareByCause
    .filter(({ joules }) => joules > 0)
    .map(({ cause, joules, share, microamps, confidence }) => [cause, perDay(joules), percent(share), number(microamps, 2), confidence ?? "unknown"]);
  output.line(table(["energy by cause", "J a day", "share", "mean µA", "rests on"], rows, [1, 2, 3]));
  output.line();
  const cell = findCell(cellName);
  output.line(
    `${"battery".padEnd(10)}${pc.bold(`${number(energy.lifeYears, 1)} years`)} on one ${cell.name}, at ${number(energy.meanMicroamps, 1)} µA and ${number(energy.joulesPerDay, 1)} J a day`,
  );
  output.line(`${"".padEnd(10)}${percent(energy.unverifiedShare)} of the energy rests on at least one figure that no document confirms`);
}

/** Keys are stable: documented in tools/README.md. */
export function runDocument(run: Run, { manifest }: Build): object {
  const { figures, timeline, ...rest } = run;
  void timeline;
  return {
    firmware: { name: manifest.name, bytes: manifest.bytes, sha256: manifest.sha256 },
    ...rest,
    unverified: [...figures].flatMap(([cause, list]) =>
      list.filter(({ confidence }) => ["memory", "inferred", "reported"].includes(confidence)).map((figure) => ({ cause, ...figure })),
    ),
  };
}
