/** `hibernode record`: what a board prints, sample by sample, with a label, into a table that `hibernode train` takes. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { recorder } from "../models/train/recorder.ts";
import type { Output } from "../terminal/output.ts";
import { withPort, type LineOptions } from "./board-options.ts";
import type { Verb } from "./verb.ts";

interface Options extends LineOptions {
  readonly columns: string;
  readonly label: string;
  readonly group: string;
  readonly for?: string;
  readonly out: string;
}

export const recordVerb: Verb = (run) =>
  withPort(new Command("record").description("record what a board prints, for training"))
    .requiredOption("--columns <LIST>", "names of the numbers in a line, with commas between: x,y,z")
    .requiredOption("--label <LABEL>", "what is going on while it records")
    .requiredOption("--group <GROUP>", "which trip, machine or day this is")
    .requiredOption("--out <FILE.csv>", "the table; an existing one grows")
    .option("--for <TIME>", "how long: 90s, 2h (default: until Ctrl-C)")
    .action(run(record));

async function record(output: Output, options: Options): Promise<boolean> {
  const columns = options.columns.split(",");
  const seconds = options.for === undefined ? undefined : parseDuration(options.for, "--for");
  const header = [...columns, "label", "group"].join(",");
  for (const name of [options.label, options.group])
    if (/[",\r\n]/.test(name)) throw new UserError(`"${name}" has a comma, a quote or a line's end in it`, { where: "--label, --group" }); // prettier-ignore
  if (!existsSync(options.out)) appendFileSync(options.out, `${header}\n`);
  else if (!readFileSync(options.out, "utf8").startsWith(`${header}\n`))
    throw new UserError("the file holds other columns", {
      where: options.out,
      fix: `its first line must be ${header}`,
    });
  const { chooseLine } = await import("../serial/ports.ts");
  const { monitor } = await import("../monitor/monitor.ts");
  const line = await chooseLine(options.port);
  const samples = recorder(columns.length, options.label, options.group);
  const ended = new AbortController();
  process.once("SIGINT", () => ended.abort());
  if (seconds !== undefined) setTimeout(() => ended.abort(), seconds * 1000);
  await monitor(line, {
    signal: ended.signal,
    onText(text) {
      const rows = samples.receive(text);
      if (rows.length) appendFileSync(options.out, `${rows.join("\n")}\n`);
    },
    onState: (state) => output.line(state === "gone" ? "the port is gone" : "the port is back"),
  });
  output.fact("recorded", `${samples.count} samples as "${options.label}" of ${options.group} in ${options.out}`);
  if (samples.count === 0) output.warn(`no line held ${columns.length} numbers with commas between: on the board, print([${columns.join(", ")}].join())`); // prettier-ignore
  output.result({ samples: samples.count, file: options.out });
  return samples.count > 0;
}
