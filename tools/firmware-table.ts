/** The table of firmwares in firmware/README.md: figures that a run of all of them gave, in the order of their names. */

/** Of one firmware. */
export interface FirmwareFigures {
  readonly sensors: readonly string[];
  /** As its scenario says; "" = it only measures. */
  readonly decides: string;
  readonly cell: string;
  /** Years until the cell ends, in 10, 50 and 90 of 100 lives; a harvester left out of account. */
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** At the broker, in five calm days. */
  readonly bytesPerDay: number;
  readonly bundleBytes: number;
  /** At the peak of a wake, on the interpreter; undefined where none was at hand. */
  readonly peakJsVars?: number;
}

const MARKS = ["<!-- table of firmwares: npm run bench firmware -->", "<!-- end of table -->"] as const;

const life = ({ p10, p50, p90 }: FirmwareFigures): string =>
  p90 < 0.5
    ? `${[...new Set([p10, p50, p90].map((years) => (years * 365.25).toFixed(0)))].join(" / ")} days`
    : `${[p10, p50, p90].map((years) => years.toFixed(1)).join(" / ")} years`;

export function firmwareTable(all: Readonly<Record<string, FirmwareFigures>>): string {
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
