/**
 * Opens COSE_Encrypt0 and COSE_Mac0 (RFC 9052) as nodes seal their messages, and seals commands for them: AES-CCM-16-64-128 or HMAC 256/64, key number
 * and IV in the unprotected header. Shares no code with lib/seal.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { UserError } from "../errors.ts";

export interface Sealed {
  readonly kind: "Encrypt0" | "MAC0";
  readonly keyId: number;
  /** Only of Encrypt0. */
  readonly iv: Buffer | undefined;
  /** The payload, or throws a UserError when the key does not fit or a byte was changed. */
  open(key: Uint8Array): Uint8Array;
}

const TAG_BYTES = 8;
const IV_BYTES = 13;

function refuse(what: string): never {
  throw new UserError(`not a sealed message: ${what}`, {
    where: "MQTT payload",
    fix: "check that firmware and receiver use the same kind of seal",
  });
}

/** Reads items one after the other; every length is checked against the bytes that are there. */
class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Value of an item's head. */
  head(major: number, what: string): number {
    const first = this.#bytes[this.#at++];
    if (first === undefined) refuse("it ends too early");
    if (first >> 5 !== major) refuse(`expected ${what}`);
    const info = first & 31;
    if (info < 24) return info;
    if (info > 25) refuse(`${what}: unexpected length`);
    const size = info - 23;
    if (this.#at + size > this.#bytes.length) refuse("it ends too early");
    const value = this.#bytes.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }

  string(what: string): Buffer {
    const length = this.head(2, what);
    if (this.#at + length > this.#bytes.length) refuse(`${what} ends too early`);
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  end(): void {
    if (this.#at !== this.#bytes.length) refuse(`${this.#bytes.length - this.#at} bytes follow it`);
  }
}

/** CBOR head and content of a byte string. */
function bstr(bytes: Uint8Array): Buffer {
  const n = bytes.length;
  const head = n < 24 ? [0x40 + n] : n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
}

const structure = (count: number, context: string, ...items: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([0x80 + count, 0x60 + context.length]), Buffer.from(context), ...items]);

/** Whether a message claims to be sealed: its first byte is the tag of COSE_Encrypt0 or COSE_Mac0. */
export const isSealed = (message: Uint8Array): boolean => message[0] === 0xd0 || message[0] === 0xd1;

/** @throws UserError for anything else than the two forms that a node writes */
export function readSealed(message: Uint8Array): Sealed {
  const reader = new Reader(message);
  const tag = reader.head(6, "tag 16 or 17");
  if (tag !== 16 && tag !== 17) refuse(`tag ${tag} instead of 16 or 17`);
  const isEncrypted = tag === 16;
  if (reader.head(4, "an array") !== (isEncrypted ? 3 : 4)) refuse("its array has another length");
  const protectedHeader = reader.string("protected header");
  const algorithm = protectedHeader.toString("hex");
  const expected = isEncrypted ? "a1010a" : "a10104";
  if (algorithm !== expected) refuse(`protected header ${algorithm || "empty"} instead of ${expected}`);
  let keyId: number | undefined;
  let iv: Buffer | undefined;
  for (let count = reader.head(5, "the unprotected header"); count > 0; count--) {
    const label = reader.head(0, "a header's label");
    const value = reader.string(`header ${label}`);
    if (label === 4 && value.length === 1 && keyId === undefined) keyId = value[0];
    else if (label === 5 && isEncrypted && value.length === IV_BYTES && !iv) iv = value;
    else refuse(`header ${label} of ${value.length} bytes`);
  }
  if (keyId === undefined) refuse("no key number");
  if (isEncrypted && !iv) refuse("no IV");
  const body = reader.string("payload");
  const tagBytes = isEncrypted ? body.subarray(-TAG_BYTES) : reader.string("tag");
  if (tagBytes.length !== TAG_BYTES) refuse(`a tag of ${tagBytes.length} bytes`);
  reader.end();

  const wrong = (): never => {
    throw new UserError("the seal does not fit: changed on its way, or sealed with another key", {
      where: "MQTT payload",
      fix: "compare the device's key in --keys with the one that it was given",
    });
  };
  return {
    kind: isEncrypted ? "Encrypt0" : "MAC0",
    keyId,
    iv,
    open(key) {
      if (!iv) {
        const tagged = structure(4, "MAC0", bstr(protectedHeader), bstr(Buffer.alloc(0)), bstr(body));
        const good = createHmac("sha256", key).update(tagged).digest().subarray(0, TAG_BYTES);
        return timingSafeEqual(good, tagBytes) ? new Uint8Array(body) : wrong();
      }
      const text = body.subarray(0, -TAG_BYTES);
      const decipher = createDecipheriv("aes-128-ccm", key, iv, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tagBytes);
      const aad = structure(3, "Encrypt0", bstr(protectedHeader), bstr(Buffer.alloc(0)));
      decipher.setAAD(aad, { plaintextLength: text.length });
      try {
        const opened = decipher.update(text);
        decipher.final();
        return new Uint8Array(opened);
      } catch {
        return wrong();
      }
    },
  };
}

const PROTECTED = { Encrypt0: Buffer.from("a1010a", "hex"), MAC0: Buffer.from("a10104", "hex") };
const NOTHING = Buffer.alloc(0);

/** @param iv 13 bytes, never used before with this key */
export function sealEncrypt0(key: Uint8Array, keyId: number, iv: Uint8Array, payload: Uint8Array): Uint8Array {
  const header = bstr(PROTECTED.Encrypt0);
  const cipher = createCipheriv("aes-128-ccm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(structure(3, "Encrypt0", header, bstr(NOTHING)), { plaintextLength: payload.length });
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const unprotected = Buffer.from([0xa2, 4, 0x41, keyId, 5, ...bstr(iv)]);
  return new Uint8Array(Buffer.concat([Buffer.from([0xd0, 0x83]), header, unprotected, bstr(sealed)]));
}

export function sealMac0(key: Uint8Array, keyId: number, payload: Uint8Array): Uint8Array {
  const header = bstr(PROTECTED.MAC0);
  const tagged = structure(4, "MAC0", header, bstr(NOTHING), bstr(payload));
  const tag = createHmac("sha256", key).update(tagged).digest().subarray(0, TAG_BYTES);
  const unprotected = Buffer.from([0xa1, 4, 0x41, keyId]);
  return new Uint8Array(Buffer.concat([Buffer.from([0xd1, 0x84]), header, unprotected, bstr(payload), bstr(tag)]));
}
