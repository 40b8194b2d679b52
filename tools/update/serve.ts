/** A rollout at a broker: what it holds for each node, what the nodes say, and the state in a file, so that it may be stopped. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { openMessage, type Keys } from "../receive/keys.ts";
import { readRunning, type Running } from "../receive/running.ts";
import type { TopicPattern } from "../receive/topic.ts";
import { UserError } from "../errors.ts";
import type { Package } from "./package.ts";
import { heard, step, type Rollout } from "./rollout.ts";

export interface Broker {
  /** Retained; an empty payload clears the topic. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
}

export interface RolloutOptions {
  readonly rollout: Rollout;
  readonly topic: TopicPattern;
  readonly broker: Broker;
  /** The update for a device. @param whole not against the bundle that the devices are thought to run */
  readonly packageFor: (device: string, number: number, whole: boolean) => Package;
  readonly patienceMs: number;
  readonly save: (rollout: Rollout) => void;
  readonly told?: (device: string, running: Running) => void;
}

export class RolloutServer {
  #rollout: Rollout;
  readonly #options: RolloutOptions;
  readonly #withdrawn = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: RolloutOptions) {
    this.#options = options;
    this.#rollout = options.rollout;
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  /** Everything that was asked for is at the broker. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Offers and takes back what is due. */
  proceed(nowMs: number): Promise<void> {
    return this.#inTurn(() => this.#proceed(nowMs));
  }

  /** What came on the telemetry topic. */
  take(device: string, payload: Uint8Array, nowMs: number): Promise<void> {
    return this.#inTurn(async () => {
      const running = readRunning(payload);
      if (!running) return;
      this.#keep(heard(this.#rollout, device, running));
      this.#options.told?.(device, running);
      await this.#proceed(nowMs);
    });
  }

  /** One after the other: an offer must not overtake what takes it back. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #proceed(nowMs: number): Promise<void> {
    const { rollout, offer, withdraw } = step(this.#rollout, nowMs, this.#options.patienceMs);
    // before it is offered: a number is never used twice
    this.#keep(rollout);
    for (const device of offer) await this.#offer(device);
    for (const device of withdraw) await this.#withdraw(device);
  }

  #keep(rollout: Rollout): void {
    if (rollout === this.#rollout) return;
    this.#rollout = rollout;
    this.#options.save(rollout);
  }

  #package(device: string): Package {
    const { number, whole = false } = this.#rollout.devices[device]!;
    return this.#options.packageFor(device, number, whole);
  }

  async #offer(device: string): Promise<void> {
    const { topic, broker } = this.#options;
    const own = topic.topicOf(device);
    const { manifest, pieces } = this.#package(device);
    this.#withdrawn.delete(device);
    // the manifest last: a node that finds it finds the pieces too
    for (const [i, piece] of pieces.entries()) await broker.publish(`${own}/${i}`, piece);
    await broker.publish(own, manifest);
  }

  async #withdraw(device: string): Promise<void> {
    if (this.#withdrawn.has(device)) return;
    this.#withdrawn.add(device);
    const { topic, broker } = this.#options;
    const own = topic.topicOf(device);
    const nothing = new Uint8Array(0);
    await broker.publish(own, nothing);
    for (const i of this.#package(device).pieces.keys()) await broker.publish(`${own}/${i}`, nothing);
  }
}

/** Opens what a device has sealed; undefined for what is not its own word. */
export function plainMessage(payload: Uint8Array, device: string, keys: Keys, sealed: boolean): Uint8Array | undefined {
  try {
    return openMessage(payload, device, sealed ? keys : undefined).payload;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Undefined when there is no such file. @throws UserError when it is no rollout */
export function readRollout(file: string): Rollout | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const rollout = JSON.parse(readFileSync(file, "utf8")) as Rollout;
    if (Array.isArray(rollout.cohorts) && typeof rollout.devices === "object") return rollout;
  } catch {
    // said below
  }
  throw new UserError("not the state of a rollout", { where: file, fix: "name another file with --state" });
}

export function writeRollout(file: string, rollout: Rollout): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(rollout, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
