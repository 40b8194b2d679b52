/** `require("crypto")`: hashes, PBKDF2 and AES as the ESP32 builds have them. */
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import { bytesOf, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine } from "./machine.ts";

const hashes = ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512"];
const modes = ["CBC", "CFB", "CTR", "ECB"];

export function cryptoModule(machine: Machine): Record<string, unknown> {
  const { realm } = machine;
  const buffer = (data: Uint8Array): ArrayBuffer => realm.bytes(data).buffer as ArrayBuffer;
  const hash = (name: string) => (message: unknown) => {
    machine.check();
    return buffer(
      createHash(name)
        .update(bytesOf([message], realm))
        .digest(),
    );
  };

  function aes(encrypt: boolean, message: unknown, key: unknown, options: unknown): ArrayBuffer {
    machine.check();
    const { iv, mode = "CBC" } = (options ?? {}) as { iv?: unknown; mode?: string };
    if (!modes.includes(mode)) throw new realm.Error(`Unknown Crypto mode ${JSON.stringify(mode)}`);
    const secret = bytesOf([key], realm);
    if (![16, 24, 32].includes(secret.length)) throw new realm.Error("INVALID_KEY_LENGTH");
    const data = bytesOf([message], realm);
    if (mode !== "CTR" && mode !== "CFB" && data.length % 16) throw new realm.Error("INVALID_INPUT_LENGTH");
    const name = `aes-${secret.length * 8}-${mode === "CFB" ? "cfb8" : mode.toLowerCase()}`;
    // In CTR mode the interpreter ignores `iv`: its counter always starts at 0.
    const start =
      mode === "ECB" ? null : iv === undefined || mode === "CTR" ? new Uint8Array(16) : bytesOf([iv], realm);
    const cipher = encrypt ? createCipheriv(name, secret, start) : createDecipheriv(name, secret, start);
    cipher.setAutoPadding(false);
    return buffer(Buffer.concat([cipher.update(data), cipher.final()]));
  }

  const AES = adopt(machine, {
    encrypt: (message: unknown, key: unknown, options?: unknown) => aes(true, message, key, options),
    decrypt: (message: unknown, key: unknown, options?: unknown) => aes(false, message, key, options),
  });
  return adopt(machine, {
    AES,
    ...Object.fromEntries(hashes.map((name) => [name, hash(name.toLowerCase())])),
    PBKDF2(passphrase: unknown, salt: unknown, options?: unknown) {
      const { keySize, iterations, hasher } = (options ?? {}) as Record<string, unknown>;
      // keySize counts 32-bit words.
      const length = (toInt(keySize) || 4) * 4;
      return buffer(
        pbkdf2Sync(
          bytesOf([passphrase], realm),
          bytesOf([salt], realm),
          toInt(iterations) || 1,
          length,
          String(hasher ?? "SHA1").toLowerCase(),
        ),
      );
    },
  });
}
