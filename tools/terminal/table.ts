/** Plain aligned columns, without borders. The last column is wrapped, so that no line is longer than `WIDTH`. */
import Table from "cli-table3";
import pc from "picocolors";

export const WIDTH = 100;
const GAP = 2;
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
  const rest = WIDTH - widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const wraps = widths.at(-1)! > rest + GAP;
  if (wraps) widths[widths.length - 1] = rest + GAP;
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
