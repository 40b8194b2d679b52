/** Commands for a node, as lib/uplink/commands.ts takes them: JSON, sealed where the node seals. */
import { randomBytes } from "node:crypto";
import { UserError } from "../errors.ts";
import { sealEncrypt0, sealMac0 } from "./cose.ts";

export interface Command {
  /** Settings to change; `sample` and `report` are the periods in seconds. */
  readonly set?: Readonly<Record<string, string | number>>;
  /** Sample and report at once. */
  readonly now?: boolean;
  /** Stay awake for maintenance, seconds. */
  readonly staySeconds?: number;
}

export interface CommandSeal {
  readonly kind: "encrypted" | "authenticated";
  readonly key: Uint8Array;
  readonly keyId: number;
}

/** What a node takes in with one packet, less topic and seal. */
const LONGEST = 800;

/**
 * @param number rises from command to command, for instance the time in milliseconds: a node obeys none twice
 * @throws UserError when the command is empty or too long
 */
export function commandMessage(command: Command, number: number, seal?: CommandSeal): Uint8Array {
  const { set, now, staySeconds } = command;
  if (!set && !now && !staySeconds)
    throw new UserError("the command says nothing", {
      where: "hibernode command",
      fix: "add --sample, --report, --now, --stay, --settings or --change-key",
    });
  if (set && "key" in set && seal?.kind !== "encrypted")
    throw new UserError("a key travels in encrypted commands only", {
      where: "hibernode command",
      fix: "give the device's keys as --keys; its firmware must have seal: encrypted()",
    });
  const text = JSON.stringify({
    n: number,
    ...(set && { set }),
    ...(now && { now: 1 }),
    ...(staySeconds && { stay: staySeconds }),
  });
  const bytes = Buffer.from(text, "latin1");
  if (bytes.length > LONGEST)
    throw new UserError(`the command has ${bytes.length} bytes, a node takes ${LONGEST}`, {
      where: "hibernode command",
      fix: "change fewer settings at once",
    });
  if (!seal) return new Uint8Array(bytes);
  const { key, keyId, kind } = seal;
  return kind === "encrypted" ? sealEncrypt0(key, keyId, randomBytes(13), bytes) : sealMac0(key, keyId, bytes);
}
