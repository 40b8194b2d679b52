/** The report of nodes that harvest, as one HTML file. */
import { causeTable, escaped, page, section, table } from "./page.ts";
import { causesPlot, storePlot, wakePlot, whatIfPlot } from "./plots.ts";
import type { Fate, SurvivalReport } from "./survival.ts";
import { plain, survivalWords } from "./words.ts";

export function survivalHtml(report: SurvivalReport): string {
  const { name, board, cell, seed, nodes, survived, nominal, whatIf, wake, causes, broken, silenceDays } = report;
  const { harvest, unverifiedShare, lowestCharge } = report;
  const row = (change: string, fate: Fate): string[] => [
    change,
    fate.survived ? "yes" : `empty for ${plain(fate.emptyHours)} h`,
    `${plain(fate.lowestCharge * 100)} %`,
    plain(fate.silenceDays),
    plain(fate.readingsPerDay),
  ];
  const head = ["", "comes through", "lowest charge", "days without a message", "readings a day"];
  return page({
    name,
    title: "living on its harvest",
    subject: `${board}, ${cell}`,
    facts: [
      [`of ${nodes} nodes come through`, String(survived)],
      ["of the store is left at the lowest, in nine of ten at least", `${plain(lowestCharge.p10 * 100)} %`],
      ["days without a message, in nine of ten at most", plain(silenceDays.p90)],
    ],
    note: survivalWords(report),
    sections: [
      section("The store, day by day", (width) => storePlot(report, width), `<p>The band holds 80 % of ${nodes} drawn nodes, the line is the middle one.</p>`),
      section("What it would come through", (width) => whatIfPlot(report, width), table(head, [row("as it is", nominal), ...whatIf.map(({ change, ...fate }) => row(change, fate))])),
      section("What eats the energy", (width) => causesPlot(causes, width), causeTable(causes)),
      ...(wake ? [section("One wake that reports", (width) => wakePlot(wake, width), "<p>Current at the rail, logarithmic. Bursts are drawn as long as they last, one after the other.</p>")] : []),
      section("How sure this is", undefined, `<p>${escaped(`The place offers ${plain(harvest.offeredJoulesPerDay)} J a day, of which ${plain(harvest.usedJoulesPerDay)} are used; the rest finds the store full. ${plain(unverifiedShare * 100)} % of the energy rests on at least one figure that no document confirms; above is what becomes of the node with all of them at their bad or good bound. The ageing of the store is not simulated.`)}</p>${broken.length ? `<ul>${broken.map((text) => `<li>${escaped(text)}</li>`).join("")}</ul>` : ""}`),
    ],
    seed,
  }); // prettier-ignore
}
