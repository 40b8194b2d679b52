/** The chip's `crypto` as Node's, for tests without an interpreter. */
import { createCipheriv, createHash } from "node:crypto";
import type { CryptoPort } from "../../lib/platform/ports.ts";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const bufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

export const nodeCrypto: CryptoPort = {
  aes(blocks, key, mode) {
    const cipher = createCipheriv(
      `aes-128-${mode.toLowerCase()}`,
      latin1(key),
      mode === "ECB" ? null : Buffer.alloc(16),
    );
    cipher.setAutoPadding(false);
    return bufferOf(Buffer.concat([cipher.update(latin1(blocks)), cipher.final()]));
  },
  sha256: (message) => createHash("sha256").update(latin1(message)).digest().toString("latin1"),
  buffer: (text) => bufferOf(latin1(text)),
  text: (bytes) => Buffer.from(bytes).toString("latin1"),
};
