/**
 * AES-CCM (RFC 3610) with a length field of 2 bytes and a tag of 8, from what the chip's `crypto` has: CBC without an
 * initial vector is the MAC, and ECB of the counter blocks the key stream, so that AES itself runs in two native calls.
 * (Its own CTR mode ignores the initial vector: it can seal one message, and no second one.)
 */
import type { CryptoPort } from "../platform/ports.ts";

const TAG = 8;
const bytesOf = String.fromCharCode;

/** Zeros up to a whole number of 16-byte blocks. */
function padded(text: string): string {
  while (text.length & 15) text += "\0";
  return text;
}

function length(text: string): string {
  return bytesOf(text.length >> 8, text.length & 255);
}

/**
 * The ciphertext with its tag behind it. Strings hold one byte per character.
 * @param key 16 bytes
 * @param nonce 13 bytes, never used before with this key
 * @param aad 1 to 65,279 bytes that are authenticated, not sent
 * @param text at most 65,535 bytes
 */
export function sealCcm(port: CryptoPort, key: string, nonce: string, aad: string, text: string): string {
  const mac = port.aes("\x59" + nonce + length(text) + padded(length(aad) + aad) + padded(text), key, "CBC");
  let counters = "";
  for (let i = 0; i <= (text.length + 15) >> 4; i++) counters += "\x01" + nonce + bytesOf(i >> 8, i & 255);
  const stream = new Uint32Array(port.aes(counters, key, "ECB"));
  // four bytes at a time: a loop over single bytes would take four times as long here
  const out = new Uint32Array(port.buffer(padded(text) + "\0\0\0\0\0\0\0\0"));
  const end = out.length - 2;
  for (let i = 0; i < end; i++) out[i]! ^= stream[i + 4]!;
  const tag = new Uint32Array(mac, mac.byteLength - 16, 2);
  // cut as a string: the interpreter takes a view of length 0 for a view of all
  const bytes = port.text(new Uint8Array(out.buffer)).slice(0, text.length);
  for (let i = 0; i < 2; i++) out[i] = tag[i]! ^ stream[i]!;
  return bytes + port.text(new Uint8Array(out.buffer, 0, TAG));
}
