/** An update from the broker to the running version: what a node does with good ones, and with all others. */
import { beforeAll, describe, expect, it } from "vitest";
import * as outcome from "../../lib/update/outcomes.ts";
import { loadDevice, type DeviceCode } from "./device.ts";
import { offer, pack, TOPIC, version, World, type Offer, type Version } from "./world.ts";

let code: DeviceCode;
beforeAll(async () => {
  code = await loadDevice();
});

const one = version(1);
const two = version(2);
const bytesOf = ({ image }: Version): Uint8Array => Buffer.from(image, "latin1");
const to = (target: Version, number = 10, more: Partial<Parameters<typeof pack>[0]> = {}): Offer => ({
  number,
  to: target,
  package: pack({ number, version: target.version, to: target, base: bytesOf(one), ...more }),
});

function live(
  offers: readonly Offer[],
  boots: number,
  prepare?: (world: World) => void,
  versions?: readonly Version[],
): World {
  const world = new World(code, versions ?? [one, ...offers.map((offer) => offer.to)], offers);
  world.install(one);
  prepare?.(world);
  for (let i = 0; i < boots; i++) world.boot();
  return world;
}

const codes = (world: World): number[] => world.statuses.map(({ code }) => code);

describe("an update", () => {
  it("is fetched, tried, reported and kept", () => {
    const world = live([to(two)], 6);
    expect(world.booted).toEqual([1, 2, 2, 2, 2, 2]);
    expect(world.statuses).toEqual([
      { version: 1, number: 0, code: 0 },
      { version: 1, number: 10, code: outcome.BEGUN },
      { version: 2, number: 10, code: outcome.RUNS },
    ]);
    world.checkReadings();
  });

  it("made against what runs takes less than the whole, and both work", () => {
    const whole = to(two, 10, { base: undefined });
    const small = to(two);
    expect([small.package.delta, whole.package.delta]).toEqual([true, false]);
    expect(small.package.bytes).toBeLessThan(whole.package.bytes / 2);
    expect(live([whole], 4).booted).toEqual([1, 2, 2, 2]);
  });

  it("is followed by the next, into the slot of the version before", () => {
    const three = version(3);
    const world = live([to(two), to(three, 11, { base: bytesOf(two) })], 8);
    expect(world.booted).toEqual([1, 2, 2, 3, 3, 3, 3, 3]);
    world.checkReadings();
  });

  it("is cleared at the broker by the node itself when nobody else does it", () => {
    const world = live([], 1);
    offer(world.retained, to(two).package);
    const known = new World(code, [one, two], [], world);
    for (let i = 0; i < 4; i++) known.boot();
    expect(known.booted.at(-1)).toBe(2);
    expect(known.retained.has(TOPIC)).toBe(false);
  });
});

describe("what is not for the node is refused, and told", () => {
  it.each([
    ["another board", to(two, 10, { board: "other" }), outcome.WRONG_BOARD],
    ["another base", to(two, 10, { base: bytesOf(version(9)) }), outcome.WRONG_BASE],
    ["an older version", to(version(0)), outcome.OLDER],
    ["a bundle larger than a slot", to(version(2, "works", 2100)), outcome.TOO_LARGE],
  ])("%s", (_, update, expected) => {
    const world = live([update], 4);
    expect(world.booted).toEqual([1, 1, 1, 1]);
    expect(codes(world)).toEqual([outcome.RUNS, expected]);
  });

  it("an older version after a newer one, unless that is permitted", () => {
    const back = (downgrade: boolean): Offer => to(one, 11, { base: undefined, downgrade });
    expect(live([to(two), back(false)], 6).status).toEqual({ version: 2, number: 11, code: outcome.OLDER });
    const world = live([to(two), back(true)], 7);
    expect(world.status).toEqual({ version: 1, number: 11, code: outcome.RUNS });
    expect(world.booted.slice(-3)).toEqual([1, 1, 1]);
  });

  it("an update that was offered before: recorded and played back, it is not looked at", () => {
    const world = live([to(two), to(one, 11, { downgrade: true, base: undefined })], 7);
    expect(world.booted.at(-1)).toBe(1);
    const before = world.statuses.length;
    const replayed = new World(code, [one, two], [], world);
    offer(replayed.retained, to(two).package);
    for (let i = 0; i < 4; i++) replayed.boot();
    expect(replayed.booted.slice(-4)).toEqual([1, 1, 1, 1]);
    expect(replayed.statuses.length).toBe(before);
  });

  it("one that the battery does not allow: it waits, says so once, and goes on", () => {
    const update = to(two, 10, { joules: 5 });
    const world = live([], 1);
    offer(world.retained, update.package);
    const poor = new World(code, [one, two], [], world);
    poor.most = 2;
    for (let i = 0; i < 4; i++) poor.boot();
    expect(codes(poor)).toEqual([outcome.RUNS, outcome.POSTPONED]);
    poor.most = 10;
    for (let i = 0; i < 3; i++) poor.boot();
    expect(poor.booted.slice(-2)).toEqual([2, 2]);
  });
});

describe("a version that fails leaves the field to the one before, for good", () => {
  it.each([
    ["throws at once", outcome.CRASHED, 12],
    ["restarts after a minute", outcome.CRASHED, 12],
    ["hangs awake", outcome.CRASHED, 12],
    ["throws in a timer", outcome.CRASHED, 12],
    ["never reports", outcome.SILENT, 110],
  ] as const)("%s", (conduct, expected, boots) => {
    const bad = version(2, conduct);
    const world = live([to(bad)], boots);
    expect(world.status).toEqual({ version: 1, number: 10, code: expected });
    const back = world.booted.lastIndexOf(2) + 1;
    expect(world.booted.slice(back).every((number) => number === 1)).toBe(true);
    expect(world.booted.length - back).toBeGreaterThan(3);
    world.checkReadings();
    console.log(`${conduct}: ${world.booted.filter((number) => number === 2).length} boots on trial`);
  });

  it("and the next update works", () => {
    const world = live([to(version(2, "throws at once")), to(version(3), 11)], 14);
    expect(world.status).toEqual({ version: 3, number: 11, code: outcome.RUNS });
  });

  it("a version that works but is not heard goes too, and nothing that it stored is lost", () => {
    const world = live([to(two)], 2, (young) => (young.hooks = () => undefined));
    expect(world.booted).toEqual([1, 2]);
    const deaf = live([to(two)], 1);
    deaf.covered = false;
    for (let i = 0; i < 110; i++) deaf.boot();
    deaf.covered = true;
    for (let i = 0; i < 4; i++) deaf.boot();
    expect(deaf.status).toEqual({ version: 1, number: 10, code: outcome.SILENT });
    deaf.checkReadings();
  });
});

describe("messages that are", () => {
  const flip = (payload: Uint8Array, at: number): Uint8Array => payload.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const whole = to(two, 10, { base: undefined });

  it("forged or changed are passed over: no bit of them reaches the flash, and the right ones do their work", () => {
    const lengths = [whole.package.manifest.length, whole.package.pieces[1]!.length];
    [TOPIC, `${TOPIC}/1`].forEach((hit, which) => {
      for (let at = 0; at < lengths[which]!; at += 7) {
        const world = live([whole], 2, (young) => {
          young.mangle = (topic, payload) => (payload && topic === hit ? flip(payload, at) : payload);
        });
        expect(world.booted, `byte ${at} of ${hit}`).toEqual([1, 1]);
        world.mangle = (_, payload) => payload;
        for (let i = 0; i < 3; i++) world.boot();
        expect(world.booted.slice(-2)).toEqual([2, 2]);
      }
    });
  });

  it("truncated, empty, or of another update", () => {
    const other = to(version(5), 10, { base: undefined }).package;
    for (const change of [
      (payload: Uint8Array) => payload.subarray(0, payload.length - 1),
      (payload: Uint8Array) => payload.subarray(0, 9),
      () => new Uint8Array(0),
      () => new Uint8Array(900).fill(7),
      () => other.pieces[0]!,
      () => whole.package.manifest,
    ]) {
      const world = live([whole], 2, (young) => {
        young.mangle = (topic, payload) => (payload && topic !== TOPIC ? change(payload) : payload);
      });
      expect(world.booted).toEqual([1, 1]);
      world.mangle = (_, payload) => payload;
      for (let i = 0; i < 3; i++) world.boot();
      expect(world.booted.slice(-2)).toEqual([2, 2]);
    }
  });

  it("in another order, or come twice", () => {
    const { pieces } = whole.package;
    for (const order of [
      [3, 2, 1, 0],
      [1, 1, 0, 0, 3, 3, 2, 2],
      [2, 0, 3, 1],
    ]) {
      let asked = 0;
      const world = live([whole], 10, (young) => {
        young.mangle = (topic, payload) =>
          topic === TOPIC || !payload ? payload : pieces[order[asked++ % order.length]!];
      });
      expect(world.booted.at(-1), order.join()).toBe(2);
      world.checkReadings();
    }
  });

  it("lost: the rest comes in the next wakes", () => {
    let k = 0;
    const world = live([whole], 12, (young) => {
      young.mangle = (topic, payload) => (topic !== TOPIC && k++ % 3 ? undefined : payload);
    });
    expect(world.booted.at(-1)).toBe(2);
    world.checkReadings();
  });

  it("never there: after some sessions the node gives up, and says so", () => {
    const world = live([whole], 12, (young) => {
      young.mangle = (topic, payload) => (topic === `${TOPIC}/1` ? undefined : payload);
    });
    expect(world.status).toEqual({ version: 1, number: 10, code: outcome.STUCK });
  });
});
