/**
 * Messages that only their receiver can read or forge: COSE_Encrypt0 with AES-CCM-16-64-128 and COSE_Mac0 with HMAC
 * 256/64 (RFC 9052, RFC 9053), both with the key's number in the unprotected header, so that keys can be changed.
 */
import { bytes, int } from "../encode/cbor.ts";
import type { CryptoPort } from "../platform/ports.ts";
import { sealCcm } from "./ccm.ts";
import { hmac256 } from "./hmac.ts";

/** Bytes before the IV of a COSE_Encrypt0 of ours, and before the payload of a COSE_Mac0. */
const IV_AT = 12;
const BODY_AT = 10;

/** { 1: 10 }, the algorithm AES-CCM-16-64-128; { 1: 4 }, HMAC 256/64. As byte strings. */
const CCM = "\x43\xa1\x01\x0a";
const HMAC = "\x43\xa1\x01\x04";

/** What is authenticated beside the payload. */
const ENCRYPT0 = "\x83\x68Encrypt0" + CCM + "\x40";

/** @param key 16 bytes  @param keyId 0 to 255  @param iv 13 bytes, never used before with this key */
export function encrypt0(port: CryptoPort, key: string, keyId: number, iv: string, payload: string): string {
  const sealed = sealCcm(port, key, iv, ENCRYPT0, payload);
  return "\xd0\x83" + CCM + "\xa2\x04\x41" + String.fromCharCode(keyId) + int(5) + bytes(iv) + bytes(sealed);
}

/** The payload stays readable. @param key any length, 16 bytes or more */
export function mac0(port: CryptoPort, key: string, keyId: number, payload: string): string {
  const body = bytes(payload);
  const tag = hmac256(port, key, "\x84\x64MAC0" + HMAC + "\x40" + body).slice(0, 8);
  return "\xd1\x84" + HMAC + "\xa1\x04\x41" + String.fromCharCode(keyId) + body + bytes(tag);
}

/** What follows the head of the byte string at `at`. */
function behindHead(message: string, at: number): string {
  return message.slice(at + 1 + Math.max(0, message.charCodeAt(at) - 0x57));
}

/** What `encrypt0` has sealed, or "" for any other bytes: sealing it again must give the same message. */
export function openEncrypt0(port: CryptoPort, key: string, keyId: number, message: string): string {
  const iv = message.substr(IV_AT, 13);
  if (message.length < IV_AT + 13 + 1 + 8) return "";
  const sealed = behindHead(message, IV_AT + 13).slice(0, -8);
  // the same stream of keys takes itself away
  const text = sealCcm(port, key, iv, ENCRYPT0, sealed).slice(0, -8);
  return encrypt0(port, key, keyId, iv, text) === message ? text : "";
}

/** What `mac0` has tagged, or "" for any other bytes. */
export function openMac0(port: CryptoPort, key: string, keyId: number, message: string): string {
  if (message.length < BODY_AT + 1 + 9) return "";
  const payload = behindHead(message, BODY_AT).slice(0, -9);
  return mac0(port, key, keyId, payload) === message ? payload : "";
}
