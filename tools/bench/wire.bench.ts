/**
 * What a message costs: bytes per value and on the air in our form and in others, against the entropy of the data, and the
 * energy of a delivered reading in three networks. `RECORDINGS=FOLDER` adds recordings that the repository may not contain;
 * the plots go to out/wire.html.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import Table from "cli-table3";
import { profiles } from "../simulator/network/profiles.ts";
import { sessionJoules } from "./wire/energy.ts";
import { encodingNames, encodings, fixedRecords, type EncodingName } from "./wire/encodings.ts";
import { overMqtt, overMqttSn, sealBytes } from "./wire/on-air.ts";
import { bytesPlot, energyPlot, page, type Joules, type Point } from "./wire/plots.ts";
import { recordings, type Recording } from "./wire/recordings.ts";

const folder = process.env["RECORDINGS"];
const all = recordings(folder);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
if (all.length === 2) say("skipped: recordings; RECORDINGS=FOLDER names a folder with temperature/ and pump/");

const fixed = (value: number, digits = 2): string => value.toFixed(digits);

function print(head: string[], rows: (string | number)[][]): void {
  const table = new Table({
    head,
    colAligns: head.map((_, i) => (i ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  say(table.toString());
}

/** Entropy of the changes from one value to the next, in bits per value, as if their distribution were known. */
function entropy(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < values.length; i++) {
    const change = values[i]! - values[i - 1]!;
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / (values.length - 1)) * Math.log2(count / (values.length - 1));
  return bits;
}

function xz(bytes: Uint8Array): number | undefined {
  const { status, stdout } = spawnSync("xz", ["-9e", "--stdout"], { input: bytes, maxBuffer: 1 << 28 });
  return status === 0 ? stdout.length : undefined;
}

/** Mean bytes of a message of `count` readings. */
function meanBytes(recording: Recording, name: EncodingName, count: number): number {
  const messages = Math.min(200, Math.floor(recording.columns[0]!.values.length / count));
  let sum = 0;
  for (let i = 0; i < messages; i++) sum += encodings[name]({ recording, first: i * count, count }).length;
  return sum / messages;
}

const points: Point[] = [];
for (const recording of all) {
  const { name, perMessage, columns } = recording;
  const length = columns[0]!.values.length;
  const perValue = perMessage * columns.length;
  const bound = columns.reduce((sum, { values }) => sum + entropy(values), 0) / columns.length / 8;
  const whole = xz(fixedRecords({ recording, first: 0, count: length }));
  say(`\n${name}: ${perMessage} readings of ${columns.length} values a message, ${length} readings in all`);
  const single = overMqtt([meanBytes(recording, "JSON", 1)]);
  const jsonEach = single.up + single.down;
  print(
    [
      "encoding",
      "message B",
      "B/value",
      "× entropy",
      "seal B",
      "MQTT B",
      "TCP/IP B",
      "on air B/reading",
      "times less than JSON each",
    ],
    encodingNames.map((encoding) => {
      const bytes = meanBytes(recording, encoding, perMessage);
      const seal = sealBytes(Math.round(bytes));
      const air = overMqtt([Math.round(bytes) + seal]);
      const each = (air.up + air.down) / perMessage;
      points.push({ encoding, recording: name, bytes: bytes / perValue });
      return [encoding, fixed(bytes, 0), fixed(bytes / perValue), fixed(bytes / perValue / bound), seal, air.mqtt, air.ip, fixed(each), fixed(jsonEach / each, 0)]; // prettier-ignore
    }),
  );
  points.push({ encoding: "entropy", recording: name, bytes: bound });
  const ours = Math.round(meanBytes(recording, "hibernode", perMessage));
  const sealed = ours + sealBytes(ours);
  const other = (qos: -1 | 1): string => {
    const { up, down } = overMqttSn([sealed], qos);
    return fixed((up + down) / perMessage);
  };
  say(
    `first-order entropy ${fixed(bound, 3)} B/value; JSON, a session each: ${fixed(jsonEach, 0)} B on air per reading`,
  );
  if (whole) {
    say(`xz of the whole as fixed records with times: ${fixed(whole / length / columns.length, 3)} B/value`);
    points.push({ encoding: "xz of the whole", recording: name, bytes: whole / length / columns.length });
  } else say("skipped: xz of the whole; there is no xz");
  say(`ours, sealed, over MQTT-SN: QoS 1 ${other(1)}, QoS -1 ${other(-1)} B on air per reading`);
}

const sizes = [1, 2, 6, 12, 24, 48, 96, 144];
const networks = [profiles.ideal, profiles["vodafone-es"], profiles["zte-za"]];
const joules: Joules[] = [];
const [first] = all;
for (const profile of networks) {
  for (const level of [0, 1, 2] as const) {
    say(`\nJ per delivered reading, ${profile.name}, ECL ${level}: ${first!.name}, sealed, MQTT over TCP`);
    const rows = encodingNames.map((encoding) => {
      const cells = sizes.map((readings) => {
        const bytes = Math.round(meanBytes(first!, encoding, readings));
        const each = sessionJoules(profile, level, [bytes + sealBytes(bytes)]) / readings;
        joules.push({ encoding, profile: profile.name, level: `ECL ${level}`, readings, joules: each });
        return each.toPrecision(3);
      });
      return [encoding, ...cells];
    });
    print(["readings a session", ...sizes.map(String)], rows);
  }
}

const drawn = [...encodingNames, "entropy", "xz of the whole"];
mkdirSync("out", { recursive: true });
writeFileSync(
  "out/wire.html",
  page([["Bytes per value", bytesPlot(points, drawn)], ["Energy per reading", energyPlot(joules, encodingNames)]], drawn), // prettier-ignore
);
say("\nplots: out/wire.html");
