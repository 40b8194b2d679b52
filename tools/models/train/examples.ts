/** Labelled windows from a table: CSV (comma, semicolon or tab) or Weka's ARFF. */
import { parse } from "csv-parse/sync";
import { UserError } from "../../errors.ts";

export interface Example {
  readonly features: readonly number[];
  readonly label: number;
  /** Trip, machine or day: what a fold leaves out whole. */
  readonly group: string;
  /** Windows of the same occurrence. */
  readonly event: string;
}

export interface Examples {
  readonly featureNames: readonly string[];
  readonly classes: readonly string[];
  readonly rows: readonly Example[];
}

export interface Columns {
  readonly label: string;
  /** Its digits at the end number the windows: a gap in them starts another event. */
  readonly group: string;
  /** The part of the group's column that names the group; all of it without. */
  readonly groupMatch?: RegExp | undefined;
  /** Names of the columns that are features; without it all that hold numbers only. */
  readonly features?: RegExp | undefined;
  /** Only rows with these labels. */
  readonly classes?: readonly string[] | undefined;
}

/** Throws a UserError that names the column or the line at fault. */
export function readExamples(text: string, where: string, columns: Columns): Examples {
  const { names, rows } = /^\s*@relation/im.test(text.slice(0, 4000)) ? readArff(text) : readCsv(text);
  const column = (name: string, flag: string): number => {
    const at = names.indexOf(name);
    if (at >= 0) return at;
    throw new UserError(`there is no column "${name}"`, { where: `${where}, ${flag}`, fix: `columns: ${names.slice(-6).join(", ")} ...` }); // prettier-ignore
  };
  const [labelAt, groupAt] = [column(columns.label, "--label"), column(columns.group, "--group")];
  const kept = rows.filter(({ cells }) => !columns.classes || columns.classes.includes(cells[labelAt]!));
  if (kept.length === 0) throw new UserError("no row has one of the labels", { where, fix: "check --classes" });
  const featureAt = names.flatMap((name, at) => at !== labelAt && at !== groupAt && (columns.features ? columns.features.test(name) : !Number.isNaN(Number(kept[0]!.cells[at]))) ? [at] : []); // prettier-ignore
  if (featureAt.length === 0 || featureAt.length > 255)
    throw new UserError(`expected 1 to 255 features, got ${featureAt.length}`, { where, fix: "choose columns with --features" }); // prettier-ignore
  const classes = columns.classes ?? [...new Set(kept.map(({ cells }) => cells[labelAt]!))].sort();
  let event = 0;
  let before: { group: string; label: string; number: number } | undefined;
  const examples = kept.map(({ cells, line }): Example => {
    const [label, text] = [cells[labelAt]!, cells[groupAt]!];
    const group = columns.groupMatch ? (columns.groupMatch.exec(text)?.[0] ?? text) : text;
    const number = Number(/\d+$/.exec(text)?.[0] ?? 0);
    if (before?.group !== group || before.label !== label || Math.abs(number - before.number) > 1) event++;
    before = { group, label, number };
    const features = featureAt.map((at) => Number(cells[at]));
    const wrong = features.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new UserError(`"${names[featureAt[wrong]!]}" is "${cells[featureAt[wrong]!]}", expected a number`, { where: `${where}:${line}` }); // prettier-ignore
    return { features, label: classes.indexOf(label), group, event: `${group} ${event}` };
  });
  return { featureNames: featureAt.map((at) => names[at]!), classes, rows: examples };
}

interface Raw {
  readonly names: string[];
  readonly rows: { readonly cells: string[]; readonly line: number }[];
}

function readCsv(text: string): Raw {
  const header = text.slice(0, text.indexOf("\n"));
  const delimiter = [";", "\t", ","].find((mark) => header.includes(mark)) ?? ",";
  const [names = [], ...rows] = parse(text, {
    delimiter,
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
  });
  return { names, rows: rows.map((cells, index) => ({ cells, line: index + 2 })) };
}

function readArff(text: string): Raw {
  const names: string[] = [];
  const rows: Raw["rows"] = [];
  let inData = false;
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(%|$)/.test(line)) return;
    if (inData) rows.push({ cells: line.split(",").map((cell) => cell.trim().replace(/^'|'$/g, "")), line: index + 1 });
    else if (/^@data/i.test(line)) inData = true;
    else names.push(...(/^@attribute\s+(\S+)/i.exec(line)?.slice(1) ?? []));
  });
  return { names, rows };
}
