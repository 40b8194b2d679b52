/** The report's plots as SVG text, drawn by Observable Plot on a document without a browser. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { WakeTrace } from "./load.ts";
import type { CauseRow, PowerReport } from "./power.ts";
import type { SurvivalReport } from "./survival.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");
/** Pixels of a plot on paper and on a screen, and on a phone. */
export const WIDE = 720;
export const NARROW = 340;
const INK = "#1b4965";
const SOFT = "#a9c9de";
const GOOD = "#2a7f62";
const BAD = "#b23a48";

/** Colours and fonts are in the marks: the page's style has no say in an SVG that is printed. */
const style = { fontFamily: "system-ui, sans-serif", fontSize: "13px", background: "none" };

function svg(width: number, options: Plot.PlotOptions): string {
  const plot = Plot.plot({ document: document as never, width, style, ...options });
  plot.setAttribute("role", "img");
  return plot.outerHTML;
}

/**
 * A list of bars with their names: beside them where `room` pixels can be spared for that, else above them.
 * `named` is the field that holds the name.
 */
function bars(
  width: number,
  shown: readonly object[],
  named: string,
  room: number,
): { layout: Plot.PlotOptions; names: Plot.Markish[] } {
  const domain = shown.map((row) => (row as Record<string, string>)[named]!);
  if (width === WIDE) {
    const height = 56 + shown.length * 24;
    return { layout: { height, marginBottom: 40, marginLeft: room, y: { label: null, domain } }, names: [] };
  }
  return {
    layout: {
      height: 60 + shown.length * 40,
      marginBottom: 40,
      marginLeft: 8,
      y: { axis: null, domain, padding: 0.55 },
    },
    names: [
      Plot.text(shown, {
        y: named,
        text: named,
        frameAnchor: "left",
        dx: 2,
        dy: -16,
        textAnchor: "start",
        fontSize: 12,
      }),
    ],
  };
}

/** Current over one wake: logarithmic, each busy stretch named where it begins. */
export function wakePlot({ points, seconds }: WakeTrace, width = WIDE): string {
  const floor = 0.001;
  const data = thinned(points, seconds, width).map((point) => ({
    ...point,
    milliamps: Math.max(point.milliamps, floor),
  }));
  const names = named(data, (seconds * 24) / width);
  // all names stand above the highest current, each with a line down to what it names
  const top = Math.max(...data.map(({ milliamps }) => milliamps));
  return svg(width, {
    ariaLabel: "current at the rail over one wake",
    height: 340,
    marginLeft: 50,
    marginRight: 20,
    x: { label: "seconds since the wake", domain: [0, seconds] },
    y: { type: "log", label: "mA at the rail", grid: true, tickFormat: "~g" },
    marks: [
      Plot.areaY(data, { x: "seconds", y1: floor, y2: "milliamps", curve: "step-after", fill: SOFT }),
      Plot.lineY(data, { x: "seconds", y: "milliamps", curve: "step-after", stroke: INK, strokeWidth: 1 }),
      Plot.ruleX(names, { x: "seconds", y1: "milliamps", y2: top, stroke: SOFT }),
      Plot.text(names, {
        x: "seconds", y: top, text: "label", dy: -6, dx: 4, rotate: -35, textAnchor: "start", fill: INK, fontSize: 11,
      }),
    ],
    marginTop: 90,
  } as Plot.PlotOptions); // prettier-ignore
}

/** Of what falls into half a pixel, the first, the largest and the last. */
function thinned<Point extends { readonly seconds: number; readonly milliamps: number }>(
  points: readonly Point[],
  seconds: number,
  width: number,
): Point[] {
  const columns = new Map<number, Point[]>();
  for (const point of points) {
    const at = Math.floor((point.seconds / seconds) * width * 2);
    columns.set(at, [...(columns.get(at) ?? []), point]);
  }
  return [...columns.values()].flatMap((column) => {
    const largest = column.reduce((most, point) => (point.milliamps > most.milliamps ? point : most));
    return [...new Set([column[0]!, largest, column.at(-1)!])];
  });
}

/** The first point of each cause that draws more than 1 mA, where there is room for its name. */
function named(
  points: readonly { seconds: number; milliamps: number; cause: string }[],
  apartSeconds: number,
): { seconds: number; milliamps: number; label: string }[] {
  const seen = new Set<string>();
  const labels: { seconds: number; milliamps: number; label: string }[] = [];
  for (const { seconds: at, milliamps, cause } of points) {
    if (milliamps < 1 || seen.has(cause)) continue;
    const room = labels.every((label) => Math.abs(label.seconds - at) > apartSeconds);
    if (!room) continue;
    seen.add(cause);
    labels.push({ seconds: at, milliamps, label: cause });
  }
  return labels;
}

export type PlottedCause = Pick<CauseRow, "cause" | "joulesPerDay" | "share">;

export function causesPlot(causes: readonly PlottedCause[], width = WIDE): string {
  const shown = causes.filter(({ share }) => share >= 0.005);
  const { layout, names } = bars(width, shown, "cause", 190);
  return svg(width, {
    ariaLabel: "energy by cause",
    ...layout,
    marginRight: 60,
    x: { label: "J a day", grid: true },
    marks: [
      ...names,
      Plot.barX(shown, { y: "cause", x: "joulesPerDay", fill: INK }),
      Plot.text(shown, {
        y: "cause", x: "joulesPerDay", dx: 4, textAnchor: "start",
        text: ({ share }: { share: number }) => `${(share * 100).toFixed(1)} %`,
      }),
    ],
  }); // prettier-ignore
}

export function chargePlot({ lives }: PowerReport, width = WIDE): string {
  return svg(width, {
    ariaLabel: "charge that is left over the years",
    height: 280,
    x: { label: "years", domain: [0, lives.band[lives.band.length - 1]!.years] },
    y: { label: "% of the charge left", domain: [0, 100], grid: true },
    marks: [
      Plot.areaY(lives.band, { x: "years", y1: (d: { p10: number }) => d.p10 * 100, y2: (d: { p90: number }) => d.p90 * 100, fill: SOFT, fillOpacity: 0.7 }),
      Plot.lineY(lives.band, { x: "years", y: (d: { p50: number }) => d.p50 * 100, stroke: INK, strokeWidth: 2 }),
      Plot.ruleX([lives.p10, lives.p50, lives.p90], { stroke: BAD, strokeDasharray: "3,3" }),
      Plot.text(
        [{ years: lives.p10, label: "P10" }, { years: lives.p50, label: "P50" }, { years: lives.p90, label: "P90" }],
        { x: "years", y: 100, text: "label", dy: -8, fill: BAD },
      ),
    ],
    marginTop: 30,
  }); // prettier-ignore
}

/** Lowest charge of each day, of all nodes that were drawn. */
export function storePlot({ band }: SurvivalReport, width = WIDE): string {
  return svg(width, {
    ariaLabel: "lowest charge of each day",
    height: 280,
    x: { label: "days" },
    y: { label: "% of the store left at the lowest", domain: [0, 100], grid: true },
    marks: [
      Plot.areaY(band, { x: "day", y1: (d: { p10: number }) => d.p10 * 100, y2: (d: { p90: number }) => d.p90 * 100, fill: SOFT, fillOpacity: 0.7 }),
      Plot.lineY(band, { x: "day", y: (d: { p50: number }) => d.p50 * 100, stroke: INK, strokeWidth: 2 }),
    ],
    marginTop: 30,
  }); // prettier-ignore
}

/** What is left in the store at the lowest, as it is and with each change. */
export function whatIfPlot({ nominal, whatIf }: SurvivalReport, width = WIDE): string {
  const shown = [{ change: "as it is", ...nominal }, ...whatIf];
  const percent = ({ lowestCharge }: { lowestCharge: number }): number => lowestCharge * 100;
  const { layout, names } = bars(width, shown, "change", 310);
  return svg(width, {
    ariaLabel: "lowest charge with each change",
    ...layout,
    marginRight: 120,
    x: { label: "% of the store left at the lowest", grid: true, domain: [0, 100] },
    marks: [
      ...names,
      Plot.barX(shown, { y: "change", x: percent, fill: ({ survived }: { survived: boolean }) => (survived ? GOOD : BAD) }),
      Plot.text(shown, {
        y: "change", x: percent, dx: 4, textAnchor: "start",
        text: ({ survived, emptyHours, lowestCharge }: { survived: boolean; emptyHours: number; lowestCharge: number }) =>
          survived ? `${(lowestCharge * 100).toFixed(0)} %` : `empty for ${emptyHours.toFixed(0)} h`,
      }),
    ],
  }); // prettier-ignore
}

export function sensitivityPlot({ effects }: PowerReport, width = WIDE): string {
  const shown = effects.slice(0, 16).map((effect) => ({ ...effect, change: shortened(effect.change) }));
  const { layout, names } = bars(width, shown, "change", 310);
  const reach = Math.max(...shown.map(({ gain }) => Math.abs(gain))) * 1.25;
  return svg(width, {
    ariaLabel: "what would change the life",
    ...layout,
    marginRight: 20,
    x: { label: "years of life gained or lost", grid: true, domain: [-reach, reach] },
    marks: [
      ...names,
      Plot.barX(shown, { y: "change", x: "gain", fill: ({ gain }: { gain: number }) => (gain < 0 ? BAD : GOOD) }),
      Plot.text(shown.filter(({ gain }) => gain >= 0), { y: "change", x: "gain", dx: 4, textAnchor: "start", text: signed }),
      Plot.text(shown.filter(({ gain }) => gain < 0), { y: "change", x: "gain", dx: -4, textAnchor: "end", text: signed }),
      Plot.ruleX([0]),
    ],
  }); // prettier-ignore
}

const shortened = (text: string): string => (text.length > 44 ? `${text.slice(0, 43)}…` : text);
const signed = ({ gain }: { gain: number }): string => `${gain < 0 ? "−" : "+"}${Math.abs(gain).toFixed(1)}`;

interface FrontPoint {
  readonly hours: number;
  readonly years: number;
  readonly label: string;
}

/** Settings none of which is beaten, and the chosen one among them. */
export function frontSvg(front: readonly FrontPoint[], best: FrontPoint): string {
  return svg(WIDE, {
    ariaLabel: "life against age of data",
    height: 360,
    marginRight: 160,
    x: { type: "log", label: "hours until 95 % of the readings have arrived", tickFormat: "~g" },
    y: { label: "years of life", grid: true, zero: true },
    marks: [
      Plot.lineY(front, { x: "hours", y: "years", curve: "step-after", stroke: SOFT }),
      Plot.dot(front, { x: "hours", y: "years", fill: INK }),
      Plot.dot([best], { x: "hours", y: "years", r: 6, stroke: BAD, strokeWidth: 2 }),
      Plot.text(front, { x: "hours", y: "years", text: "label", dx: 8, textAnchor: "start", fontSize: 10 }),
    ],
  });
}

/** A plot as a file of its own: on white paper, whatever lies behind it. */
export const asFile = (plot: string): string =>
  `${plot.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace(/background: ?none/, "background:white")}\n`;
