/** No nonce comes twice, whatever happens to the power, the state or the device. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openState } from "../../lib/journal/state.ts";
import { STATE_BYTES } from "../../lib/memory.ts";
import type { Outbox } from "../../lib/outbox.ts";
import { seal } from "../../lib/seal/encrypted.ts";
import { tag } from "../../lib/seal/authenticated.ts";
import { openMessage, type SeenIvs } from "../../tools/receive/keys.ts";
import { NorFlash, PowerCut } from "../twins/flash.ts";
import { nodeCrypto } from "./node-crypto.ts";

const BASE = 0x310000;
const hex = "849b57219dae48de646d07dbb533566e";
const settings = { id: "a", key: hex };
const keys = new Map([["a", new Map([[1, new Uint8Array(Buffer.from(hex, "hex"))]])]]);
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const outbox: Outbox = { next: () => "\x86payload", confirmed: () => undefined };

/** mulberry32, as the chip's noise. */
function noise(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const step = fc.record({
  messages: fc.nat({ max: 150 }),
  /** Operation of the flash in which the power fails; 0 = it does not. */
  cut: fc.nat({ max: 3 }),
  done: fc.nat({ max: 512 }),
  rest: fc.constantFrom("untouched", "random", "wavering", "sinking", "rising", "backwards"),
  reset: fc.boolean(),
  /** Chance of both pages being erased: a factory reset. */
  wiped: fc.integer({ min: 0, max: 19 }),
});

describe("over sessions, power cuts and factory resets", () => {
  test("no nonce repeats, and the receiver takes every message once", () => {
    let most = 0;
    let cuts = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.integer(), (steps, seed) => {
        const flash = new NorFlash(BASE, 2);
        const random = noise(seed);
        const nonces = new Set<string>();
        let seen: SeenIvs = {};
        let reset = true;
        for (const { messages, cut, done, rest, wiped, ...how } of steps) {
          if (!wiped) flash.bytes.fill(255);
          flash.boot();
          if (cut) flash.cut(cut - 1, { done, rest, seed: random() });
          try {
            const store = openState<number[][]>(flash, BASE, STATE_BYTES, reset);
            const kept = store.load() ?? [];
            const sealed = seal(nodeCrypto, random)(outbox, settings, kept, () => store.save(kept))!;
            for (let i = messages; i--;) {
              const message = sealed.next();
              const nonce = Buffer.from(message.slice(12, 25), "latin1").toString("hex");
              if (nonces.has(nonce)) throw new Error(`${nonce} came twice`);
              nonces.add(nonce);
              seen = openMessage(bytes(message), "a", keys, seen).seen;
            }
            reset = how.reset;
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
            cuts++;
            reset = true;
          }
          flash.powerUp();
        }
        most = Math.max(most, nonces.size);
      }),
      { numRuns: process.env["SOAK"] ? 5000 : 60 },
    );
    console.log(`up to ${most} messages of one device, ${cuts} power cuts`);
    expect(cuts).toBeGreaterThan(20);
  }, 600_000);

  test("a flash that refuses to remember gets an epoch of its own", () => {
    const kept: number[][] = [];
    const epochs = [1, 2, 3].map((run) => {
      const sealed = seal(nodeCrypto, noise(run))(outbox, settings, structuredClone(kept), () => false)!;
      return sealed.next().slice(12, 16);
    });
    expect(new Set(epochs).size).toBe(3);
  });

  test("a state that was rolled back draws another salt", () => {
    const kept = [[], [], [], [7, 64]];
    const nonces = [1, 2].map((run) => seal(nodeCrypto, noise(run))(outbox, settings, structuredClone(kept), () => true)!.next().slice(12, 25)); // prettier-ignore
    expect(nonces[0]!.slice(0, 4)).toBe(nonces[1]!.slice(0, 4));
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});

test.each([
  ["missing", {}],
  ["too short", { key: hex.slice(2) }],
  ["too long", { key: hex + "00" }],
])("with a key that is %s nothing is sealed, and so nothing sent", (_, own) => {
  expect(seal(nodeCrypto, noise(1))(outbox, own, [], () => true)).toBeUndefined();
  expect(tag(nodeCrypto)(outbox, own, [], () => true)).toBeUndefined();
});
