/** Opening sealed messages: foreign, changed, truncated, unsealed and repeated ones are reported, never decoded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encrypt0, mac0 } from "../../lib/seal/cose.ts";
import { UserError } from "../../tools/errors.ts";
import { openMessage, readKeys } from "../../tools/receive/keys.ts";
import { nodeCrypto } from "../seal/node-crypto.ts";

const hex = "849b57219dae48de646d07dbb533566e";
const key = Buffer.from(hex, "hex");
const keys = new Map([["a", new Map([[1, new Uint8Array(key)]])]]);
const iv = (counter: number, epoch = "1234") =>
  epoch + "salt" + String.fromCharCode(0, 0, 0, counter >> 8, counter & 255);
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const sealed = (counter: number, { text = "hello", id = 1, epoch = "1234", salt = "salt" } = {}) =>
  bytes(encrypt0(nodeCrypto, key.toString("latin1"), id, iv(counter, epoch).replace("salt", salt), text));
const tagged = (text = "hello") => bytes(mac0(nodeCrypto, key.toString("latin1"), 1, text));

describe("a sealed message", () => {
  test("is opened once; a recording of it is not", () => {
    const first = openMessage(sealed(5), "a", keys);
    expect(Buffer.from(first.payload).toString()).toBe("hello");
    expect(() => openMessage(sealed(5), "a", keys, first.seen)).toThrow(/played back/);
    expect(() => openMessage(sealed(4), "a", keys, first.seen)).toThrow(/played back/);
    const next = openMessage(sealed(6), "a", keys, first.seen);
    expect(openMessage(sealed(0, { epoch: "anew" }), "a", keys, next.seen).seen).toEqual({
      "1:31323334": 6,
      "1:616e6577": 0,
    });
  });

  test("of an earlier state of the device, in which another salt was drawn, is refused too", () => {
    const { seen } = openMessage(sealed(6), "a", keys);
    expect(() => openMessage(sealed(5, { salt: "else" }), "a", keys, seen)).toThrow(/played back/);
  });

  test("with an older key is good until one with the newer key came", () => {
    const both = new Map([["a", new Map([[1, new Uint8Array(key)], [2, new Uint8Array(key)]])]]); // prettier-ignore
    const first = openMessage(sealed(5), "a", both);
    const second = openMessage(sealed(9, { id: 2 }), "a", both, openMessage(sealed(8), "a", both, first.seen).seen);
    expect(() => openMessage(sealed(10), "a", both, second.seen)).toThrow(/has changed to key 2/);
    expect(openMessage(sealed(10, { id: 2 }), "a", both, second.seen).seen).toMatchObject({ "2:31323334": 10 });
  });

  test.each([
    ["of a device without a key", () => openMessage(sealed(1), "b", keys), /no key for the device/],
    ["with a key of another number", () => openMessage(sealed(1, { id: 2 }), "a", keys), /key 2, which is not known/],
    ["that is not sealed at all", () => openMessage(Uint8Array.of(0x86), "a", keys), /not sealed, although/],
    ["with another device's key", () => openMessage(sealed(1), "a", new Map([["a", new Map([[1, new Uint8Array(16)]])]])), /does not fit/],
  ])("%s is refused", (_, open, words) => {
    expect(open).toThrow(UserError);
    expect(open).toThrow(words);
  }); // prettier-ignore

  test("without a key file, plain messages pass", () => {
    expect(openMessage(Uint8Array.of(0x86), "a", undefined).payload).toEqual(Uint8Array.of(0x86));
  });

  test.each([
    ["Encrypt0", sealed(1)],
    ["Mac0", tagged()],
  ])("%s: every bit counts, and every byte of its length", (_, message) => {
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openMessage(changed, "a", keys)).toThrow(UserError);
    }
    for (let end = 0; end < message.length; end++)
      expect(() => openMessage(message.slice(0, end), "a", keys)).toThrow(UserError);
    expect(() => openMessage(new Uint8Array([...message, 0]), "a", keys)).toThrow(/bytes follow/);
  });

  test("random bytes are refused, never a crash", () => {
    fc.assert(
      fc.property(fc.constantFrom(0xd0, 0xd1), fc.uint8Array({ maxLength: 60 }), (first, rest) => {
        expect(() => openMessage(new Uint8Array([first, ...rest]), "a", keys)).toThrow(UserError);
      }),
      { numRuns: process.env["SOAK"] ? 1_000_000 : 5000 },
    );
  });
});

describe("the key file", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hibernode-keys-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => {
    writeFileSync(join(folder, "keys.json"), text);
    return readKeys(join(folder, "keys.json"));
  };

  test("holds keys by device and number", () => {
    expect(read(`{ "a": { "1": "${hex}", "2": "${hex}${hex}" } }`).get("a")!.get(2)).toHaveLength(32);
  });

  test.each([
    ["not JSON", hex, /not JSON/],
    ["a key that is too short", `{ "a": { "1": "${hex.slice(2)}" } }`, /a → 1: expected 16 to 64 bytes/],
    ["a number above 255", `{ "a": { "256": "${hex}" } }`, /expected a key number/],
    ["a key without a number", `{ "a": "${hex}" }`, /a: expected an object/],
  ])("%s: the message names the place, never the key", (_, text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).not.toThrow(new RegExp(hex.slice(2, 20)));
  });
});
