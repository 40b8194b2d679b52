/** What an update costs a node: it lives through it in the simulator, and again without it. */
import type { Run } from "../simulator/run.ts";
import { run } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { createSink, type Sink } from "../simulator/network/sink.ts";
import { readRunning } from "../receive/running.ts";
import { UserError } from "../errors.ts";
import { buildLoader, slotFiles } from "./image.ts";
import { packageUpdate } from "./package.ts";

export interface CostOptions {
  readonly scenario: Scenario;
  /** Id of the board. */
  readonly board: string;
  /** The bundle that runs, and the new one. */
  readonly from: string;
  readonly to: string;
  /** Of updates, with the device's id in it. */
  readonly topic: string;
  /** Coverage level, 0 to 2. */
  readonly level: 0 | 1 | 2;
  /** Against the bundle that runs, or whole. */
  readonly delta: boolean;
  /** Longest time to wait for the new version's report. Default two days. */
  readonly hours?: number;
}

export interface Cost {
  readonly level: number;
  readonly delta: boolean;
  readonly pieces: number;
  /** Manifest and pieces, signatures included. */
  readonly bytes: number;
  /** More than without the update, in the same time. */
  readonly wakes: number;
  readonly joules: number;
  /** From the offer to the new version's report: until the next report is due, most of it. */
  readonly hours: number;
  /** Of that, from the first word about the update on. */
  readonly seconds: number;
}

/** Of the node in the simulation only. */
const KEY = "5a".repeat(16);
const OFFER_S = 3600;
/** What the modem does after the last report belongs to it. */
const AFTER_S = 600;

interface Life {
  /** Joules and boots at a time. */
  readonly at: (seconds: number) => { readonly joules: number; readonly boots: number };
  readonly sink: Sink;
  readonly story: Run;
}

/** @throws UserError when the new version never reports */
export async function updateCost(options: CostOptions): Promise<Cost> {
  const image = Buffer.from(options.to, "latin1");
  const update = packageUpdate(
    {
      number: 1,
      version: 2,
      board: options.board,
      image,
      base: options.delta ? Buffer.from(options.from, "latin1") : undefined,
    },
    { key: Buffer.from(KEY, "hex"), keyId: 1 },
  );
  const updated = await live(options, (retained) => {
    retained.set(options.topic, update.manifest);
    update.pieces.forEach((piece, i) => retained.set(`${options.topic}/${i}`, piece));
  });
  const words = updated.sink.received.flatMap(({ atUs, payload }) => {
    const running = readRunning(payload);
    return running && running.update === 1 ? [{ at: atUs / 1e6, ...running }] : [];
  });
  const done = words.find(({ version, code }) => version === 2 && code === 0);
  if (!done)
    throw new UserError(`the new version never reported: ${words.at(-1)?.text ?? "nothing was heard of the update"}`, {
      where: `simulated at coverage level ${options.level}`,
      fix: "check that --topic is the one in updates(...) of the firmware, and that both bundles take updates",
    });
  const plain = await live(options, () => undefined);
  const end = done.at + AFTER_S;
  const [more, less] = [updated.at(end), plain.at(end)];
  const [first, last] = [updated.at(OFFER_S), plain.at(OFFER_S)];
  return {
    level: options.level,
    delta: update.delta,
    pieces: update.pieces.length,
    bytes: update.bytes,
    wakes: more.boots - less.boots,
    joules: more.joules - first.joules - (less.joules - last.joules),
    hours: (done.at - OFFER_S) / 3600,
    seconds: done.at - words[0]!.at,
  };
}

async function live(options: CostOptions, offer: (retained: Map<string, Uint8Array>) => void): Promise<Life> {
  const { scenario, level, from, board, hours = 48 } = options;
  let sink: Sink | undefined;
  const samples: { at: number; joules: number; boots: number }[] = [];
  const files = slotFiles({ bundle: from, board });
  const story = await run({
    scenario: {
      ...scenario,
      settings: { ...scenario.settings, key: KEY, keyId: 1 },
      coverage: [{ from: "0s", level }],
    },
    bundle: await buildLoader(),
    closed: true,
    storageFiles: Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString("latin1")])),
    lasts: `${hours}h`,
    server: (nowUs, onMessage) => (sink = createSink({ nowUs, onMessage })),
    probe: ({ clock, ledger }) => {
      let boots = 0;
      clock.at(OFFER_S * 1e6, () => offer(sink!.retained));
      const look = (): void => {
        samples.push({ at: clock.now, joules: ledger.batteryJoules(), boots });
        clock.after(60e6, look);
      };
      look();
      return (signal, value) => {
        if (signal === "mcu" && value === "booting") boots++;
      };
    },
  });
  return { story, sink: sink!, at: (seconds) => samples.find(({ at }) => at >= seconds) ?? samples.at(-1)! };
}
