/** What became of a command: codes on the wire, words for people. */
export const DONE = 0;
export const MALFORMED = 1;
export const FORGED = 2;
export const REPEATED = 3;
export const OUT_OF_BOUNDS = 4;
export const NOT_STORED = 5;
export const NOT_SECRET = 6;
export const TAKEN_BACK = 7;

/** Short name and meaning by code. Only tools read this: no bundle contains it. */
export const answerWords: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  [DONE]: ["done", "the command was obeyed"],
  [MALFORMED]: ["malformed", "what arrived is no command"],
  [FORGED]: ["forged", "the seal did not fit: somebody else sent it, or it was sealed with another key"],
  [REPEATED]: ["repeated", "an older command came again: somebody recorded it, or the sender's clock was set back"],
  [OUT_OF_BOUNDS]: ["out-of-bounds", "a period or the time to stay awake is outside what the firmware allows"],
  [NOT_STORED]: ["not-stored", "the flash refused the settings, or they are too long"],
  [NOT_SECRET]: ["not-secret", "a key was sent in a command that others can read"],
  [TAKEN_BACK]: ["taken-back", "no report succeeded with the changed settings: those before them hold again"],
};
