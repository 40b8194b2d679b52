/**
 * `node({...})`: what a firmware author declares, and the one wake that follows from it:
 * remember, find what is due, measure, store, report if it is time, sleep.
 */
import type { Board } from "../boards/types.ts";
import { BUDGET, FAULT, SETTINGS } from "./faults.ts";
import { openJournal } from "./journal/journal.ts";
import { scaled, SEGMENTS } from "./journal/reading.ts";
import { PAGE } from "./journal/slots.ts";
import { openState } from "./journal/state.ts";
import { loadMemory, newSegment, saveMemory, STATE_BYTES } from "./memory.ts";
import type { ModemFactory } from "./modems/modem.ts";
import { openOutbox } from "./outbox.ts";
import { after, deepSleep, now, openFlash, random32, settings, wasReset, watchdog } from "./platform/espruino.ts";
import { every, seconds, type Duration, type Job } from "./schedule/every.ts";
import { backOff, dueAt, nextWake } from "./schedule/plan.ts";
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
  /** Reports at once, with all that waits, when this turns true. */
  readonly sendNow?: (readings: Readings<S>) => boolean;
  readonly modem: ModemFactory;
  /** `{id}` in the topic stands for the device's id. */
  readonly uplink: { readonly mqtt: { readonly topic: string } };
  /** No wake lasts longer, whatever hangs. Default 3 minutes. */
  readonly awakeLimit?: Duration;
}

/** Raw flash that is safe on every ESP32 build: 16 pages, two for the state, two for settings, the rest for readings. */
const FLASH = 0x310000;
const JOURNAL = FLASH + 4 * PAGE;
const PAGES = 12;

/** After power-on the raw clock starts at 0; any other restart keeps its time. Boots take less than this. */
const POWER_ON_S = 5;

/** After power-on the node stays awake this long, so that an uploader can reach it. */
const REACHABLE_S = 10;

/** Declares the node. Called once, at the top level of the firmware. */
export function node<S extends Sensors>(config: NodeConfig<S>): void {
  const woke = now();
  const flash = openFlash();
  const reset = wasReset();
  const store = openState<unknown[]>(flash, FLASH, STATE_BYTES, reset);
  const memory = loadMemory(store, random32);
  const save = () => saveMemory(store, memory);
  const poweredOn = reset && woke < POWER_ON_S;
  if (poweredOn) {
    newSegment(memory);
    save();
  }

  const limit = seconds(config.awakeLimit || "3m");
  const names = Object.keys(config.sensors);
  let schema = "";
  for (let i = 0; i < names.length; i++)
    config.sensors[names[i]!]!.quantities.forEach((q) => (schema += String.fromCharCode(q[1] + i * 32, q[3])));
  const journal = openJournal(flash, JOURNAL, PAGES, schema, memory, save, random32, reset);

  const newest = journal.newest();
  let sampledAt = newest && newest.segment === memory.segment % SEGMENTS ? newest.at : undefined;
  const jobs = [config.sample, config.report];
  const due = () => [
    dueAt(config.sample, sampledAt),
    Math.max(
      memory.retryAt,
      memory.failures ? 0 : dueAt(config.report, memory.reportedAt === null ? undefined : memory.reportedAt),
    ),
  ];

  let asleep = false;
  const sleep = () => {
    if (asleep) return;
    asleep = true;
    const rest = () => deepSleep(Math.max(nextWake(jobs, due()) - now(), 0.1));
    if (poweredOn && now() < REACHABLE_S) after((REACHABLE_S - now()) * 1000, rest);
    else rest();
  };

  const measure = (then: () => void) => {
    const sensors = names.map((name) => config.sensors[name]!);
    measureAll(sensors, after, (results) => {
      const at = Math.floor(now());
      const values: number[] = [];
      const readings: Record<string, Record<string, number>> = {};
      for (let i = 0; i < names.length; i++) {
        const sensor = sensors[i]!;
        const result = results[i]!;
        const view: Record<string, number> = (readings[names[i]!] = { fault: typeof result === "number" ? result : 0 });
        for (let q = 0; q < sensor.quantities.length; q++) {
          view[sensor.quantities[q]![0]] = typeof result === "number" ? NaN : result[q]!;
          values.push(typeof result === "number" ? FAULT + result : scaled(result[q]!, sensor.quantities[q]!));
        }
      }
      const number = journal.append(memory.segment % SEGMENTS, at, values);
      sampledAt = at;
      const alarm = config.sendNow && config.sendNow(readings as Readings<S>) ? 1 : 0;
      if (alarm !== memory.alarm) {
        memory.alarm = alarm;
        if (alarm) {
          memory.reportedAt = null;
          memory.aheadFrom = memory.aheadEnd = number;
        }
        save();
      }
      then();
    });
  };

  const reported = (fault: number) => {
    const at = Math.floor(now());
    memory.fault = fault;
    memory.reportedAt = at;
    memory.failures = fault ? memory.failures + 1 : 0;
    memory.retryAt = fault
      ? at + Math.floor(backOff(memory.failures, config.sample.period, config.report.period, random32() / 4294967296))
      : 0;
    save();
  };

  const report = (then: () => void) => {
    const own = settings();
    if (!own || !own["id"] || !own["broker"]) {
      reported(SETTINGS);
      return then();
    }
    let ended = false;
    const modem = config.modem(own);
    const outbox = openOutbox(journal, memory, save, now);
    const end = (fault: number) => {
      if (ended) return;
      ended = true;
      reported(fault);
      modem.down(then);
    };
    after(limit * 1000, () => end(BUDGET));
    modem.up((fault) => {
      if (fault) return end(fault);
      if (modem.time()) {
        memory.syncedAt = Math.floor(now());
        memory.offset = modem.time() - memory.syncedAt;
      }
      publish(modem, own, config.uplink.mqtt.topic, outbox, end);
    });
  };

  watchdog(limit + 60);
  after((limit + 15) * 1000, sleep);
  const wanted = due();
  const wake = () => {
    if (due()[1]! <= now() + 1 || memory.reportedAt === null) report(sleep);
    else sleep();
  };
  if (wanted[0]! <= woke + 1) measure(wake);
  else if (wanted[1]! <= woke + 1) wake();
  else sleep();
}
