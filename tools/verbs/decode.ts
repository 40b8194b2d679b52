/** `hibernode decode`: what a message at the broker says. */
import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { decodeBatch, type Row } from "../receive/decode.ts";
import { table } from "../terminal/table.ts";
import type { Output } from "../terminal/output.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly sensors?: string;
}

export const decodeVerb: Verb = (run) =>
  new Command("decode")
    .description("decode a telemetry message: hexadecimal, Base64, or a file that holds it")
    .argument("<message>", "the payload in hex or Base64, a file name, or - for standard input")
    .option("--sensors <NAMES>", "names of the firmware's sensors, in order: cargo,battery")
    .action(run(decode));

async function decode(output: Output, message: string, { sensors }: Options): Promise<boolean> {
  const batch = decodeBatch(payloadOf(message));
  const names = sensors?.split(",") ?? [];
  const nameOf = ({ sensor, quantity }: Row): string => `${names[sensor] ?? sensor}.${quantity}`;
  output.line(
    `journal ${batch.journal.toString(16)}, readings ${batch.seq} to ${batch.seq + batch.count - 1}, ` +
      (batch.clock ? `clock set ${batch.clock.ageSeconds} s before` : "clock not set") +
      "\n",
  );
  output.line(
    table(
      ["reading", "time", "quantity", "value"],
      batch.rows.map((row) => [
        String(row.seq),
        row.unix === undefined
          ? `${row.rawSeconds} s after power-on`
          : new Date(row.unix * 1000).toISOString().slice(0, 19) + "Z",
        nameOf(row),
        row.fault === undefined ? `${row.value} ${row.unit}` : row.fault,
      ]),
      [0, 3],
    ),
  );
  for (const { first, count, reason } of batch.skipped)
    output.line(`readings ${first} to ${first + count - 1}: ${reason}`);
  output.result({ ...batch, rows: batch.rows.map((row) => ({ ...row, name: nameOf(row) })) });
  return true;
}

function payloadOf(message: string): Uint8Array {
  const compact = message.replace(/[\s:]/g, "");
  if (/^([0-9a-f]{2})+$/i.test(compact)) return Buffer.from(compact, "hex");
  if (message === "-") return textOrBytes(readFileSync(0));
  if (existsSync(message)) return textOrBytes(readFileSync(message));
  if (/^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(compact)) return Buffer.from(compact, "base64");
  throw new UserError("neither hexadecimal nor Base64 nor a file", {
    where: message.length > 40 ? message.slice(0, 40) + "…" : message,
    fix: "give the payload as hex (86011a...), as Base64, or the name of a file that holds it",
  });
}

/** A file may hold the payload itself, or its hexadecimal digits as text. */
function textOrBytes(bytes: Buffer): Uint8Array {
  const text = bytes.toString("latin1").replace(/[\s:]/g, "");
  return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : bytes;
}
