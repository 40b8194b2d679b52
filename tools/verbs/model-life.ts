/** What `convert` and `train` say of the battery: years with decisions sent against years with every input sent. */
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { type Lives, livesOf, type Work } from "../models/life.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";

export const EVERY_FLAG = "--every <DURATION>";
export const EVERY_HELP = "from one decision to the next, for the battery's life";
export const EVERY_DEFAULT = "1m";

const years = (value: number): string => `${value.toFixed(2)} (${(365.25 * value).toFixed(0)} days)`;
const joules = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));

export function printLife(output: Output, every: string, work: Omit<Work, "everySeconds">): Lives {
  const everySeconds = parseDuration(every, "--every");
  if (everySeconds <= 0) throw new UserError("decisions need time between them", { where: "--every", fix: "for instance 1m" }); // prettier-ignore
  const lives = livesOf({ ...work, everySeconds });
  const rows = lives.nodes.map((life) => [life.node, life.baseJoules.toFixed(0), years(life.decidingYears), years(life.sendingYears)]); // prettier-ignore
  output.line();
  output.line(table(["a node that is", "J a day", "years, decisions sent", "years, everything sent"], rows, [1, 2, 3]));
  output.line();
  output.fact("battery", `${joules(lives.decidingJoulesPerDay)} J a day for deciding, ${joules(lives.sendingJoulesPerDay)} J for sending all inputs instead`); // prettier-ignore
  output.fact("assumed", lives.assumed);
  return lives;
}
