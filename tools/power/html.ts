/** The report as one HTML file: no script, no request, readable on a phone and on paper. */
import { causesPlot, chargePlot, sensitivityPlot, wakePlot } from "./plots.ts";
import type { PowerReport } from "./power.ts";
import { deathWords, plain } from "./words.ts";

export function htmlReport(report: PowerReport): string {
  const { name, cell, board, lives, causes, effects, wake, cost, broken } = report;
  const life = `${plain(lives.p10)} to ${plain(lives.p90)} years`;
  const sections = [
    section("What eats the battery", causesPlot(report), causeTable(report)),
    section("Charge over the years", chargePlot(report), `<p>The band holds 80 % of ${lives.runs} drawn nodes; the dashed lines are the lives that 10, 50 and 90 % of them have ended by. ${escaped(deathWords(report))}</p>`),
    section("What would change it", sensitivityPlot(report), table(["change", "years", "gain"], effects.map(({ change, years, gain }) => [change, plain(years), `${gain < 0 ? "−" : "+"}${plain(Math.abs(gain))}`]))),
    ...(wake ? [section("One wake that reports", wakePlot(wake), "<p>Current at the rail, logarithmic. Bursts are drawn as long as they last, one after the other.</p>")] : []),
    section("Battery changes", "", table(["", ""], [
      ["nodes", cost.nodes.toLocaleString("en")],
      ["years", plain(cost.years)],
      ["changes per node", plain(cost.changesPerNode, 2)],
      ["changes", Math.round(cost.changes).toLocaleString("en")],
      [`cost at ${cost.visit} each`, Math.round(cost.total).toLocaleString("en")],
    ])),
    section("How sure this is", "", `<p>${escaped(sureness(report))}</p>${broken.length ? `<ul>${broken.map((text) => `<li>${escaped(text)}</li>`).join("")}</ul>` : ""}`),
  ]; // prettier-ignore
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(name)}: battery life</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(name)}</h1>
<p>${escaped(board)}, ${escaped(cell)}</p>
<dl>
<div><dt>nine of ten live longer than</dt><dd>${plain(lives.p10)} years</dd></div>
<div><dt>half of them</dt><dd>${plain(lives.p50)} years</dd></div>
<div><dt>one of ten</dt><dd>${plain(lives.p90)} years</dd></div>
</dl>
<p class="note">${life}; ${plain(report.meanMicroamps)} µA on average; ${causes.length} causes.</p>
</header>
${sections.join("\n")}
<footer><p>Made by hibernode power. Seed ${escaped(report.seed)}: the same inputs give the same file.</p></footer>
</body>
</html>
`;
}

export function sureness(report: PowerReport): string {
  const { unverifiedShare, bounds, surrogateError, sampled } = report;
  return [
    `${plain(unverifiedShare * 100)} % of the energy rests on at least one figure that no document confirms.`,
    `With all of these at their bad or good bound at once the life would be ${plain(bounds.worst)} or ${plain(bounds.best)} years.`,
    `${sampled.runs} full simulations of ${plain(sampled.seconds / 86400)} days were sampled; the surrogate differs from the one with the network as it is by ${plain(surrogateError * 100)} % in mean current.`,
  ].join(" ");
}

function causeTable({ causes }: PowerReport): string {
  const rows = causes.map(({ cause, joulesPerDay, share, microamps, confidence }) => [
    cause,
    plain(joulesPerDay, 3),
    `${plain(share * 100)} %`,
    plain(microamps, 2),
    confidence,
  ]);
  return table(["cause", "J a day", "share", "mean µA", "rests on"], rows);
}

const section = (title: string, plot: string, text: string): string =>
  `<section>\n<h2>${escaped(title)}</h2>\n${plot && `<div class="plot">${plot}</div>\n`}${text}\n</section>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("")}</tr>`;
  const top = head.some(Boolean) ? `<thead>${line(head, "th")}</thead>` : "";
  return `<div class="table"><table>${top}<tbody>${rows.map((row) => line(row, "td")).join("")}</tbody></table></div>`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]!);

const STYLE = `
:root { color: #1d2733; background: #fff; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
dl { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; }
dl div { flex: 1 1 10rem; padding: .75rem 1rem; border: 1px solid #ccd6de; border-radius: .5rem; }
dt { font-size: .85rem; color: #55636f; } dd { margin: 0; font-size: 1.6rem; font-weight: 600; }
.plot, .table { overflow-x: auto; } .plot svg { max-width: 100%; height: auto; min-width: 34rem; overflow: visible; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid #e4eaef; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
.note, footer { color: #55636f; font-size: .9rem; }
@media (max-width: 36rem) { table { font-size: .8rem; } th, td { padding: .2rem .3rem; } .plot svg { min-width: 30rem; } }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; } section { break-inside: avoid-page; }
  .plot, .table { overflow: visible; } .plot svg { min-width: 0; }
}
`;
