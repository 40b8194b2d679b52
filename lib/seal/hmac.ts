/** HMAC-SHA-256 (RFC 2104) from the chip's SHA-256. */
import type { CryptoPort } from "../platform/ports.ts";

const BLOCK = 64;

function masked(key: string, mask: number): string {
  let out = "";
  for (let i = 0; i < BLOCK; i++) out += String.fromCharCode((key.charCodeAt(i) || 0) ^ mask);
  return out;
}

/** 32 bytes as a string. Strings hold one byte per character. */
export function hmac256(port: CryptoPort, key: string, message: string): string {
  const own = key.length > BLOCK ? port.sha256(key) : key;
  return port.sha256(masked(own, 0x5c) + port.sha256(masked(own, 0x36) + message));
}
