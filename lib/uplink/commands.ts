/**
 * Commands from the receiver, taken within the awake window of a report: an extension of `node()`. A command is JSON,
 * sealed when the node seals, on a topic of the device's own:
 *
 *   { "n": 1700000000123,        rises from command to command: none is obeyed twice
 *     "set": { "sample": 600 },  settings to change; sample and report are the periods in seconds
 *     "now": 1,                  sample and report at once
 *     "stay": 600 }              stay awake for maintenance, seconds
 *
 * Each is answered in a message of its own, as soon as the broker takes one: [0, n, code of answers.ts].
 */
import { array, int } from "../encode/cbor.ts";
import type { Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import { after, deepSleep, now, settings } from "../platform/espruino.ts";
import { seconds, type Duration, type Job } from "../schedule/every.ts";
import { COMMANDS, keptBy, RESET, type Declared, type Extension } from "../schedule/extensions.ts";
import { DONE, FORGED, MALFORMED, NOT_SECRET, NOT_STORED, OUT_OF_BOUNDS, REPEATED, TAKEN_BACK } from "./answers.ts";
import { inletFor } from "./inlet.ts";

/** Answers that wait, at most; further ones are not given. */
const ANSWERS = 4;

/** Reports that may fail with changed settings before those before them hold again. */
const TRIES = 5;

/** The numbers that are kept: answers follow, two numbers each. */
const LAST = 0;
const SAMPLE = 1;
const REPORT = 2;
const NOW = 3;
/** Raw time until which the node stays awake. */
const STAY = 4;
/** Reports begun with changed settings, 0 = one went well. */
const TRIED = 5;
const FIRST_ANSWER = 6;

export interface CommandOptions<R> {
  /** Periods that may be set. Default 1 minute to 1 day. */
  readonly least?: Duration;
  readonly most?: Duration;
  /** Longest time to stay awake. Default 30 minutes. */
  readonly stay?: Duration;
  /** Another extension, or `all` of them: what a command sets wins. */
  readonly use?: Extension<R>;
}

/**
 * A command, or settings as they lie in flash: with what stood in the place of the last changes, `was`, to take them
 * back. Names in quotes stay as they are when the bundle's own are shortened.
 */
type Values = Readonly<Record<string, string | number | undefined>>;
type Nested = Readonly<Record<string, Values | undefined>>;

/** @param topic `{id}` stands for the device's id; the setting `commands` takes its place */
export function commands<R>(topic: string, options: CommandOptions<R> = {}): Extension<R> {
  return (host) => {
    const own = keptBy(host, COMMANDS);
    const inner = options.use ? options.use(host) : {};
    const current = () => host.changed.load() || settings() || {};
    const periods = (from: Settings) => {
      own[SAMPLE] = +(from["sample"] || 0);
      own[REPORT] = +(from["report"] || 0);
    };
    if (host.cause === RESET || !own.length) {
      own[LAST] = own[LAST] || 0;
      own[NOW] = own[STAY] = 0;
      own[TRIED] = own[TRIED] || 0;
      periods(current());
    }
    const asked = !!own[NOW];
    own[NOW] = 0;

    /** A period of the declared job's, with the same slack or as much as fits. */
    const paced = (job: Job, period: number): Job =>
      period ? { period, slack: Math.min(job.slack, period * 0.4) } : job;

    const change = (all: Settings): boolean => {
      const stored = host.changed.save(all);
      if (stored) periods(all);
      return stored;
    };

    /** Does what a command says, whole or not at all. Returns the answer. */
    const obey = (command: Values, secret: boolean): number => {
      const set = (command as unknown as Nested)["set"];
      const stay = +(command["stay"] || 0);
      if (!(stay >= 0 && stay <= seconds(options.stay || "30m"))) return OUT_OF_BOUNDS;
      if (set) {
        const old = current();
        const was: Record<string, unknown> = (own[TRIED] && (old as unknown as Nested)["was"]) || {};
        for (const name of Object.keys(set)) {
          const value = +set[name]!;
          if (name === "sample" || name === "report")
            if (value && !(value >= seconds(options.least || "1m") && value <= seconds(options.most || "1d")))
              return OUT_OF_BOUNDS;
          if (name === "key" && !secret) return NOT_SECRET;
          if (was[name] === undefined) was[name] = old[name] || "";
        }
        if (!change(Object.assign({}, old, set, { ["was"]: was }))) return NOT_STORED;
        own[TRIED] = 1;
      }
      if (stay) own[STAY] = Math.floor(now() + stay);
      if (command["now"]) own[NOW] = 1;
      return DONE;
    };

    const answer = (n: number, code: number) => {
      if (own.length < FIRST_ANSWER + 2 * ANSWERS) own.push(n, code);
      host.save();
    };

    /** @param message unsealed; "" = nobody who has the key sent it */
    const take = (message: string, secret: boolean) => {
      let command: Values | undefined;
      try {
        command = JSON.parse(message);
      } catch (e) {
        // answered below
      }
      const n = +((command && command["n"]) || 0);
      // retained, and not cleared: it has its answer
      if (n && n === own[LAST]) return;
      if (!(n > 0 && n < 9e15)) answer(0, message ? MALFORMED : FORGED);
      else if (n < own[LAST]!) answer(n, REPEATED);
      else {
        own[LAST] = n;
        answer(n, obey(command!, secret));
      }
    };

    return Object.assign({}, inner, {
      jobs: (declared: Declared): [Job, Job] => {
        const jobs = inner.jobs ? inner.jobs(declared) : [declared.sample, declared.report];
        return [paced(jobs[0]!, own[SAMPLE]!), paced(jobs[1]!, own[REPORT]!)];
      },
      event: inner.event || asked,
      sampled: (readings: R) => (inner.sampled ? inner.sampled(readings) : false) || asked,
      plan: (jobs: Job[], due: number[]) => {
        if (inner.plan) inner.plan(jobs, due);
        // at the next boot, which comes at once, `event` samples
        if (own[NOW]) due[0] = 0;
      },
      sleep: (forSeconds: number, again: () => void) => {
        const left = Math.min(forSeconds, own[STAY]! - now());
        if (left > 0 && !own[NOW]) after(left * 1000, again);
        else (inner.sleep || deepSleep)(forSeconds, again);
      },
      outbox: (outbox: Outbox, from: Settings): Outbox => {
        const trying = own[TRIED];
        if (trying && ++own[TRIED]! > TRIES) {
          const all = current();
          own[TRIED] = 0;
          if (change(Object.assign({}, all, (all as unknown as Nested)["was"], { ["was"]: "" })))
            answer(own[LAST]!, TAKEN_BACK);
        }
        let answering = false;
        return {
          next() {
            answering = own.length > FIRST_ANSWER;
            return answering
              ? array(3) + int(0) + int(own[FIRST_ANSWER]!) + int(own[FIRST_ANSWER + 1]!)
              : outbox.next();
          },
          confirmed() {
            if (trying) own[TRIED] = 0;
            if (answering) {
              own.splice(FIRST_ANSWER, 2);
              host.save();
            } else outbox.confirmed();
          },
          inlet: inletFor(("" + (from["commands"] || topic)).replace("{id}", "" + from["id"]), take),
        };
      },
    });
  };
}
