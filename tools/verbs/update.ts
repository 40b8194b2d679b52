/** `hibernode update`: a new version over the air, to a few nodes first; it stops where too many fail. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario, type Firmware } from "../firmware.ts";
import { readKeys, type Keys } from "../receive/keys.ts";
import { subscribe } from "../receive/subscription.ts";
import { parseTopic } from "../receive/topic.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { LONGEST_TOPIC, packageUpdate, type Package } from "../update/package.ts";
import { isFinished, planRollout, tally, type Rollout } from "../update/rollout.ts";
import { plainMessage, readRollout, RolloutServer, writeRollout } from "../update/serve.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly topic: string;
  readonly telemetry?: string;
  readonly release: string;
  readonly from?: string;
  readonly keys?: string;
  readonly device?: string[];
  readonly cohorts: string;
  readonly failures: string;
  readonly patience: string;
  readonly state?: string;
  readonly joules?: string;
  readonly downgrade?: true;
  readonly sealed?: true;
  readonly dryRun?: true;
  readonly scenario?: string;
  readonly ca?: string;
}

export const updateVerb: Verb = (run) =>
  new Command("update")
    .description("bring a new version to nodes over the air, a few first; stops when too many fail")
    .argument("<firmware>", "folder with a node.ts, or a bundle (.js) that `build` made")
    .argument("[broker]", "mqtt://host:1883, or mqtts://user:password@host:8883; not needed with --dry-run")
    .requiredOption("--topic <TOPIC>", "of updates, as in the firmware: cold-chain/{id}/update")
    .requiredOption("--release <NUMBER>", "version of the new bundle: a whole number above that of the old one")
    .option("--telemetry <TOPIC>", "where the nodes publish: cold-chain/{id}/telemetry")
    .option("--from <BUNDLE>", "the .js that the nodes run now: only what differs is sent")
    .option("--keys <FILE>", "JSON with the keys of the devices: every message is signed for one of them")
    .option("--device <ID...>", "these devices only (default: all that have a key)")
    .option("--cohorts <SIZES>", "who comes first: counts or shares of the devices", "1,10%,100%")
    .option("--failures <COUNT>", "so many may fail before all stops", "0")
    .option("--patience <TIME>", "a node that is not heard of for that long has failed", "7d")
    .option("--state <FILE>", "where the rollout is kept (default: update-RELEASE.json); the same file goes on with it")
    .option("--joules <NUMBER>", "what it costs a node: one whose battery policy allows less puts it off")
    .option("--downgrade", "permit an older version")
    .option("--sealed", "the nodes seal what they send")
    .option("--dry-run", "simulate what it costs a node in good and bad coverage, and send nothing")
    .option("--scenario <FILE>", "for --dry-run: another scenario than the one beside the firmware")
    .option("--ca <FILE>", "PEM certificate of the broker's authority")
    .action(run(update));

/** How often the clock is looked at, for devices that stay silent. */
const LOOK_MS = 60_000;

async function update(output: Output, path: string, broker: string | undefined, options: Options): Promise<boolean> {
  const topic = parseTopic(options.topic, "--topic");
  const version = wholeNumber(options.release, "--release");
  const firmware = findFirmware(path);
  const { image, board } = await imageOf(output, firmware, options);
  const base = options.from === undefined ? undefined : readFileSync(options.from);
  if (options.dryRun) return dryRun(output, firmware, options, image, base, board);

  if (broker === undefined) throw missing("the broker is missing", "name it behind the firmware: mqtt://host:1883");
  if (options.keys === undefined) throw missing("--keys is missing", "updates are signed with the devices' keys");
  if (options.telemetry === undefined)
    throw missing("--telemetry is missing", "the nodes say there what they run: cold-chain/{id}/telemetry");
  const keys = readKeys(options.keys);
  const devices = options.device ?? [...keys.keys()];
  for (const device of devices) {
    keyOf(keys, device, options.keys);
    if (topic.topicOf(device).length > LONGEST_TOPIC)
      throw new UserError(`the topic has more than ${LONGEST_TOPIC} characters`, {
        where: topic.topicOf(device),
        fix: "a piece of the update must fit into a packet of 1024 bytes: choose a shorter one",
      });
  }
  const file = options.state ?? `update-${version}.json`;
  const known = readRollout(file);
  if (known && known.version !== version)
    throw new UserError(`it is the rollout of release ${known.version}`, { where: file, fix: "name another --state" });
  const rollout =
    known ??
    planRollout(devices, options.cohorts.split(",").map(sizeOf), {
      version,
      // rises from one rollout to the next, and leaves room for second offers
      number: Math.floor(Date.now() / 1000),
      allowed: wholeNumber(options.failures, "--failures"),
    });
  const packageFor = (device: string, number: number, whole: boolean): Package =>
    packageUpdate(
      {
        number,
        version,
        board,
        image,
        base: whole ? undefined : base,
        downgrade: options.downgrade,
        joules: Number(options.joules ?? 0),
      },
      keyOf(keys, device, options.keys!),
    );
  const report = (text: string): void => output.line(`${new Date().toISOString().slice(0, 19)}Z  ${text}`);
  let over: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (over = resolve));
  // what the broker has kept for us comes before there is anybody to take it
  let begin: () => void = () => undefined;
  const prepared = new Promise<void>((resolve) => (begin = resolve));
  const subscription = await subscribe({
    url: broker,
    clientId: `hibernode-update-${version}-${rollout.number}`,
    topic: parseTopic(options.telemetry, "--telemetry"),
    ca: options.ca === undefined ? undefined : readFileSync(options.ca),
    say: (text) => output.warn(text),
    take(messages) {
      for (const { device, payload } of messages) {
        const plain = plainMessage(payload, device, keys, options.sealed === true);
        // not awaited: publishing from inside would wait for its own acknowledgement
        if (plain)
          void prepared
            .then(() => server.take(device, plain, Date.now()))
            .then(
              () => look(),
              (error: Error) => output.warn(error.message),
            );
      }
      return Promise.resolve();
    },
  });
  const server = new RolloutServer({
    rollout,
    topic,
    packageFor,
    patienceMs: parseDuration(options.patience, "--patience") * 1000,
    save: (state) => writeRollout(file, state),
    told: (device, { text }) => report(`${device}  ${text}`),
    broker: {
      publish: (name, payload) => subscription.publish(name, Buffer.from(payload), { retain: true }),
    },
  });
  begin();
  const look = (): void => void (isFinished(server.rollout) && over());
  const example = packageFor(devices[0]!, rollout.number, false);
  output.step(
    "update",
    `release ${version}, ${image.length} bytes, ${example.delta ? "against --from" : "whole"}: ${example.pieces.length} pieces, ${example.bytes} bytes for each of ${devices.length} devices`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, over);
  const timer = setInterval(() => void server.proceed(Date.now()).then(look), LOOK_MS);
  try {
    await server.proceed(Date.now());
    look();
    await Promise.race([finished, subscription.ended]);
  } finally {
    clearInterval(timer);
    await server.settled;
    await subscription.stop();
  }
  const { stopped } = server.rollout;
  output.line(describe(server.rollout));
  if (stopped !== undefined) output.warn(`stopped: ${stopped}`);
  output.result({ release: version, state: file, stopped, devices: server.rollout.devices });
  return stopped === undefined;
}

const describe = (rollout: Rollout): string =>
  tally(rollout)
    .map(({ state, count }) => `${count} ${state}`)
    .join(", ");

function missing(message: string, fix: string): UserError {
  return new UserError(message, { where: "hibernode update", fix });
}

function wholeNumber(text: string, where: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new UserError(`${text} is no whole number`, { where, fix: "write one, for instance 4" });
}

function sizeOf(text: string): number | string {
  if (/^\d+(\.\d+)?%$/.test(text)) return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError(`${text} is no size of a cohort`, { where: "--cohorts", fix: "write 1,10%,100%" });
}

/** The newest key of a device. */
function keyOf(keys: Keys, device: string, file: string): { key: Uint8Array; keyId: number } {
  const own = keys.get(device);
  if (!own?.size) throw new UserError(`no key of ${device}`, { where: file, fix: "add the device's key" });
  const keyId = Math.max(...own.keys());
  return { keyId, key: own.get(keyId)! };
}

async function imageOf(
  output: Output,
  firmware: Firmware,
  options: Options,
): Promise<{ image: Buffer; board: string }> {
  const { boardIdOf } = await import("../update/image.ts");
  if (firmware.script) {
    const image = readFileSync(firmware.entry);
    return { image, board: boardIdOf(image.toString("latin1"), firmware.entry) };
  }
  const { buildFirmware } = await import("../build/build.ts");
  const { bundle, warnings } = await buildFirmware({
    entry: firmware.entry,
    outDir: resolve(`out/${firmware.name}-${options.release}`),
    onStep: ({ name, detail, ms }) => output.step(name, detail, ms),
  });
  warnings.forEach((warning) => output.warn(warning));
  return { image: Buffer.from(bundle, "latin1"), board: boardIdOf(bundle, firmware.entry) };
}

async function dryRun(
  output: Output,
  firmware: Firmware,
  options: Options,
  image: Buffer,
  base: Buffer | undefined,
  board: string,
): Promise<boolean> {
  const { updateCosts } = await import("../update/cost.ts");
  const scenario = await loadScenario(firmware, options.scenario);
  const costs = await updateCosts({
    ...{ scenario, board, deltas: base ? [true, false] : [false] },
    from: (base ?? image).toString("latin1"),
    to: image.toString("latin1"),
    topic: parseTopic(options.topic, "--topic").topicOf(String(scenario.settings["id"])),
    lives: 2,
  });
  output.line(
    table(
      ["coverage", "sent", "pieces", "bytes", "more wakes", "hours", "of it awake", "joules"],
      costs.map((cost) => [
        `ECL ${cost.level}`,
        cost.delta ? "what differs" : "the whole",
        String(cost.pieces),
        String(cost.bytes),
        cost.wakes.toFixed(1),
        cost.hours.toFixed(2),
        `${cost.seconds.toFixed(0)} s`,
        cost.joules.toFixed(1),
      ]),
      [2, 3, 4, 5, 6, 7],
    ),
  );
  output.result({ release: Number(options.release), costs });
  return true;
}
