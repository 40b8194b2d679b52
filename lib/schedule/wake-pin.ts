/**
 * Wakes by a pin. The ESP32's own timer and a pin cannot both be armed from Espruino: each sleep call sets only its own
 * source. So either an external clock's alarm shares the pin (`onPin`), or the node looks at the pin now and then
 * (`pollPin`). A pin that is stuck or bounces must not drain the cell: after each event it is left unarmed for a while,
 * and longer each time, until it has been quiet.
 */
import type { WakePin } from "../../boards/types.ts";
import { deepSleep, deepSleepUntil, LONGEST_SLEEP_S, now, readPin } from "../platform/espruino.ts";
import { seconds, type Duration } from "./every.ts";
import { keptBy, RESET, TIMER, WAKE, type Extension } from "./extensions.ts";

/** An external clock whose open-drain alarm output pulls the wake pin low, beside the contact. */
export interface RtcAlarm {
  /** The longest time that it counts, in seconds. */
  readonly longest: number;
  /** Pulls the pin low after that many seconds. False = it does not answer. */
  set(seconds: number): boolean;
  /** Releases the pin. True = it was the alarm that had pulled it. */
  clear(): boolean;
}

export interface OnPinOptions {
  /** Level that wakes. The alarm of a clock is low: with one, this must be 0. */
  readonly level: 0 | 1;
  /** "none": nothing but the pin wakes the node, and jobs wait for it. */
  readonly alarm: RtcAlarm | "none";
  /** How long the pin is left alone after an event; doubles while it does not calm down. Default "60s". */
  readonly quiet?: Duration;
}

/** Doublings of the quiet time: 60 s become two hours. */
const DOUBLINGS = 7;

/** What is kept: events since the pin was last calm, and the raw time until which it is left alone. */
const EVENTS = 0;
const QUIET_UNTIL = 1;

/** Wakes at once when the pin gets its level. Not every pin can: `build` says which of the board's do. */
export function onPin<R>(pin: WakePin, options: OnPinOptions): Extension<R> {
  const alarm = options.alarm === "none" ? undefined : options.alarm;
  const quiet = seconds(options.quiet || "60s");
  return (host) => {
    const kept = keptBy(host, WAKE);
    const at = now();
    const wasAlarm = alarm && alarm.clear();
    const isHeld = readPin(pin) === options.level;
    const quietFor = () => quiet * Math.pow(2, Math.min(kept[EVENTS]! - 1, DOUBLINGS));
    // a clock that restarted at 0 makes no pin wait for years
    const isQuiet = at < kept[QUIET_UNTIL]! && kept[QUIET_UNTIL]! - at <= quiet * 256;
    const trueSeconds = (raw: number) => host.time(now() + raw) - host.time(now());
    // the pin's cause differs between the chips; and what still holds the pin after the alarm is the contact
    const isEvent = host.cause !== TIMER && host.cause !== RESET && (!wasAlarm || isHeld);
    if (isEvent || (isHeld && !isQuiet)) {
      const isCalm = !kept[EVENTS] || at - kept[QUIET_UNTIL]! > quietFor();
      kept[EVENTS] = isCalm ? 1 : Math.min(kept[EVENTS]! + 1, DOUBLINGS + 1);
      kept[QUIET_UNTIL] = Math.floor(at + quietFor());
      host.save();
    }
    return {
      // a pulse that is over before the boot is counts as bounce
      event: isEvent && isHeld,
      longest: alarm ? alarm.longest : 1e9,
      sleep(wanted) {
        const rest = kept[QUIET_UNTIL]! - now();
        if (rest > 0 && rest <= quiet * 256) deepSleep(Math.min(wanted, rest));
        else if (readPin(pin) === options.level) deepSleep(Math.min(wanted, quiet));
        // its seconds are true ones; and a clock that does not answer must not cost the schedule
        else if (alarm && !alarm.set(Math.min(trueSeconds(wanted), alarm.longest))) deepSleep(wanted);
        else deepSleepUntil(pin, options.level);
        // back here: the chip refused the pin
        deepSleep(wanted);
      },
    };
  };
}

/** Looks at the pin that often: every look is a boot. An event is the change to `level`. */
export function pollPin<R>(pin: WakePin, options: { readonly level: 0 | 1; readonly every: Duration }): Extension<R> {
  const longest = Math.min(seconds(options.every), LONGEST_SLEEP_S);
  return (host) => {
    const kept = keptBy(host, WAKE);
    const isHeld = readPin(pin) === options.level ? 1 : 0;
    const isEvent = host.cause === TIMER && isHeld > (kept[EVENTS] || 0);
    if (isHeld !== kept[EVENTS]) {
      kept[EVENTS] = isHeld;
      host.save();
    }
    return { event: isEvent, longest, sleep: (wanted) => deepSleep(Math.min(wanted, longest)) };
  };
}
