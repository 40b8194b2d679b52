/** Which version a node runs, and what became of its last update: [-1, version, number, code] (lib/encode/telemetry.cddl). */
import { decode } from "cbor-x";
import { outcomeWords, RUNS } from "../../lib/update/outcomes.ts";
import { UserError } from "../errors.ts";

export interface Running {
  readonly version: number;
  /** Of the last update that the node looked at; 0 = it runs what it was flashed with. */
  readonly update: number;
  /** Code of lib/update/outcomes.ts. */
  readonly code: number;
  /** The same in words. */
  readonly text: string;
}

const LONGEST = 24;

/** Undefined for every other message. @throws UserError for one that is damaged */
export function readRunning(payload: Uint8Array): Running | undefined {
  if (payload[0] !== 0x84 || payload[1] !== 0x20) return undefined;
  let items: unknown;
  try {
    if (payload.length <= LONGEST) items = decode(Buffer.from(payload));
  } catch {
    // said below
  }
  const given = Array.isArray(items) ? (items as unknown[]).slice(1) : [];
  const [version, update, code] = given as number[];
  if (given.length !== 3 || !given.every((item) => Number.isSafeInteger(item) && (item as number) >= 0))
    throw new UserError("not what a node says of its version", {
      where: "MQTT payload",
      fix: "check that this receiver is as new as the firmware",
    });
  const [name, meaning] = outcomeWords[code!] ?? [`code ${code}`, "unknown to this receiver"];
  const text =
    update || code !== RUNS ? `version ${version}; update ${update}: ${name}, ${meaning}` : `version ${version}`;
  return { version: version!, update: update!, code: code!, text };
}
