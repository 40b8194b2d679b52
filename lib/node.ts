/**
 * `node({...})`: what a firmware author declares, and the one wake that follows from it:
 * remember, find what is due, measure, store, report if it is time, sleep. Whatever hangs, the node sleeps, says in its
 * next reading why, and waits longer each time.
 */
import type { Board } from "../boards/types.ts";
import { BUDGET, FAULT, RESTARTED, SETTINGS } from "./faults.ts";
import type { Batch } from "./encode/batch.ts";
import { openJournal } from "./journal/journal.ts";
import { scaled, SEGMENTS } from "./journal/reading.ts";
import { PAGE } from "./journal/slots.ts";
import { openState } from "./journal/state.ts";
import type { WhenFull } from "./journal/when-full.ts";
import { loadMemory, NEVER, newSegment, saveMemory, SETTINGS_BYTES, STATE_BYTES } from "./memory.ts";
import type { ModemFactory, Settings } from "./modems/modem.ts";
import { openOutbox, type Outbox } from "./outbox.ts";
import {
  after,
  cancel,
  deepSleep,
  LONGEST_SLEEP_S,
  now,
  openFlash,
  random32,
  settings,
  wakeCause,
  watchdog,
} from "./platform/espruino.ts";
import { deviceTime, setClock } from "./schedule/clock.ts";
import { every, seconds, type Duration, type Job } from "./schedule/every.ts";
import { TIMER, type Extension, type Hooks, type WakeCause } from "./schedule/extensions.ts";
import type { Seal } from "./seal/seal.ts";
import { backOff, dueAt, jitter, nextWake } from "./schedule/plan.ts";
import { measureAll } from "./sensors/measure.ts";
import type { Sensor } from "./sensors/sensor.ts";
import { publish } from "./uplink/publish.ts";

export { every };
export type { Duration, Job };

export type Sensors = Readonly<Record<string, Sensor>>;

/** The latest values by sensor and quantity. NaN = the sensor failed; `fault` then says why (0 = it did not). */
export type Readings<S extends Sensors> = {
  readonly [K in keyof S]: { readonly [Q in QuantityOf<S[K]>]: number } & { readonly fault: number };
};
type QuantityOf<S> = S extends Sensor<infer Name> ? Name : never;

export interface NodeConfig<S extends Sensors> {
  readonly board: Board;
  /** At most eight, each under the name by which its readings are known. */
  readonly sensors: S;
  readonly sample: Job;
  readonly report: Job;
  /** Reports at once, with all that waits, when this turns true. `woke` tells what ended the sleep. */
  readonly sendNow?: (readings: Readings<S>, woke: WakeCause) => boolean;
  readonly modem: ModemFactory;
  readonly uplink: {
    /** `{id}` in the topic stands for the device's id. */
    readonly mqtt: { readonly topic: string };
    /** So that only the receiver can read or forge messages: `encrypted()` or `authenticated()` (lib/seal). */
    readonly seal?: Seal;
    /** Another form of the messages, for receivers that are not ours: `senml(...)`. */
    readonly encode?: (batch: Batch) => string;
    /** Another protocol than MQTT over TCP: `mqttSn(...)`. */
    readonly session?: typeof publish;
  };
  /** Which readings to leave out while there is no network and the journal fills up: by default the oldest are dropped. */
  readonly whenFull?: WhenFull;
  /** No wake lasts longer, whatever hangs. Default 3 minutes. */
  readonly awakeLimit?: Duration;
  /** What else it can do: a battery policy, pins that wake it, more jobs, light sleep (lib/schedule). */
  readonly use?: Extension<Readings<S>>;
}

/** Raw flash that is safe on every ESP32 build: 16 pages, two for the state, two for settings, the rest for readings. */
const FLASH = 0x310000;
const JOURNAL = FLASH + 4 * PAGE;
const PAGES = 12;

/** After power-on the raw clock starts at 0; any other restart keeps its time. Boots take less than this. */
const POWER_ON_S = 5;

/** After power-on the node stays awake this long, so that an uploader can reach it. */
const REACHABLE_S = 10;

/** No turn of the interpreter takes as long, short of an endless loop. */
const WATCHDOG_S = 30;

/** The modem gets this long to shut down, after which the node sleeps all the same. */
const SHUTDOWN_MS = 15000;

/** Declares the node. Called once, at the top level of the firmware. */
export function node<S extends Sensors>(config: NodeConfig<S>): void {
  const woke = now();
  const cause = wakeCause();
  const flash = openFlash();
  const reset = !cause;
  const store = openState<unknown[]>(flash, FLASH, STATE_BYTES, reset);
  const memory = loadMemory(store, random32);
  const save = () => saveMemory(store, memory);
  /** Opened where it is needed: no wake but one that reports needs it. */
  const changed = (restarted: boolean) => openState<Settings>(flash, FLASH + 2 * PAGE, SETTINGS_BYTES, restarted);
  // whose change the power cut
  if (reset) changed(true).load();
  /** The id shifts the multiples at which jobs fall due, so that a fleet does not send at once. */
  // without an offset null counts as 0
  const plan = (device: number) => device + memory.offset! + memory.id;
  const time = (raw: number) => plan(deviceTime(memory, raw));

  watchdog(WATCHDOG_S);
  const poweredOn = reset && woke < POWER_ON_S;
  if (poweredOn) newSegment(memory);
  const hooks: Hooks<Readings<S>> = config.use
    ? config.use({ kept: memory.kept, save, time, cause, changed: changed(false), end: (fault) => over(fault) })
    : {};
  const enterSleep = hooks.sleep || deepSleep;
  if (cause === TIMER && !hooks.event && memory.wakeAt > woke + 1)
    return enterSleep(memory.wakeAt - woke, () => node(config));

  const second = () => Math.floor(now());
  const jobs = (): [Job, Job] => (hooks.jobs ? hooks.jobs(config) : [config.sample, config.report]);
  const backedOff = (times: number) =>
    Math.floor(now() + backOff(times, config.sample.period, config.report.period) * jitter(random32()));
  if (reset) {
    memory.unfinished++;
    // what was to be retried later is not retried at once because the supply broke down
    if (poweredOn && memory.failures) memory.retryAt = backedOff(memory.failures);
    save();
  }

  const names = Object.keys(config.sensors);
  const sensors = names.map((name) => config.sensors[name]!);
  let schema = "";
  sensors.forEach((sensor, i) =>
    sensor.quantities.forEach((q) => (schema += String.fromCharCode(q[1] + i * 32, q[3]))),
  );
  const ring = openJournal(flash, JOURNAL, PAGES, schema, memory, save, random32, reset);
  const journal = config.whenFull ? config.whenFull(ring, PAGES, config.sample.period, memory) : ring;

  /** In device time, as in the journal. */
  let sampledAt = NEVER;
  if (!hooks.event) {
    const newest = journal.newest();
    if (newest && newest.segment === memory.segment % SEGMENTS) sampledAt = newest.at;
  }
  /** When sampling and reporting fall due. */
  const due = () => {
    const all = jobs();
    return [dueAt(all[0], plan(sampledAt)), Math.max(time(memory.retryAt), dueAt(all[1], time(memory.reportedAt)))];
  };
  const isDue = (job: number) => due()[job]! <= time(now()) + 1;

  /** Of the reading that was stored last. */
  let number = 0;
  let stop = 0;
  let asleep = false;
  /** Raw time before which there shall be no other wake: set by one that came to nothing. */
  let earliest = 0;
  const sleep = () => {
    if (asleep) return;
    asleep = true;
    cancel(stop);
    if (memory.unfinished && !earliest) {
      memory.unfinished = 0;
      save();
    }
    const rest = () => {
      const all: Job[] = jobs();
      const when = due();
      if (hooks.plan) hooks.plan(all, when);
      const t = now();
      // from plan time to raw time: the drift of one sleep
      const gap = Math.max((nextWake(all, when) - time(t)) / (1 - memory.drift * 1e-6), earliest - t, 0.1);
      if (gap > (hooks.longest || LONGEST_SLEEP_S)) {
        memory.wakeAt = Math.floor(t + gap);
        save();
      }
      enterSleep(gap, turn);
    };
    after(poweredOn && !earliest ? (REACHABLE_S - now()) * 1000 : 0, rest);
  };

  /** Stores what the sensors gave, and returns it as the author sees it. */
  const keep = (results: readonly (readonly number[] | number)[], urgent?: number) => {
    const values: number[] = [];
    const readings: Record<string, Record<string, number>> = {};
    sensors.forEach((sensor, i) => {
      const result = results[i]!;
      const fault = typeof result === "number" ? result : 0;
      const view: Record<string, number> = (readings[names[i]!] = { fault });
      sensor.quantities.forEach((quantity, q) => {
        const value = (view[quantity[0]] = fault ? NaN : (result as number[])[q]!);
        values.push(fault ? FAULT + fault : scaled(value, quantity));
      });
    });
    sampledAt = Math.floor(deviceTime(memory, now()));
    number = journal.append(memory.segment % SEGMENTS, sampledAt, values, urgent);
    return readings as Readings<S>;
  };

  /** Nothing comes of this wake: the reading that is due says why, and the next one comes later each time. */
  const giveUp = (fault: number) => {
    if (!isDue(0)) return;
    keep(sensors.map(() => fault));
    earliest = backedOff(memory.unfinished);
  };

  const reported = (fault: number) => {
    memory.fault = fault;
    memory.reportedAt = fault ? NEVER : second();
    if (!fault) memory.failures = 0;
    memory.retryAt = fault ? backedOff(memory.failures) : 0;
    save();
  };

  /** Ends a report, at the latest when the wake's limit is reached. */
  let end: (fault: number) => void = () => {};
  const report = () => {
    if (hooks.working) hooks.working(1);
    const own = changed(false).load() || settings() || {};
    let outbox: Outbox | undefined = openOutbox(journal, memory, save, now, config.uplink.encode);
    if (hooks.outbox) outbox = hooks.outbox(outbox, own);
    if (config.uplink.seal) outbox = config.uplink.seal(outbox, own, memory.kept, save);
    memory.failures++;
    // until it ends well it counts as failed: when the supply breaks down under the transmitter, the next boot knows
    reported(RESTARTED);
    if (!own["id"] || !own["broker"] || !outbox) {
      reported(SETTINGS);
      return sleep();
    }
    let ended = false;
    const modem = config.modem(own);
    end = (fault) => {
      if (ended) return;
      ended = true;
      // from timers: the calls that led here are many already, and these would come on top of them
      after(0, () => {
        reported(fault);
        modem.down(() => after(0, sleep));
      });
    };
    modem.up((fault) => {
      if (fault) return end(fault);
      if (modem.time()) setClock(memory, second(), modem.time());
      (config.uplink.session || publish)(modem, own, config.uplink.mqtt.topic, outbox!, end);
    });
  };

  const finish = () => (isDue(1) ? report : sleep)();
  const next = hooks.run ? () => hooks.run!(finish) : finish;
  const over = (fault: number) => {
    // the number in `stop` may be another timer's by then
    if (asleep) return;
    cancel(stop);
    stop = after(SHUTDOWN_MS, () => {
      memory.unfinished++;
      giveUp(fault);
      sleep();
    });
    end(fault);
  };
  const turn = () => {
    asleep = false;
    earliest = 0;
    stop = after(seconds(config.awakeLimit || "3m") * 1000, () => over(BUDGET));
    if (hooks.working) hooks.working();
    if (reset && memory.unfinished > 1) {
      // the second restart without a finished wake in between: going on would end the same way
      giveUp(RESTARTED);
      finish();
    } else if (!reset && memory.unfinished && isDue(1)) {
      // a sensor that takes the whole wake must not silence the node: it is measured after the report
      earliest = 1;
      next();
    } else if (isDue(0))
      measureAll(sensors, hooks.pause || after, (results) => {
        const readings = keep(results);
        let alarm = 0;
        // what the author's own code throws must not end in an interpreter that waits for ever
        try {
          if (config.sendNow && config.sendNow(readings, cause)) alarm = 1;
          if (hooks.sampled && hooks.sampled(readings)) alarm += 2;
        } catch (e) {}
        // it was left out, and is worth a place after all
        if (alarm && number === journal.next()) keep(results, alarm);
        if (alarm & ~memory.alarm) {
          memory.reportedAt = NEVER;
          memory.aheadFrom = memory.aheadEnd = number;
          memory.retryAt = 0;
        }
        if (alarm !== memory.alarm) {
          memory.alarm = alarm;
          save();
        }
        next();
      });
    else next();
  };
  turn();
}
