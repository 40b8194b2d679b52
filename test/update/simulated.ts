/** A whole node that takes updates, in the simulator: flashed with the loader and two slots, as `hibernode flash` does it. */
import baseScenario from "./app/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { readRunning, type Running } from "../../tools/receive/running.ts";
import type { Interpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink, type Sink } from "../../tools/simulator/network/sink.ts";
import { run, type Run, type RunOptions } from "../../tools/simulator/run.ts";
import { buildLoader, slotFiles } from "../../tools/update/image.ts";
import { packageUpdate, type Package, type Update } from "../../tools/update/package.ts";

export const BOARD = "firebeetle2-esp32-e";
export const KEY = "ab".repeat(16);
export const TOPIC = "story/truck-17/update";
export const HOUR = 3600;

export async function bundleOf(report = "2h", app = "node"): Promise<string> {
  const { bundle } = await buildFirmware({
    entry: `test/update/app/${app}.ts`,
    typeCheck: false,
    config: { report },
  });
  return bundle;
}

export const packed = (update: Omit<Update, "image" | "base" | "board"> & { image: string; base?: string }): Package =>
  packageUpdate(
    {
      ...update,
      board: BOARD,
      image: Buffer.from(update.image, "latin1"),
      base: update.base === undefined ? undefined : Buffer.from(update.base, "latin1"),
    },
    { key: Buffer.from(KEY, "hex"), keyId: 1 },
  );

export interface Lived {
  readonly story: Run;
  readonly sink: Sink;
  readonly heard: readonly (Running & { readonly atSeconds: number })[];
}

export async function live(
  hours: number,
  bundle: string,
  offers: readonly (readonly [atSeconds: number, update: Package])[],
  options: {
    readonly faults?: readonly string[];
    readonly interpreter?: Interpreter;
    readonly level?: 0 | 1 | 2;
    readonly console?: (line: string) => void;
    readonly seed?: number;
    readonly measureMemory?: boolean;
    readonly observe?: RunOptions["observe"];
  } = {},
): Promise<Lived> {
  let sink: Sink | undefined;
  const story = await run({
    scenario: {
      ...baseScenario,
      settings: { ...baseScenario.settings, key: KEY },
      ...(options.level !== undefined && { coverage: [{ from: "0s", level: options.level }] }),
    },
    bundle: await buildLoader(),
    closed: true,
    storageFiles: Object.fromEntries(
      slotFiles({ bundle, board: BOARD }).map(({ name, data }) => [name, Buffer.from(data).toString("latin1")]),
    ),
    seed: options.seed ?? 1,
    lasts: `${(hours * HOUR).toFixed(3)}s`,
    faults: options.faults ?? [],
    ...(options.observe && { observe: options.observe }),
    ...(options.interpreter && { interpreter: options.interpreter, measureMemory: options.measureMemory ?? false }),
    ...(options.console && { console: options.console }),
    server: (nowUs, onMessage) => (sink = createSink({ nowUs, onMessage })),
    probe: (rig) => {
      for (const [at, { manifest, pieces }] of offers)
        rig.clock.at(at * 1e6, () => {
          sink!.retained.set(TOPIC, manifest);
          pieces.forEach((piece, i) => sink!.retained.set(`${TOPIC}/${i}`, piece));
        });
      return () => undefined;
    },
  });
  const heard = sink!.received.flatMap(({ atUs, payload }) => {
    const running = readRunning(payload);
    return running ? [{ ...running, atSeconds: atUs / 1e6 }] : [];
  });
  return { story, sink: sink!, heard };
}
