/**
 * What a board that takes updates boots: it picks the slot that runs. Written once, with the board, and never again.
 *
 *   proved ── update complete ──► on trial ── its report is confirmed ──► proved
 *                                    │ resets or boots used up, or it does not check out
 *                                    └──────────────► the one before, for good; it tells why
 *
 * The build puts this file into a function, and behind it what runs the text that it leaves in `loader`: at the top level,
 * so that the firmware's functions need no scope of their own (tools/update/image.ts).
 */
import { after, deepSleep, openFlash, restart, storedPart, wakeCause, watchdog } from "../platform/espruino.ts";
import {
  ACTIVE,
  BOOTS,
  CODE,
  imageAt,
  openControl,
  RESETS,
  slotOf,
  SLOTS,
  TOLD,
  TRIAL,
  type Control,
} from "./layout.ts";
import { CRASHED, ROTTEN, SILENT } from "./outcomes.ts";

/** Longest wake on trial: what has neither reported nor gone to sleep by then is restarted. The limit of a wake is 3 minutes. */
const TRIAL_WAKE_MS = 300000;
const TRIAL_WATCHDOG_S = 60;
/** A version that throws at once is started again after this; until then an uploader can reach the board. */
const PAUSE_MS = 10000;
const LATER_S = 1800;

const flash = openFlash();
const reset = !wakeCause();
const store = openControl(flash, reset);
const control: Control = store.load() || [];

/** The image where it lies, or undefined. */
const textOf = (slot: number): string | undefined => {
  const head = slotOf(flash, slot);
  const text = head && storedPart(SLOTS, imageAt(slot), head.size);
  return text && (flash.crc32(text) | 0) === head.crc ? text : undefined;
};

/** Back to what runs without a trial. */
const giveUp = (code: number) => {
  control[TRIAL] = control[TOLD] = 0;
  control[CODE] = code;
};

const active = control[ACTIVE] || 0;
let text: string | undefined;
if (control[TRIAL]) {
  text = textOf(1 - active);
  control[BOOTS]!--;
  if (reset) control[RESETS]!--;
  if (control[RESETS]! < 0) giveUp(CRASHED);
  else if (control[BOOTS]! < 0) giveUp(SILENT);
  else if (!text) giveUp(ROTTEN);
  // a boot that cannot be counted is none
  if (!store.save(control) || !control[TRIAL]) text = "";
}
const onTrial = !!text;
if (!text) {
  text = textOf(active);
  if (!text) {
    text = textOf(1 - active);
    if (text) {
      control[ACTIVE] = 1 - active;
      giveUp(ROTTEN);
      store.save(control);
    }
  }
}
if (onTrial) {
  watchdog(TRIAL_WATCHDOG_S);
  after(TRIAL_WAKE_MS, () => {
    if (openControl(flash, false).load()![TRIAL]) restart();
  });
}
// in quotes: these names are not shortened
global["loader"] = {
  ["text"]: text || "throw 'no slot'",
  ["failed"](error: unknown) {
    print(error);
    after(PAUSE_MS, () => (onTrial ? restart() : deepSleep(LATER_S)));
  },
};
