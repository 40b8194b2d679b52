/** Commands for a node: sealed on the laptop, opened by the library for the device, and by nobody without the key. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEncrypt0, openMac0 } from "../../lib/seal/cose.ts";
import { sealEncrypt0, sealMac0 } from "../../tools/receive/cose.ts";
import { nodeCrypto } from "./node-crypto.ts";

const key = "0123456789abcdef";
const bytes = (text: string) => Buffer.from(text, "latin1");
const text = (data: Uint8Array) => Buffer.from(data).toString("latin1");
const iv = bytes("13 byte nonce");

const kinds = [
  ["encrypted", (payload: string) => text(sealEncrypt0(bytes(key), 1, iv, bytes(payload))), openEncrypt0],
  ["authenticated", (payload: string) => text(sealMac0(bytes(key), 1, bytes(payload))), openMac0],
] as const;

test.each(kinds)("%s: of any length, opened", (_, seal, open) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 700 }), (payload) => {
      expect(open(nodeCrypto, key, 1, seal(text(payload)))).toBe(text(payload));
    }),
  );
});

test.each(kinds)("%s: with one bit changed, cut short, longer, or of another key: refused", (_, seal, open) => {
  const message = seal('{"n":1700000000123,"set":{"sample":600}}');
  for (let bit = 0; bit < message.length * 8; bit++) {
    const changed = bytes(message);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(open(nodeCrypto, key, 1, text(changed))).toBe("");
  }
  for (let end = 0; end < message.length; end++) expect(open(nodeCrypto, key, 1, message.slice(0, end))).toBe("");
  expect(open(nodeCrypto, key, 1, message + "\0")).toBe("");
  expect(open(nodeCrypto, "fedcba9876543210", 1, message)).toBe("");
  expect(open(nodeCrypto, key, 2, message)).toBe("");
});

test.each(kinds)("%s: random bytes are refused, never a crash", (_, _seal, open) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (noise, headed) => {
      const message = (headed ? "\xd0\x83\x43\xa1\x01\x0a\xa2\x04\x41\x01\x05\x4d" : "") + text(noise);
      expect(open(nodeCrypto, key, 1, message)).toBe("");
    }),
    { numRuns: process.env["SOAK"] ? 1_000_000 : 3000 },
  );
});
