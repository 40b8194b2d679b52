/** `hibernode command`: what a node is to do or to change; it takes it at its next report, and the receiver hears the answer. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { checkChanges } from "../provision/settings.ts";
import { commandMessage, type CommandSeal } from "../receive/command.ts";
import { readKeys } from "../receive/keys.ts";
import { publishRetained } from "../receive/subscription.ts";
import { parseTopic } from "../receive/topic.ts";
import type { Output } from "../terminal/output.ts";
import { readJson } from "./board-options.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly topic: string;
  readonly device: string;
  readonly sample?: string;
  readonly report?: string;
  readonly now?: true;
  readonly stay?: string;
  readonly settings?: string;
  readonly changeKey?: string;
  readonly keys?: string;
  readonly key?: string;
  readonly authenticated?: true;
  readonly ca?: string;
}

export const commandVerb: Verb = (run) =>
  new Command("command")
    .description("tell a node what to do or to change; it obeys at its next report and answers to the receiver")
    .argument("<broker>", "mqtt://host:1883, or mqtts://user:password@host:8883")
    .requiredOption("--topic <TOPIC>", "of commands, as in the firmware: cold-chain/{id}/command")
    .requiredOption("--device <ID>", "which node")
    .option("--sample <TIME>", "from now on sample every 10m, say")
    .option("--report <TIME>", "from now on report every 2h, say")
    .option("--now", "sample and report at once")
    .option("--stay <TIME>", "stay awake that long, for a technician or an upload")
    .option("--settings <FILE>", "settings to change (JSON); taken back when five reports fail with them")
    .option("--change-key <NUMBER>", "from now on seal with this key of --keys")
    .option("--keys <FILE>", "JSON with the keys of the devices that seal: the command is sealed too")
    .option("--key <NUMBER>", "which of them the node has now (default: the highest, or the one before --change-key)")
    .option("--authenticated", "the firmware has seal: authenticated() instead of encrypted()")
    .option("--ca <FILE>", "PEM certificate of the broker's authority")
    .action(run(command));

async function command(output: Output, broker: string, options: Options): Promise<boolean> {
  const { device } = options;
  const topic = parseTopic(options.topic, "--topic").topicOf(device);
  const own = options.keys === undefined ? undefined : readKeys(options.keys).get(device);
  const keyOf = (text: string, where: string): { key: Uint8Array; keyId: number } => {
    const key = own?.get(Number(text));
    if (!key) throw new UserError(`--keys has no key ${text} of ${device}`, { where, fix: "add it to the file" });
    return { key, keyId: Number(text) };
  };
  if (options.keys !== undefined && !own?.size)
    throw new UserError(`no key of ${device}`, { where: options.keys, fix: "add the device's key" });

  const next = options.changeKey === undefined ? undefined : keyOf(options.changeKey, "--change-key");
  const current = (): string => {
    const numbers = [...own!.keys()].filter((number) => !next || number < next.keyId);
    if (!numbers.length)
      throw new UserError("no key before the new one", { where: "--change-key", fix: "number keys upwards from 1" });
    return String(Math.max(...numbers));
  };
  const seal: CommandSeal | undefined = own && {
    kind: options.authenticated ? "authenticated" : "encrypted",
    ...keyOf(options.key ?? current(), "--key"),
  };
  const seconds = (text: string | undefined, where: string): number | undefined =>
    text === undefined ? undefined : Math.round(parseDuration(text, where));
  const sample = seconds(options.sample, "--sample");
  const report = seconds(options.report, "--report");
  const set = {
    ...(options.settings === undefined ? {} : checkChanges(readJson(options.settings), options.settings)),
    ...(sample !== undefined && { sample }),
    ...(report !== undefined && { report }),
    ...(next && { key: Buffer.from(next.key).toString("hex"), keyId: next.keyId }),
  };
  const number = Date.now();
  const staySeconds = seconds(options.stay, "--stay");
  const message = commandMessage(
    {
      ...(Object.keys(set).length && { set }),
      ...(options.now && { now: true }),
      ...(staySeconds !== undefined && { staySeconds }),
    },
    number,
    seal,
  );
  const ca = options.ca === undefined ? undefined : readFileSync(options.ca);
  await publishRetained(broker, topic, message, ca);
  if (!seal) output.warn("not sealed: whoever may publish at the broker can send such commands");
  output.step("sent", `command ${number} to ${topic}, ${message.length} bytes${seal ? `, key ${seal.keyId}` : ""}`);
  output.line("the node takes it at its next report; `hibernode receive` shows the answer");
  output.result({ command: number, topic, bytes: message.length, keyId: seal?.keyId });
  return true;
}
