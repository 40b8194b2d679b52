/** What the families with TLS have in common: whom to trust, and under which name the modem keeps that. */
import type { SerialPort } from "../platform/ports.ts";
import type { ModemOptions } from "./attach.ts";
import type { RawPort } from "./raw-port.ts";

export interface TlsOptions extends ModemOptions {
  /** False: any server is trusted, and whoever is between can read and forge. */
  readonly verify?: boolean;
}

/** A certificate is written past the prompts and pieces of `raw-port.ts`. */
export interface PlainPort extends RawPort {
  readonly plain: SerialPort;
}

/** Another certificate has another name, so that an old one is never taken for it. */
export const certificateName = (pem: string): string =>
  pem
    .split("-----END")[0]!
    .slice(-15)
    .replace(/[^A-Za-z0-9]/g, "") + ".pem";
