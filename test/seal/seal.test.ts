/** Sealing on the device: published vectors, an independent library, and Node's own AES-CCM. */
import { createCipheriv } from "node:crypto";
import cose from "cose-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sealCcm } from "../../lib/seal/ccm.ts";
import { encrypt0, mac0 } from "../../lib/seal/cose.ts";
import { hmac256 } from "../../lib/seal/hmac.ts";
import { readSealed } from "../../tools/receive/cose.ts";
import { nodeCrypto } from "./node-crypto.ts";

const latin1 = (hex: string) => Buffer.from(hex, "hex").toString("latin1");
const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const text = (data: Uint8Array) => Buffer.from(data).toString("latin1");

describe("AES-CCM", () => {
  const range = (first: number, last: number) =>
    text(Uint8Array.from({ length: last - first + 1 }, (_, i) => first + i));

  // RFC 3610 section 8: the packet vectors with a tag of 8 bytes
  test.each([
    ["1", "00000003020100a0a1a2a3a4a5", range(0, 7), range(8, 0x1e), "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"],
    ["2", "00000004030201a0a1a2a3a4a5", range(0, 7), range(8, 0x1f), "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916"],
    ["4", "00000006050403a0a1a2a3a4a5", range(0, 11), range(12, 0x1e), "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1"],
  ])("RFC 3610, packet vector %s", (_, nonce, aad, plain, sealed) => {
    expect(hex(sealCcm(nodeCrypto, range(0xc0, 0xcf), latin1(nonce), aad, plain))).toBe(sealed);
  }); // prettier-ignore

  test("as Node's own for every length", () => {
    fc.assert(
      fc.property(bytes(16), bytes(13), fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.uint8Array({ maxLength: 300 }), (key, nonce, aad, plain) => {
        const cipher = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: 8 });
        cipher.setAAD(aad, { plaintextLength: plain.length });
        const expected = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
        expect(hex(sealCcm(nodeCrypto, text(key), text(nonce), text(aad), text(plain)))).toBe(expected.toString("hex"));
      }),
    ); // prettier-ignore
  });
});

// cose-wg/Examples, aes-ccm-examples/aes-ccm-enc-01.json and hmac-examples/HMac-enc-05.json
const KEY = latin1("849b57219dae48de646d07dbb533566e");
const IV = latin1("89f52f65a1c580933b5261a72f");
const PLAIN = "This is the content.";

test("HMAC-SHA-256: RFC 4231 test cases 2 and 6", () => {
  expect(hex(hmac256(nodeCrypto, "Jefe", "what do ya want for nothing?"))).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  const long = "\xaa".repeat(131);
  expect(hex(hmac256(nodeCrypto, long, "Test Using Larger Than Block-Size Key - Hash Key First"))).toBe(
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  );
});

describe("COSE", () => {
  test("Encrypt0 holds what the working group's example holds, and the key's number", () => {
    const example = "6899da0a132bd2d2b9b10915743ee1f7b92a4680e7c51bdbc1b320ea";
    expect(hex(encrypt0(nodeCrypto, KEY, 7, IV, PLAIN))).toBe(`d08343a1010aa2044107054d${hex(IV)}581c${example}`);
  });

  test("Mac0 holds the tag of the working group's example, and the key's number", () => {
    const key = latin1("849b57219dae48de646d07dbb533566e976686457c1491be3a76dcea6c427188");
    expect(hex(mac0(nodeCrypto, key, 7, PLAIN))).toBe(`d18443a10104a104410754${hex(PLAIN)}4811f9e357975fb849`);
  });

  test("an independent library opens both", async () => {
    await fc.assert(
      fc.asyncProperty(bytes(16), bytes(13), fc.nat(255), fc.uint8Array({ minLength: 1, maxLength: 300 }), async (key, iv, id, plain) => {
        const k = Buffer.from(key);
        const sealed = Buffer.from(encrypt0(nodeCrypto, text(key), id, text(iv), text(plain)), "latin1");
        expect(Buffer.from(await cose.encrypt.read(sealed, k)).equals(Buffer.from(plain))).toBe(true);
        const tagged = Buffer.from(mac0(nodeCrypto, text(key), id, text(plain)), "latin1");
        expect(Buffer.from(await cose.mac.read(tagged, k)).equals(Buffer.from(plain))).toBe(true);
      }),
      { numRuns: 50 },
    );
  }); // prettier-ignore

  test("the receiver opens both", () => {
    fc.assert(
      fc.property(bytes(16), bytes(13), fc.nat(255), fc.uint8Array({ maxLength: 300 }), (key, iv, id, plain) => {
        const sealed = readSealed(Buffer.from(encrypt0(nodeCrypto, text(key), id, text(iv), text(plain)), "latin1"));
        expect(sealed).toMatchObject({ kind: "Encrypt0", keyId: id });
        expect(Buffer.from(sealed.open(key))).toEqual(Buffer.from(plain));
        const tagged = readSealed(Buffer.from(mac0(nodeCrypto, text(key), id, text(plain)), "latin1"));
        expect(tagged).toMatchObject({ kind: "MAC0", keyId: id });
        expect(Buffer.from(tagged.open(key))).toEqual(Buffer.from(plain));
      }),
    );
  });
});
