/** Plain aligned columns, without borders. Long cells are wrapped, so that no line is longer than `WIDTH`. */
import Table from "cli-table3";
import pc from "picocolors";

export const WIDTH = 100;
const GAP = 2;
/** Where a table is too wide, no column but the last is wider than this. */
const WIDEST = 38;
const none = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
};

/** @param right indices of the columns that hold numbers */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widest = (column: number): number => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length));
  const widths = head.map((_, column) => widest(column) + GAP);
  const sum = (list: readonly number[]): number => list.reduce((total, width) => total + width, 0);
  const wraps = sum(widths) > WIDTH + GAP;
  if (wraps) {
    const others = widths.slice(0, -1).map((width) => Math.min(width, WIDEST));
    widths.splice(0, widths.length, ...others, WIDTH + GAP - sum(others));
  }
  const out = new Table({
    head: head.map((text) => pc.dim(text)),
    colAligns: head.map((_, index) => (right.includes(index) ? "right" : "left")),
    colWidths: widths,
    wordWrap: wraps,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    chars: {
      ...none,
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "",
    },
  });
  out.push(...rows.map((row) => [...row]));
  return out
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
