/** Pieces of the report pages: no script, no request, readable on a phone and on paper. */
import type { CauseRow } from "./power.ts";
import { NARROW, WIDE } from "./plots.ts";
import { plain } from "./words.ts";

export interface Page {
  readonly name: string;
  readonly title: string;
  /** Under the name: board and cell. */
  readonly subject: string;
  /** What it is, and its value, in large letters. */
  readonly facts: readonly (readonly [what: string, value: string])[];
  readonly note: string;
  readonly sections: readonly string[];
  readonly seed: string;
}

export function page({ name, title, subject, facts, note, sections, seed }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(name)}: ${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(name)}</h1>
<p>${escaped(subject)}</p>
<dl>
${facts.map(([what, value]) => `<div><dt>${escaped(what)}</dt><dd>${escaped(value)}</dd></div>`).join("\n")}
</dl>
<p class="note">${escaped(note)}</p>
</header>
${sections.join("\n")}
<footer><p>Made by hibernode power. Seed ${escaped(seed)}: the same inputs give the same file.</p></footer>
</body>
</html>
`;
}

/** Of what is below it all together. */
const SHOWN_SHARE = 0.0005;

export function causeTable(causes: readonly CauseRow[]): string {
  const rest = causes.filter(({ share }) => share > 0 && share < SHOWN_SHARE);
  const sum = (of: "joulesPerDay" | "share" | "microamps"): number => rest.reduce((total, row) => total + row[of], 0);
  const more = { cause: `${rest.length} more`, joulesPerDay: sum("joulesPerDay"), share: sum("share"), microamps: sum("microamps"), confidence: "" }; // prettier-ignore
  const shown = [...causes.filter(({ share }) => share >= SHOWN_SHARE), ...(rest.length ? [more] : [])];
  const rows = shown.map(({ cause, joulesPerDay, share, microamps, confidence }) => [
    cause,
    plain(joulesPerDay, 3),
    `${plain(share * 100)} %`,
    plain(microamps, 2),
    confidence,
  ]);
  return table(["cause", "J a day", "share", "mean µA", "rests on"], rows);
}

/** `plot` draws itself at a width in pixels: once for a screen and paper, once for a phone. */
export function section(title: string, plot: ((width: number) => string) | undefined, text: string): string {
  const drawn = plot ? `<div class="plot">${plot(WIDE)}</div>\n<div class="plot phone">${plot(NARROW)}</div>\n` : "";
  return `<section>\n<h2>${escaped(title)}</h2>\n${drawn}${text}\n</section>`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("")}</tr>`;
  const top = head.some(Boolean) ? `<thead>${line(head, "th")}</thead>` : "";
  return `<div class="table"><table>${top}<tbody>${rows.map((row) => line(row, "td")).join("")}</tbody></table></div>`;
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]!);

const STYLE = `
:root { color: #1d2733; background: #fff; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
dl { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; }
dl div { flex: 1 1 10rem; padding: .75rem 1rem; border: 1px solid #ccd6de; border-radius: .5rem; }
dt { font-size: .85rem; color: #55636f; } dd { margin: 0; font-size: 1.6rem; font-weight: 600; }
.table { overflow-x: auto; } .plot svg { max-width: 100%; height: auto; overflow: visible; } .phone { display: none; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid #e4eaef; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
.note, footer { color: #55636f; font-size: .9rem; }
@media screen and (max-width: 36rem) {
  table { font-size: .8rem; } th, td { padding: .2rem .3rem; } .plot { display: none; } .plot.phone { display: block; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; } section { break-inside: avoid-page; }
  .table { overflow: visible; }
}
`;
