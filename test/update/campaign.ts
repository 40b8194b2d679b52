/** Cuts the power at every flash operation of a node's life with updates, in every way, and cuts what follows too. */
import { tears } from "../powerloss/campaign.ts";
import { PowerCut, type Tear } from "../twins/flash.ts";
import { PAGE_BYTES, type DeviceCode } from "./device.ts";
import { demand, Violation, World, type Offer, type Version } from "./world.ts";

export interface Story {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly offers: readonly Offer[];
  /** Boots until nothing happens any more, when the power stays. */
  readonly boots: number;
  /** Version that runs in the end, and what the receiver has heard last. */
  readonly ends: number;
  readonly code: number;
}

export interface Options {
  /** 1 tears a write at every byte; n at every n-th beyond its start and end. */
  readonly every: number;
  readonly everySecond: number;
  /** Of the first cuts, only every n-th is followed by second ones; 0 = none. */
  readonly sparse: number;
  /** Of all cuts, first and second, only every n-th is made. */
  readonly take: number;
}

export interface Outcome {
  readonly operations: number;
  readonly first: number;
  readonly second: number;
  readonly failure?: string;
}

interface Cut {
  readonly operation: number;
  readonly tear: Tear;
}

const words = ({ operation, tear }: Cut): string => `${operation}.${tear.done}.${tear.rest}.${tear.seed}`;

/** One boot in which the power may fail. True when it did. */
function attempt(world: World, cut: Cut): boolean {
  world.flash.cut(cut.operation, cut.tear);
  try {
    world.boot();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    world.flash.powerUp();
    world.cause = 0;
    world.time += 10;
    return true;
  }
  world.flash.powerUp();
  return false;
}

function lengthsOf(world: World): number[] {
  const copy = world.clone();
  copy.flash.log = [];
  copy.boot();
  return copy.flash.log;
}

/**
 * Lives on without cuts: in the end everything is as it should be. `well` has the states from which, so many boots before
 * the end, this has been seen already: lives that come to one of them are not lived again.
 */
function settle(world: World, story: Story, well: Set<string>): void {
  const passed: string[] = [];
  for (let i = 0; i < story.boots + 3; i++) {
    const state = `${i} ${world.digest()}`;
    if (well.has(state)) return passed.forEach((each) => well.add(each));
    passed.push(state);
    world.boot();
  }
  const { status } = world;
  demand(
    world.booted.at(-1) === story.ends && status?.version === story.ends && status.code === story.code,
    () => `ends with version ${world.booted.at(-1)}, told ${JSON.stringify(status)}; booted ${world.booted.join(" ")}`,
  );
  world.checkReadings();
  for (const each of passed) well.add(each);
}

export function campaign(code: DeviceCode, story: Story, options: Options): Outcome {
  const world = new World(code, story.versions, story.offers);
  world.install(story.versions[0]!);
  const count = { operations: 0, first: 0, second: 0 };
  const well = new Set<string>();
  let path = "";
  const cuts = (lengths: readonly number[], every: number): Cut[] =>
    lengths
      .flatMap((length, operation) => tears(length, PAGE_BYTES, every).map((tear) => ({ operation, tear })))
      .filter((_, i) => i % options.take === 0);
  try {
    for (let boot = 0; boot < story.boots; boot++) {
      const lengths = lengthsOf(world);
      count.operations += lengths.length;
      for (const cut of cuts(lengths, options.every)) {
        path = `${story.name}, boot ${boot}, cut ${words(cut)}`;
        const torn = world.clone();
        demand(attempt(torn, cut), () => "the cut did not happen");
        count.first++;
        if (options.sparse && count.first % options.sparse === 0)
          for (const second of cuts(lengthsOf(torn), options.everySecond)) {
            path = `${story.name}, boot ${boot}, cuts ${words(cut)} and ${words(second)}`;
            const again = torn.clone();
            // undecided bits may have led this boot past fewer operations: then nothing was cut
            attempt(again, second);
            count.second++;
            settle(again, story, well);
          }
        path = `${story.name}, boot ${boot}, cut ${words(cut)}`;
        settle(torn, story, well);
      }
      world.boot();
    }
    path = `${story.name}, no cut`;
    settle(world, story, well);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { ...count, failure: `${path}: ${error.message}` };
  }
  return count;
}
