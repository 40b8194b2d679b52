/**
 * Messages that only their receiver can read or forge: COSE_Encrypt0 with AES-CCM-16-64-128 and COSE_Mac0 with HMAC
 * 256/64 (RFC 9052, RFC 9053), both with the key's number in the unprotected header, so that keys can be changed.
 */
import { bytes, int } from "../encode/cbor.ts";
import type { CryptoPort } from "../platform/ports.ts";
import { sealCcm } from "./ccm.ts";
import { hmac256 } from "./hmac.ts";

/** { 1: 10 }, the algorithm AES-CCM-16-64-128; { 1: 4 }, HMAC 256/64. As byte strings. */
const CCM = "\x43\xa1\x01\x0a";
const HMAC = "\x43\xa1\x01\x04";

/** @param key 16 bytes  @param keyId 0 to 255  @param iv 13 bytes, never used before with this key */
export function encrypt0(port: CryptoPort, key: string, keyId: number, iv: string, payload: string): string {
  const sealed = sealCcm(port, key, iv, "\x83\x68Encrypt0" + CCM + "\x40", payload);
  return "\xd0\x83" + CCM + "\xa2\x04\x41" + String.fromCharCode(keyId) + int(5) + bytes(iv) + bytes(sealed);
}

/** The payload stays readable. @param key any length, 16 bytes or more */
export function mac0(port: CryptoPort, key: string, keyId: number, payload: string): string {
  const body = bytes(payload);
  const tag = hmac256(port, key, "\x84\x64MAC0" + HMAC + "\x40" + body).slice(0, 8);
  return "\xd1\x84" + HMAC + "\xa1\x04\x41" + String.fromCharCode(keyId) + body + bytes(tag);
}
