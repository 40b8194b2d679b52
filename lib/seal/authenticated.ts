/** `seal: authenticated()`: messages as COSE_Mac0 with HMAC-SHA-256, which anyone can read, and only the node can make. */
import type { CryptoPort } from "../platform/ports.ts";
import { openCrypto } from "../platform/espruino.ts";
import { mac0, openMac0 } from "./cose.ts";
import { keyIdOf, keyOf, type Seal } from "./seal.ts";

export function authenticated(): Seal {
  return (outbox, settings, kept, save) => {
    const port = openCrypto();
    return port && tag(port)(outbox, settings, kept, save);
  };
}

/** What comes twice is found by the numbers of its readings: a tag needs no nonce. */
export function tag(port: CryptoPort): Seal {
  return (outbox, settings) => {
    const key = keyOf(settings);
    if (!key) return;
    if (outbox.inlet) outbox.inlet.open = (message) => openMac0(port, key, keyIdOf(settings), message);
    return {
      next() {
        const payload = outbox.next();
        return payload && mac0(port, key, keyIdOf(settings), payload);
      },
      confirmed: outbox.confirmed,
      inlet: outbox.inlet,
    };
  };
}
