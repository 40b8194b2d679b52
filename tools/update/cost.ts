/** What an update costs a node: it lives through it in the simulator, and again without it. */
import { RUNS } from "../../lib/update/outcomes.ts";
import { UserError } from "../errors.ts";
import { isSealed } from "../receive/cose.ts";
import type { Keys } from "../receive/keys.ts";
import { readRunning, type Running } from "../receive/running.ts";
import type { Received } from "../simulator/network/server.ts";
import { createSink, type Sink } from "../simulator/network/sink.ts";
import { run } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { buildLoader, slotFiles } from "./image.ts";
import { packageUpdate, type Package } from "./package.ts";
import { plainMessage } from "./serve.ts";

export interface CostOptions {
  readonly scenario: Scenario;
  /** Id of the board. */
  readonly board: string;
  /** The bundle that runs, and the new one. */
  readonly from: string;
  readonly to: string;
  /** Of updates, with the device's id in it. Default: one that the settings bring, whatever the firmware says. */
  readonly topic?: string;
  /** Against the bundle that runs, or whole. */
  readonly deltas: readonly boolean[];
  /** Coverage levels. Default 0 and 2. */
  readonly levels?: readonly (0 | 1 | 2)[];
  /** Each cost is the mean of that many lives. Default 1; at level 2 lives differ by many joules. */
  readonly lives?: number;
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
const keys = { key: Buffer.from(KEY, "hex"), keyId: 1 };
const OFFER_S = 3600;
/** So long is waited for the new version's report, first in the cheap way. */
const SPANS_H = [24, 336];
/** What the modem does after the last report belongs to it. */
const AFTER_S = 600;

interface Life {
  /** Joules and boots at a time. */
  readonly at: (seconds: number) => { readonly joules: number; readonly boots: number };
  readonly received: readonly Received[];
}

/** One cost for each level and each of `deltas`. @throws UserError when the new version never reports */
export async function updateCosts(options: CostOptions): Promise<Cost[]> {
  const { levels = [0, 2], lives = 1 } = options;
  const seeds = Array.from({ length: lives }, (_, i) => i + 1);
  const packages = options.deltas.map((delta) =>
    packageUpdate(
      {
        number: 1,
        version: 2,
        board: options.board,
        image: Buffer.from(options.to, "latin1"),
        base: delta ? Buffer.from(options.from, "latin1") : undefined,
      },
      keys,
    ),
  );
  const costs: Cost[][] = packages.map(() => []);
  for (const level of levels) {
    const each: ReturnType<typeof compare>[][] = packages.map(() => []);
    for (const seed of seeds) {
      const plain: Life[] = [];
      for (const [i, update] of packages.entries())
        for (const [span, hours] of SPANS_H.entries()) {
          const updated = await live(options, { level, seed, hours }, update);
          const last = hours === SPANS_H.at(-1);
          if (!last && !reported(options, updated)) continue;
          plain[span] ??= await live(options, { level, seed, hours });
          each[i]!.push(compare(options, level, updated, plain[span]));
          break;
        }
    }
    for (const [i, { delta, pieces, bytes }] of packages.entries()) {
      const mean = (name: keyof ReturnType<typeof compare>): number =>
        each[i]!.reduce((sum, one) => sum + one[name], 0) / lives;
      costs[i]!.push({
        ...{ level, delta, bytes, pieces: pieces.length },
        ...{ wakes: mean("wakes"), joules: mean("joules"), hours: mean("hours"), seconds: mean("seconds") },
      });
    }
  }
  return costs.flat();
}

type Word = Running & { readonly at: number };

/** What the node said about the update. */
function wordsOf({ scenario }: CostOptions, { received }: Life): Word[] {
  const device = String(scenario.settings["id"]);
  const known: Keys = new Map([[device, new Map([[keys.keyId, keys.key]])]]);
  return received.flatMap(({ atUs, payload }) => {
    const opened = plainMessage(payload, device, known, isSealed(payload));
    const running = opened && readRunning(opened);
    return running && running.update === 1 ? [{ at: atUs / 1e6, ...running }] : [];
  });
}

const isDone = ({ version, code }: Word): boolean => version === 2 && code === RUNS;
const reported = (options: CostOptions, life: Life): boolean => wordsOf(options, life).some(isDone);

function compare(
  options: CostOptions,
  level: number,
  updated: Life,
  plain: Life,
): Pick<Cost, "wakes" | "joules" | "hours" | "seconds"> {
  const words = wordsOf(options, updated);
  const done = words.find(isDone);
  if (!done)
    throw new UserError(`the new version never reported: ${words.at(-1)?.text ?? "nothing was heard of the update"}`, {
      where: `simulated at coverage level ${level}`,
      fix: "check that --topic is the one in updates(...) of the firmware, and that both bundles take updates",
    });
  const end = done.at + AFTER_S;
  const [more, less] = [updated.at(end), plain.at(end)];
  const [first, last] = [updated.at(OFFER_S), plain.at(OFFER_S)];
  return {
    wakes: more.boots - less.boots,
    joules: more.joules - first.joules - (less.joules - last.joules),
    hours: (done.at - OFFER_S) / 3600,
    seconds: done.at - words[0]!.at,
  };
}

/** With an update on offer from `OFFER_S` on, or without one. */
async function live(
  { scenario, from, board, topic }: CostOptions,
  { level, seed, hours }: { readonly level: 0 | 1 | 2; readonly seed: number; readonly hours: number },
  update?: Package,
): Promise<Life> {
  let sink: Sink | undefined;
  const samples: { at: number; joules: number; boots: number }[] = [];
  const files = slotFiles({ bundle: from, board });
  const own = topic ?? `update/${String(scenario.settings["id"])}`;
  await run({
    scenario: {
      ...scenario,
      settings: { ...scenario.settings, key: KEY, keyId: keys.keyId, ...(topic === undefined && { updates: own }) },
      coverage: [{ from: "0s", level }],
    },
    bundle: await buildLoader(),
    closed: true,
    seed,
    storageFiles: Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString("latin1")])),
    lasts: `${hours}h`,
    server: (nowUs, onMessage) => (sink = createSink({ nowUs, onMessage })),
    probe: ({ clock, ledger }) => {
      let boots = 0;
      if (update)
        clock.at(OFFER_S * 1e6, () => {
          sink!.retained.set(own, update.manifest);
          update.pieces.forEach((piece, i) => sink!.retained.set(`${own}/${i}`, piece));
        });
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
  return { received: sink!.received, at: (seconds) => samples.find(({ at }) => at >= seconds) ?? samples.at(-1)! };
}
