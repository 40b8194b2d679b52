/** Why a board does not answer as a loader, guessed from what was heard of it instead. */
import { UserError } from "../errors.ts";
import type { Reset } from "./loader.ts";

/** What a person does where DTR and RTS reach no pin. */
export const INTO_LOADER = "hold BOOT (or connect GPIO0 to GND; GPIO9 on a C3), tap RESET, let BOOT go";
const BY_HAND = `${INTO_LOADER}, and run the same command with --reset none`;

export function explainSilence(where: string, heard: string, reset: Reset): UserError {
  const say = (message: string, fix: string): UserError => new UserError(message, { where, fix });
  if (/waiting for download/.test(heard)) {
    return say(
      "the board is in its loader but does not answer: what is sent does not reach it",
      "check the wire to the board's RX, and that nothing else is connected to it",
    );
  }
  if (/boot:0x|rst:0x|ESP-ROM:|^\s*>|Espruino/m.test(heard)) {
    return say("the board starts its program instead of its loader: DTR and RTS do not reach its boot pin", BY_HAND);
  }
  const odd = [...heard].filter((c) => !/[\x09\x0a\x0d\x20-\x7e]/.test(c)).length;
  if (heard.length > 8 && odd > heard.length / 4)
    return say(
      "only noise arrives: something speaks at another speed, or the wire is bad",
      "use a short USB cable, plug it in directly, and try again",
    );
  const fix =
    reset === "none"
      ? `with --reset none the board must be in its loader already: ${INTO_LOADER}`
      : `check that this is the board's port and that the cable carries data. Otherwise ${BY_HAND}`;
  return say("the board does not answer", fix);
}
