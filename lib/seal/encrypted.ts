/**
 * `seal: encrypted()`: messages as COSE_Encrypt0 with AES-CCM, so that only the receiver can read or forge them.
 *
 * A nonce must never come twice. It is
 *   epoch    4 bytes, random, chosen when the node's state was new, kept in it: a wiped node has another one
 *   salt     4 bytes, random for every session: counts even if damaged flash should take an older state for the newest
 *   counter  5 bytes, through all sessions; reserved in the state before its first use, so that it only skips numbers
 * and the receiver takes no counter twice in an epoch.
 */
import type { CryptoPort } from "../platform/ports.ts";
import { openCrypto, random32 } from "../platform/espruino.ts";
import { SEAL } from "../schedule/extensions.ts";
import { encrypt0, openEncrypt0 } from "./cose.ts";
import { keyIdOf, keyOf, type Seal } from "./seal.ts";

/** Counters taken at once: as many messages need no other save. */
const RESERVED = 64;

function be32(value: number): string {
  return String.fromCharCode(value >> 24, value >> 16, value >> 8, value);
}

export function encrypted(): Seal {
  return (outbox, settings, kept, save) => {
    const port = openCrypto();
    return port && seal(port, random32)(outbox, settings, kept, save);
  };
}

/** @param random 32 random bits */
export function seal(port: CryptoPort, random: () => number): Seal {
  return (outbox, settings, kept, save) => {
    const key = keyOf(settings);
    if (!key) return;
    const own = kept[SEAL] || (kept[SEAL] = [random(), 0]);
    let epoch = own[0]!;
    let counter = own[1]!;
    const salt = be32(random());
    const nonce = (): string => {
      if (counter === own[1]) {
        own[1] = counter + RESERVED;
        // what cannot be remembered is used in this session only
        if (!save()) epoch = random();
      }
      return be32(epoch) + salt + "\0" + be32(counter++);
    };
    if (outbox.inlet) outbox.inlet.open = (message) => openEncrypt0(port, key, keyIdOf(settings), message);
    return {
      next() {
        const payload = outbox.next();
        return payload && encrypt0(port, key, keyIdOf(settings), nonce(), payload);
      },
      confirmed: outbox.confirmed,
      inlet: outbox.inlet,
    };
  };
}
