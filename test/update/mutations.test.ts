/** Faults in the code of updates, each of which the stories or the power cuts must notice. */
import { describe, expect, it } from "vitest";
import * as outcome from "../../lib/update/outcomes.ts";
import { PIECE_HEAD, WORDS } from "../../lib/update/manifest.ts";
import { openMac0 } from "../../lib/seal/cose.ts";
import { sealMac0 } from "../../tools/receive/cose.ts";
import { updateKeyOf } from "../../tools/update/package.ts";
import { nodeCrypto } from "../seal/node-crypto.ts";
import { PowerCut } from "../twins/flash.ts";
import { loadDevice, type DeviceCode, type Replacement } from "./device.ts";
import { stories } from "./stories.ts";
import { BASE, BLOCK_BYTES, demand, KEY, offer, pack, TOPIC, version, World, type Offer } from "./world.ts";

const one = version(1);
const two = version(2);
const bytes = Buffer.from(one.image, "latin1");
const to = (target: typeof one, number: number, more: object = {}): Offer => ({
  number,
  to: target,
  package: pack({ number, version: target.version, to: target, base: bytes, ...more }),
});

function live(code: DeviceCode, offers: readonly Offer[], boots: number, change?: (world: World) => void): World {
  const world = new World(code, [one, two, ...offers.map((each) => each.to)], offers);
  world.install(one);
  change?.(world);
  for (let i = 0; i < boots; i++) world.boot();
  return world;
}

const ends = (world: World, number: number, code: number): void =>
  demand(world.booted.at(-1) === number && world.status?.code === code, () => `ends with ${world.booted.join(" ")}`);

const keys = updateKeyOf(Buffer.from(KEY, "hex"));
/** A byte of the content is another, and the signature is right. */
const altered = (message: Uint8Array, at: number): Uint8Array => {
  const payload = Buffer.from(
    openMac0(nodeCrypto, keys.toString("latin1"), 1, Buffer.from(message).toString("latin1")),
    "latin1",
  );
  payload[at]! ^= 1;
  return sealMac0(keys, 1, payload);
};

/** What every version of the code must come through. */
const trials: Readonly<Record<string, (code: DeviceCode) => void>> = {
  "a good update": (code) => ends(live(code, [to(two, 10)], 5), 2, outcome.RUNS),
  "an older version": (code) => ends(live(code, [to(version(0), 10)], 5), 1, outcome.OLDER),
  "another board": (code) => ends(live(code, [to(two, 10, { board: "x" })], 5), 1, outcome.WRONG_BOARD),
  "another base": (code) =>
    ends(live(code, [to(two, 10, { base: Buffer.from(version(7).image) })], 5), 1, outcome.WRONG_BASE),
  "a version that throws": (code) => ends(live(code, [to(version(2, "throws at once"), 10)], 9), 1, outcome.CRASHED),
  "a version that is silent": (code) => ends(live(code, [to(version(2, "never reports"), 10)], 105), 1, outcome.SILENT),
  "a version whose report nobody confirms": (code) => {
    const world = live(code, [to(two, 10)], 1);
    world.covered = false;
    for (let i = 0; i < 100; i++) world.boot();
    demand(world.booted.at(-1) === 1, () => "an unconfirmed version stays");
  },
  "an image that is not what its manifest says": (code) => {
    const update = to(two, 10, { base: undefined });
    const world = live(
      code,
      [{ ...update, package: { ...update.package, manifest: altered(update.package.manifest, WORDS * 4) } }],
      5,
    );
    ends(world, 1, outcome.DAMAGED);
  },
  "a signed piece with a wrong block": (code) => {
    const update = to(two, 10, { base: undefined });
    let right = false;
    const world = live(code, [update], 2, (young) => {
      young.mangle = (topic, payload) =>
        payload && !right && topic === `${TOPIC}/1` ? altered(payload, PIECE_HEAD + 9) : payload;
    });
    right = true;
    for (let i = 0; i < 3; i++) world.boot();
    ends(world, 2, outcome.RUNS);
  },
  "a forged manifest": (code) => {
    const world = live(code, [to(two, 10)], 4, (young) => {
      young.mangle = (topic, payload) =>
        topic === TOPIC && payload ? payload.map((byte, i) => (i === payload.length - 1 ? byte ^ 1 : byte)) : payload;
    });
    demand(world.booted.at(-1) === 1, () => "it obeys a forger");
  },
  "an update that was recorded": (code) => {
    const world = live(code, [to(two, 10), to(one, 11, { downgrade: true, base: undefined })], 7);
    const later = new World(code, [one, two], [], world);
    offer(later.retained, to(two, 10).package);
    for (let i = 0; i < 4; i++) later.boot();
    demand(later.booted.at(-1) === 1, () => "it obeys a recording");
  },
  "an offer while a version is on trial": (code) => {
    const world = live(code, [to(two, 10)], 1);
    const third = to(version(3), 11, { base: undefined });
    const later = new World(code, [one, two, third.to], [], world);
    offer(later.retained, third.package);
    const erasesOfOld = (): number => later.flash.erased[19]! + later.flash.erased[20]!;
    const before = erasesOfOld();
    later.boot();
    demand(erasesOfOld() === before, () => "it erases the version to return to");
    for (let i = 0; i < 4; i++) later.boot();
    demand(later.booted.at(-1) === 3, () => "the next update is lost");
  },
  "a version that hangs awake": (code) => ends(live(code, [to(version(2, "hangs awake"), 10)], 9), 1, outcome.CRASHED),
  "flash that loses bits of the running version": (code) => {
    const world = live(code, [to(two, 10)], 4);
    const { SLOTS_AT, imageAt } = code.library(world.natives({ cause: 0 })).layout;
    world.flash.bytes[SLOTS_AT + imageAt(1) + 100 - BASE]! &= 0x0f;
    for (let i = 0; i < 3; i++) world.boot();
    ends(world, 1, outcome.ROTTEN);
  },
  "an erase that was cut and reads as done, once": (code) => {
    const { versions, offers } = stories.find(({ name }) => name === "reclaiming the old slot")!;
    const world = new World(code, versions, offers);
    world.install(versions[0]!);
    world.boot();
    world.boot();
    const looked = world.clone();
    looked.flash.log = [];
    looked.boot();
    for (const [operation, length] of looked.flash.log.entries()) {
      if (length) continue;
      const torn = world.clone();
      torn.flash.cut(operation, { done: 0, rest: "sinking", seed: 1 });
      expect(() => torn.boot()).toThrow(PowerCut);
      torn.flash.powerUp();
      torn.cause = 0;
      for (let i = 0; i < 6; i++) torn.boot();
      ends(torn, 3, outcome.RUNS);
    }
  },
  "a block whose write was cut and that reads as whole, once": (code) => {
    const { versions, offers } = stories.find(({ name }) => name === "the update")!;
    const world = new World(code, versions, offers);
    world.install(versions[0]!);
    const looked = world.clone();
    looked.flash.log = [];
    looked.boot();
    const block = looked.flash.log.indexOf(BLOCK_BYTES) + 1;
    const tears = Array.from({ length: 32 }, (_, i) => ({ rest: i ? "wavering" : "rising", seed: 2 * i + 1 }) as const);
    for (const tear of tears) {
      const torn = world.clone();
      torn.flash.cut(block, { ...tear, done: BLOCK_BYTES - 1 });
      expect(() => torn.boot()).toThrow(PowerCut);
      torn.flash.powerUp();
      torn.cause = 0;
      for (let i = 0; i < 6; i++) torn.boot();
      ends(torn, 2, outcome.RUNS);
    }
  },
};

const mutations: readonly (Replacement & { readonly name: string })[] = [
  {
    name: "the SHA-256 is not compared",
    file: "lib/update/updates.ts",
    from: "if (crypto.sha256(image) !== offer.sha256) return tell(outcome.DAMAGED);",
    to: "",
  },
  {
    name: "blocks are not compared with their checksums",
    file: "lib/update/updates.ts",
    from: "if (!fits(bytes, block)) return false;",
    to: "",
  },
  { name: "signatures are not verified", file: "lib/seal/cose.ts", from: "return mac0(port, key, keyId, payload) === message ? payload : \"\";", to: "return payload;" },
  { name: "an older version is taken", file: "lib/update/updates.ts", from: "&& !offer.downgrade) return", to: "&& false) return" },
  { name: "an update that was looked at is taken again", file: "lib/update/updates.ts", from: "offer.number < number", to: "offer.number < 0" },
  { name: "another board's is taken", file: "lib/update/updates.ts", from: "offer.board !== own.board", to: "false" },
  { name: "another base is copied from", file: "lib/update/updates.ts", from: "offer.base && offer.base !== own.crc", to: "false" },
  { name: "the old slot is reclaimed while the new version is on trial", file: "lib/update/updates.ts", from: "if (onTrial || offer.number < number) return false;", to: "if (offer.number < number) return false;" },
  { name: "a version is proved by being downloaded", file: "lib/update/updates.ts", from: "control[at.TRIAL] = 1;", to: "control[at.ACTIVE] = target;" },
  { name: "a version is proved by booting", file: "lib/update/updates.ts", from: "let switching = false;", to: "let switching = false; if (onTrial) { control[at.ACTIVE] = running; control[at.TRIAL] = 0; store.save(control); }" },
  { name: "a pending confirmation proves the version that is being prepared", file: "lib/update/updates.ts", from: "const onTrial = !!control[at.TRIAL];", to: "const onTrial = true;" },
  { name: "the slot is not erased before", file: "lib/update/updates.ts", from: "if (!code) erase(flash, target);", to: "if (!code) {}" },
  { name: "only pages that look used are erased", file: "lib/update/updates.ts", from: "page += PAGE) flash.erasePage(", to: "page += PAGE) if (flash.sum(flash.read(PAGE, at.SLOTS_AT + at.imageAt(slot) + page)) !== 255 * PAGE) flash.erasePage(" },
  { name: "a block that reads as whole after a reset is left as it is", file: "lib/update/updates.ts", from: "if (there[block] && reset)", to: "if (false)" },
  { name: "another look at such a block is written", file: "lib/update/updates.ts", from: "padded(flash.text(bytes))", to: "padded(flash.text(read(block)))" },
  { name: "boots on trial are not counted", file: "lib/update/loader.ts", from: "control[BOOTS]!--;", to: "" },
  { name: "resets on trial are not counted", file: "lib/update/loader.ts", from: "if (reset) control[RESETS]!--;", to: "" },
  { name: "the loader does not check what it boots", file: "lib/update/loader.ts", from: "return text && (flash.crc32(text) | 0) === head.crc ? text : undefined;", to: "return text;" },
  { name: "the loader prefers the new slot after a return", file: "lib/update/loader.ts", from: "text = textOf(active);", to: "text = textOf(1 - active) || textOf(active);" },
  { name: "the head is written before the image is whole", file: "lib/update/updates.ts", from: "if (!code) erase(flash, target);", to: "if (!code) { erase(flash, target); at.writeHead(flash, target, offer); control[at.TRIAL] = 1; control[at.BOOTS] = 9; control[at.RESETS] = 3; }" },
  { name: "the running slot is written to", file: "lib/update/updates.ts", from: "const target = 1 - running;", to: "const target = running;" },
  { name: "a wake on trial may last for ever", file: "lib/update/loader.ts", from: "after(TRIAL_WAKE_MS, () => {", to: "after(9e15, () => {" },
]; // prettier-ignore

/** The trials that notice. */
function noticed(code: DeviceCode): string[] {
  const found: string[] = [];
  for (const [name, trial] of Object.entries(trials)) {
    try {
      trial(code);
    } catch {
      found.push(name);
    }
  }
  return found;
}

describe("the tests would notice when", () => {
  it("nothing is wrong: then nothing is noticed", async () => {
    const code = await loadDevice();
    for (const [name, trial] of Object.entries(trials)) expect(() => trial(code), name).not.toThrow();
  }, 60_000);

  it.each(mutations)(
    "$name",
    async ({ name, ...replacement }) => {
      const found = noticed(await loadDevice([replacement]));
      console.log(`${name}: ${found.join(", ")}`);
      expect(found).not.toEqual([]);
    },
    60_000,
  );
});
