/** The table of firmwares in firmware/README.md, and the figures under it that a run of all of them gave (firmware/figures.json). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./package-folder.ts";

/** Of one firmware. */
export interface FirmwareFigures {
  readonly sensors: readonly string[];
  /** As its scenario says; "" = it only measures. */
  readonly decides: string;
  readonly cell: string;
  /** Years until the cell ends, in 10, 50 and 90 of 100 lives; absent where something feeds the cell. */
  readonly life?: { readonly p10: number; readonly p50: number; readonly p90: number };
  /** Where something feeds the cell: days from a full one to an empty one without it. */
  readonly unfedDays?: number;
  /** So long was looked at the unfed one: it was not empty by then. */
  readonly unfedMore?: boolean;
  /** At the broker, in five calm days. */
  readonly bytesPerDay: number;
  readonly bundleBytes: number;
  /** At the peak of a wake, on the interpreter; undefined where none was at hand. */
  readonly peakJsVars?: number;
}

export type AllFigures = Readonly<Record<string, FirmwareFigures>>;

export const FIGURES_FILE = join(packageFolder, "firmware", "figures.json");
export const loadFigures = (): AllFigures => JSON.parse(readFileSync(FIGURES_FILE, "utf8")) as AllFigures;

const MARKS = ["<!-- table of firmwares: npm run bench firmware -->", "<!-- end of table -->"] as const;

function life({ life: lives, unfedDays = 0, unfedMore }: FirmwareFigures): string {
  if (!lives) return `fed; ${unfedMore ? "over " : ""}${unfedDays.toFixed(unfedDays < 10 ? 1 : 0)} days without`;
  const { p10, p50, p90 } = lives;
  return `${[p10, p50, p90].map((years) => years.toFixed(1)).join(" / ")} years`;
}

export function firmwareTable(all: AllFigures): string {
  const rows = Object.entries(all).map(([name, it]) => [
    `[${name}](${name}/README.md)`,
    it.sensors.join(", "),
    it.decides || "nothing: it measures",
    `${life(it)}, ${it.cell}`,
    it.bytesPerDay.toFixed(0),
    it.bundleBytes.toLocaleString("en"),
    it.peakJsVars?.toLocaleString("en") ?? "not measured",
  ]);
  const head = [
    "firmware",
    "sensors",
    "decides on the device",
    "life P10 / P50 / P90",
    "bytes a day",
    "bundle",
    "JsVars",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The page with another table between its marks. */
export function withTable(page: string, table: string): string {
  const [before, rest = ""] = page.split(MARKS[0]);
  const after = rest.split(MARKS[1])[1] ?? "";
  return `${before}${MARKS[0]}\n\n${table}\n\n${MARKS[1]}${after}`;
}
