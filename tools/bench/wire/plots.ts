/** The measurement's plots, drawn by Observable Plot on a document without a browser, in one page without requests. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** A colour for each encoding, ours first. */
const COLOURS = ["#b23a48", "#1b4965", "#2a7f62", "#8a6d3b", "#6c5b7b", "#7d8597", "#3d5a80", "#c97b2b"];

export interface Point {
  readonly encoding: string;
  readonly recording: string;
  readonly bytes: number;
}

export interface Joules {
  readonly encoding: string;
  readonly profile: string;
  readonly level: string;
  readonly readings: number;
  readonly joules: number;
}

function svg(options: Plot.PlotOptions): string {
  const style = { fontFamily: "system-ui, sans-serif", fontSize: "13px", background: "none" };
  const plot = Plot.plot({ document: document as never, style, ...options });
  plot.setAttribute("role", "img");
  return plot.outerHTML;
}

export const bytesPlot = (points: readonly Point[], encodings: readonly string[]): string =>
  svg({
    ariaLabel: "bytes of a message per value",
    width: 900,
    height: 620,
    marginLeft: 120,
    marginRight: 60,
    x: { type: "log", label: "bytes per value, without seal and transport", grid: true, tickFormat: "~g" },
    y: { label: null, domain: encodings },
    fy: { label: null, domain: [...new Set(points.map(({ recording }) => recording))] },
    color: { domain: encodings, range: COLOURS },
    marks: [
      Plot.ruleY(points, { fy: "recording", y: "encoding", x1: 0.2, x2: "bytes", stroke: "#ccd6de" }),
      Plot.dot(points, { fy: "recording", y: "encoding", x: "bytes", fill: "encoding", r: 4 }),
    ],
    facet: { marginRight: 150 },
  } as Plot.PlotOptions);

export const energyPlot = (points: readonly Joules[], encodings: readonly string[]): string =>
  svg({
    ariaLabel: "energy of a delivered reading over the readings in a message",
    width: 1000,
    height: 640,
    marginLeft: 50,
    x: { type: "log", label: "readings in a session", grid: true, tickFormat: "~g", ticks: [1, 3, 12, 48, 144] },
    y: { type: "log", label: "J per delivered reading (modem, 3.6 V)", grid: true, tickFormat: "~g" },
    fx: { label: null },
    fy: { label: null },
    color: { domain: encodings, range: COLOURS, legend: false },
    marks: [
      Plot.frame({ stroke: "#ccd6de" }),
      Plot.lineY(points, { fx: "profile", fy: "level", x: "readings", y: "joules", stroke: "encoding", marker: "dot" }),
    ],
  } as Plot.PlotOptions);

/** @param parts titles and SVG */
export function page(parts: readonly (readonly [title: string, body: string])[], encodings: readonly string[]): string {
  const legend = encodings.map((name, i) => `<span style="color:${COLOURS[i]}">● ${name}</span>`).join(" ");
  const sections = parts.map(([title, body]) => `<h2>${title}</h2>\n<p>${legend}</p>\n${body}`).join("\n");
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>The wire, measured</title>
<style>body{max-width:64rem;margin:0 auto;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:#1d2733}svg{max-width:100%;height:auto}</style>
<h1>The wire, measured</h1>
${sections}
</html>
`;
}
