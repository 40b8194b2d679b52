/** The report as one HTML file: no script, no request, readable on a phone and on paper. */
import { causeTable, escaped, page, section, table } from "./page.ts";
import { causesPlot, chargePlot, sensitivityPlot, wakePlot } from "./plots.ts";
import type { PowerReport } from "./power.ts";
import { deathWords, plain } from "./words.ts";

export function htmlReport(report: PowerReport): string {
  const { name, cell, board, lives, causes, effects, wake, cost, broken } = report;
  const sections = [
    section("What eats the battery", (width) => causesPlot(causes, width), causeTable(causes)),
    section("Charge over the years", (width) => chargePlot(report, width), `<p>The band holds 80 % of ${lives.runs} drawn nodes; the dashed lines are the lives that 10, 50 and 90 % of them have ended by. ${escaped(deathWords(report))}</p>`),
    section("What would change it", (width) => sensitivityPlot(report, width), table(["change", "years", "gain"], effects.map(({ change, years, gain }) => [change, plain(years), `${gain < 0 ? "−" : "+"}${plain(Math.abs(gain))}`]))),
    ...(wake ? [section("One wake that reports", (width) => wakePlot(wake, width), "<p>Current at the rail, logarithmic. Bursts are drawn as long as they last, one after the other.</p>")] : []),
    section("Battery changes", undefined, table(["", ""], [
      ["nodes", cost.nodes.toLocaleString("en")],
      ["years", plain(cost.years)],
      ["changes per node", plain(cost.changesPerNode, 2)],
      ["changes", Math.round(cost.changes).toLocaleString("en")],
      [`cost at ${cost.visit} each`, Math.round(cost.total).toLocaleString("en")],
    ])),
    section("How sure this is", undefined, `<p>${escaped(sureness(report))}</p>${broken.length ? `<ul>${broken.map((text) => `<li>${escaped(text)}</li>`).join("")}</ul>` : ""}`),
  ]; // prettier-ignore
  return page({
    name,
    title: "battery life",
    subject: `${board}, ${cell}`,
    facts: [
      ["nine of ten live longer than", `${plain(lives.p10)} years`],
      ["half of them", `${plain(lives.p50)} years`],
      ["one of ten", `${plain(lives.p90)} years`],
    ],
    note: `${plain(report.meanMicroamps)} µA on average; ${causes.length} causes.`,
    sections,
    seed: report.seed,
  });
}

export function sureness(report: PowerReport): string {
  const { unverifiedShare, bounds, surrogateError, sampled } = report;
  return [
    `${plain(unverifiedShare * 100)} % of the energy rests on at least one figure that no document confirms.`,
    `With all of these at their bad or good bound at once the life would be ${plain(bounds.worst)} or ${plain(bounds.best)} years.`,
    `${sampled.runs} full simulations of ${plain(sampled.seconds / 86400)} days were sampled; the surrogate differs from the one with the network as it is by ${plain(surrogateError * 100)} % in mean current.`,
  ].join(" ");
}
