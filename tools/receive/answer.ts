/** What a node answers to a command: [0, number of the command, code] in CBOR (lib/encode/telemetry.cddl). */
import { decode } from "cbor-x";
import { answerWords } from "../../lib/uplink/answers.ts";
import { UserError } from "../errors.ts";

export interface Answer {
  /** The command's number; 0 = it could not be read. */
  readonly command: number;
  /** Code of lib/uplink/answers.ts. */
  readonly code: number;
  /** The same in words. */
  readonly text: string;
}

const LONGEST = 16;

/** Undefined for every other message. @throws UserError for an answer that is damaged */
export function readAnswer(payload: Uint8Array): Answer | undefined {
  if (payload[0] !== 0x83 || payload[1] !== 0) return undefined;
  let items: unknown;
  try {
    if (payload.length <= LONGEST) items = decode(Buffer.from(payload));
  } catch {
    // said below
  }
  const [, given, code] = Array.isArray(items) ? (items as unknown[]) : [];
  // eight bytes arrive as a bigint
  const command = typeof given === "bigint" ? Number(given) : given;
  if (typeof command !== "number" || !Number.isSafeInteger(command) || command < 0 || typeof code !== "number")
    throw new UserError("not an answer to a command", {
      where: "MQTT payload",
      fix: "check that this receiver is as new as the firmware",
    });
  const [name, meaning] = answerWords[code] ?? [`code ${code}`, "unknown to this receiver"];
  return { command, code, text: `${command ? `command ${command}` : "a command"}: ${name}, ${meaning}` };
}
