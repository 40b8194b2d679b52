/** Recordings of one quantity over time, read from a CSV file (plain or gzipped) and converted to the base unit. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { UserError } from "../../errors.ts";
import { unknownName } from "../../suggest.ts";
import { readTime, timeKindOf, type TimeKind } from "./timestamps.ts";
import { conversionFrom, type BaseUnit } from "./units.ts";

export interface TraceOptions {
  /** Path (from the working directory) or file URL; `.gz` is unpacked. */
  readonly file: string | URL;
  readonly column: string;
  /** Unit of that column, for instance "°F" or "mV". */
  readonly unit: string;
  /** Without it: the column whose name says time or date, otherwise the first one. */
  readonly timeColumn?: string | undefined;
  /** A sample whose time is not later than the one before: refuse the file (default) or leave that sample out. */
  readonly backwards?: "refuse" | "skip" | undefined;
}

/** Samples in time order. */
export interface Trace {
  readonly file: string;
  readonly unit: BaseUnit;
  /** Seconds since the first sample, strictly increasing. */
  readonly seconds: Float64Array;
  readonly values: Float64Array;
  /** Time of the first sample in Unix seconds (times without a zone are read as UTC); undefined for elapsed seconds. */
  readonly startsAt: number | undefined;
  /** Samples left out because they stepped back in time. */
  readonly skipped: number;
}

/** Reads a recording. Whatever is wrong with the file is a UserError that names file and line. */
export function loadTrace(options: TraceOptions): Trace {
  const file = options.file instanceof URL ? fileURLToPath(options.file) : options.file;
  return parseTrace(readText(file), { ...options, file });
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (gzipped ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT") {
      throw new UserError("no such trace file", { where: file, fix: "give its path from the working directory" });
    }
    throw new UserError(`cannot read the trace: ${(error as Error).message}`, {
      where: file,
      fix: "check the file and its permissions",
    });
  }
}

/** The same from text; `file` only names it in errors. */
export function parseTrace(text: string, options: Omit<TraceOptions, "file"> & { readonly file: string }): Trace {
  const { file, backwards = "refuse" } = options;
  const { base, convert } = conversionFrom(options.unit, file);
  const [header, ...rows] = records(text, file);
  if (!header || rows.length === 0) {
    throw new UserError("the trace has no samples", {
      where: file,
      fix: "it needs a header line and at least one row",
    });
  }
  const names = header.cells;
  const column = columnOf(options.column, names, file);
  const timeColumn = options.timeColumn
    ? columnOf(options.timeColumn, names, file)
    : findTimeColumn(names, column, file);
  const timeName = names[timeColumn]!;
  const seconds = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  let kind: TimeKind | undefined;
  let count = 0;
  let start = 0;
  for (const { cells, line } of rows) {
    const where = `${file}:${line}`;
    const timeText = cellOf(cells, timeColumn, timeName, where);
    kind ??= timeKindOf(timeText, timeName, where);
    const time = readTime(timeText, kind, timeName, where);
    const value = convert(readNumber(cellOf(cells, column, options.column, where), options.column, where));
    if (count === 0) start = time;
    // Subtracting first keeps the fraction of a second, of which an epoch in a double has fewer digits.
    const elapsed = time - start;
    if (count > 0 && elapsed <= seconds[count - 1]!) {
      if (backwards === "skip") continue;
      throw new UserError(`"${timeText}" in column "${timeName}" is not later than the sample before it`, {
        where,
        fix: `sort the rows by time, or leave such samples out with backwards: "skip"`,
      });
    }
    seconds[count] = elapsed;
    values[count] = value;
    count++;
  }
  const startsAt = kind === "elapsed" ? undefined : start;
  const skipped = rows.length - count;
  return { file, unit: base, seconds: seconds.slice(0, count), values: values.slice(0, count), startsAt, skipped };
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Rows with their line numbers; the separator is the one that the header line uses. */
function records(text: string, file: string): Row[] {
  const headerLine = text.slice(0, text.search(/[\r\n]|$/));
  const separators = [",", ";", "\t"];
  const uses = (separator: string): number => headerLine.split(separator).length;
  const delimiter = separators.reduce((best, separator) => (uses(separator) > uses(best) ? separator : best));
  try {
    const found = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return found.map(({ info, record }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    const { message, lines } = error as Error & { lines?: number };
    throw new UserError(`not a CSV file: ${message}`, {
      where: lines ? `${file}:${lines}` : file,
      fix: "correct the quotes of that line",
    });
  }
}

function columnOf(name: string, names: readonly string[], file: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw unknownName("column", name, names, file);
  return index;
}

function findTimeColumn(names: readonly string[], valueColumn: number, file: string): number {
  const named = names.findIndex(
    (name, index) => index !== valueColumn && /^(t|ts|elapsed.*|epoch.*|seconds)$|time|date/i.test(name),
  );
  const index = named >= 0 ? named : 0;
  if (index !== valueColumn) return index;
  throw new UserError("no column with times", {
    where: file,
    fix: `name it as timeColumn (known: ${names.join(", ")})`,
  });
}

function cellOf(cells: readonly string[], index: number, name: string, where: string): string {
  const cell = cells[index];
  if (cell === undefined) {
    throw new UserError(`the row ends before column "${name}"`, { where, fix: "complete or delete the row" });
  }
  return cell;
}

function readNumber(text: string, column: string, where: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new UserError(`${text ? `"${text}"` : "an empty cell"} in column "${column}" is not a number`, {
    where,
    fix: /^[+-]?\d+,\d+$/.test(text)
      ? "write the decimal point as ."
      : "correct or delete the row: values between samples are interpolated",
  });
}
