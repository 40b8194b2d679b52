/** The simulator against published battery lives, currents and energies. */
import { holds, publishedChecks } from "../power/published/published.ts";
import { table } from "../terminal/table.ts";

const rows = publishedChecks().map((check) => {
  const { name, of, published, ours, unit, tolerance } = check;
  const error = `${((ours / published - 1) * 100).toFixed(1)} %`;
  const verdict = "shownOnly" in tolerance ? "shown only" : holds(check) ? "holds" : "off";
  return [`${name}, ${unit}`, of, String(published), ours.toPrecision(3), error, verdict];
});
const reasons = publishedChecks().flatMap(({ name, tolerance }) =>
  "shownOnly" in tolerance ? [`${name}: ${tolerance.shownOnly}`] : [],
);
process.stdout.write(`${table(["published", "model", "theirs", "ours", "error", ""], rows, [2, 3, 4])}\n`);
process.stdout.write(`\nshown only\n${reasons.join("\n")}\n`);
