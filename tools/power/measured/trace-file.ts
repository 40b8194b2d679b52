/**
 * Current over time from a power profiler's CSV: Nordic PPK2 ("Timestamp(ms),Current(uA),D0-D7"), Joulescope ("#time (s),
 * current (A),voltage (V)"; both as their programs write them), Otii ("Timestamp [s],Main current [A]", from memory). Column
 * names and their units decide, not the maker; columns may be parted by semicolons or tabs, with a decimal comma then.
 */
import { UserError } from "../../errors.ts";

export interface MeasuredTrace {
  /** Since the first sample, rising. */
  readonly seconds: Float64Array;
  readonly milliamps: Float64Array;
}

const TIME_UNITS: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6 };
const CURRENT_UNITS: Readonly<Record<string, number>> = { A: 1e3, mA: 1, uA: 1e-3, µA: 1e-3, nA: 1e-6 };
const FIX = "export the whole trace as CSV with a header, for example Timestamp(ms),Current(uA)";

/** @throws UserError that names the line and what was expected there. */
export function readTrace(text: string, file: string): MeasuredTrace {
  const all = text.split(/\r?\n/).filter((line) => line.trim());
  // other lines of that kind are comments
  const isHeader = (line: string): boolean => /time/i.test(line) && /current/i.test(line);
  const top = all.findIndex(isHeader);
  const lines = all.filter((line, index) => !line.startsWith("#") || index === top);
  const separator = [";", "\t"].find((one) => lines[0]?.includes(one)) ?? ",";
  const number = numberIn(separator);
  const header = (lines[0] ?? "").split(separator).map((name) => name.replaceAll(/["#]/g, "").trim());
  const time = columnOf(header, /time/i, TIME_UNITS, "time", file);
  const current = columnOf(header, /current/i, CURRENT_UNITS, "current", file);
  const seconds = new Float64Array(lines.length - 1);
  const milliamps = new Float64Array(lines.length - 1);
  for (let row = 1; row < lines.length; row++) {
    const cells = lines[row]!.split(separator);
    const at = number(cells[time.index]);
    const amount = number(cells[current.index]);
    if (Number.isNaN(at) || Number.isNaN(amount))
      throw new UserError(`no number in "${lines[row]!.slice(0, 40)}"`, { where: `${file}:${row + 1}`, fix: FIX });
    seconds[row - 1] = at * time.factor;
    milliamps[row - 1] = amount * current.factor;
    if (row > 1 && seconds[row - 1]! <= seconds[row - 2]!)
      throw new UserError("the time does not go on", { where: `${file}:${row + 1}`, fix: "sort the samples by time" });
  }
  if (seconds.length < 10) throw new UserError(`${seconds.length} samples are no trace`, { where: file, fix: FIX });
  const first = seconds[0]!;
  return { seconds: seconds.map((at) => at - first), milliamps };
}

const numberIn =
  (separator: string) =>
  (text: string | undefined): number => {
    if (!text?.trim()) return NaN;
    const plain = text.replaceAll('"', "");
    return Number(separator === "," ? plain : plain.replace(",", "."));
  };

function columnOf(
  header: readonly string[],
  name: RegExp,
  units: Readonly<Record<string, number>>,
  what: string,
  file: string,
): { readonly index: number; readonly factor: number } {
  const index = header.findIndex((column) => name.test(column));
  if (index < 0)
    throw new UserError(`the header has no ${what}: ${header.join(", ").slice(0, 80)}`, {
      where: `${file}:1`,
      fix: FIX,
    });
  const unit = /[([]\s*([nuµm]?[sA])\s*[)\]]/.exec(header[index]!)?.[1];
  if (unit !== undefined && Object.hasOwn(units, unit)) return { index, factor: units[unit]! };
  throw new UserError(`"${header[index]}" does not say its unit`, {
    where: `${file}:1`,
    fix: `write it in brackets: one of ${Object.keys(units).join(", ")}`,
  });
}
