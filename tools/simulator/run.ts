/** One run: a bundle on its board, in its scenario, in virtual time, until the time is over; and what came of it. */
import type { Figure } from "../../boards/types.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { decodeBatch, type Row } from "../receive/decode.ts";
import { isSealed, readSealed } from "../receive/cose.ts";
import { openMessage, type Keys, type SeenIvs } from "../receive/keys.ts";
import { readAnswer } from "../receive/answer.ts";
import { readRunning } from "../receive/running.ts";
import { Collector, type CollectorReport } from "../receive/collect.ts";
import { AlarmWatch, type Excursion } from "./alarms.ts";
import { Clock } from "./clock.ts";
import type { depthMeter } from "./cpu/depth.ts";
import { CPU_FIGURES } from "./cpu/meter.ts";
import { Device, type DeviceOptions } from "./device.ts";
import type { BatteryReport } from "./energy/battery.ts";
import { sleepAmps } from "./energy/board-supply.ts";
import { energyReport, type EnergyReport } from "./energy/report.ts";
import { partsVolts } from "./energy/supply-limits.ts";
import type { Variation } from "./energy/variation.ts";
import { storedReadings, type StoredReadings } from "./flash-check.ts";
import { faultKinds, FaultPlan, parseFault, type Fault } from "./faults.ts";
import { guarded } from "./espruino/guard.ts";
import { I2C_PULL_UP_OHMS } from "./espruino/i2c.ts";
import type { Transaction } from "./espruino/machine.ts";
import { isModem } from "./modems/families.ts";
import { gnssFaults } from "./modems/simcom-gnss.ts";
import { createByteLedger, sumOf, type ByteReport } from "./network/byte-ledger.ts";
import type { CellProfile } from "./network/profiles.ts";
import { WIFI_BOOT_MS } from "./network/wifi.ts";
import type { Received, Server } from "./network/server.ts";
import { withSnGateway } from "./network/sn-gateway.ts";
import { createInterpreterDevice, InterpreterDevice } from "./interpreter/device.ts";
import type { MemoryUse } from "./interpreter/memory.ts";
import type { Interpreter } from "./interpreter/probe.ts";
import { findPart } from "./parts/catalogue.ts";
import { createRig, type Rig } from "./rig.ts";
import type { PartWiring, Scenario } from "./scenario.ts";
import { Timeline } from "./timeline.ts";
import { randomFor } from "./world/random.ts";

export interface RunOptions {
  readonly scenario: Scenario;
  readonly bundle: string;
  /** The bundle comes from `build`, which has proved that it keeps to itself: it runs many times faster. */
  readonly closed?: boolean;
  readonly seed?: number | string;
  /** For instance "30d"; default: what the scenario says. */
  readonly lasts?: string;
  /** `KIND[:SENSOR]@WHEN`, see faults.ts. */
  readonly faults?: readonly string[];
  /** The far end of the device's connections. `received` must be called for every message that reaches it. */
  readonly server: (nowUs: () => number, received: (message: Received) => void) => Server | Promise<Server>;
  /** More files in Storage, before the bundle, one byte a character. */
  readonly storageFiles?: Readonly<Record<string, string>>;
  /** Source of a module that the firmware requires and that is not built in. */
  readonly modules?: (name: string) => string | undefined;
  /** Run the bundle on this Espruino program instead of the fast engine. */
  readonly interpreter?: Interpreter;
  /** With `interpreter`: count JsVars at every native call, and list the heap when `heapAt` of them are in use. */
  readonly measureMemory?: boolean;
  readonly heapAt?: number;
  /** The firmware's own computing takes time and current (a bundle from `build`, in the fast engine). Default: it takes none. */
  readonly cpu?: boolean;
  /** Watches how deep the bundle's calls are nested (the same engine; computing then takes no time). */
  readonly depth?: ReturnType<typeof depthMeter>;
  /** Looks at the run from inside: given what was built, it returns who hears every state that the timeline would hold. */
  readonly probe?: (rig: Rig) => (signal: string, value: string | number) => void;
  /** Keep every state and event in `Run.timeline`. */
  readonly timeline?: boolean;
  readonly observe?: (transaction: Transaction) => void;
  readonly received?: (message: Message) => void;
  /** Each line that the interpreter prints, with the seconds since the start of the run. */
  readonly console?: (line: string, seconds: number) => void;
  /** Changes the network that the scenario names, for instance `withShares` of its coverage levels. */
  readonly network?: (profile: CellProfile) => CellProfile;
  /** How this node differs from what the figures say, for one of many. */
  readonly variation?: Variation | undefined;
  /** Share of the run that is over, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** A message as it reached the broker. `problem` says why it is no telemetry; `rows` is empty then. */
export interface Message {
  readonly atUnix: number;
  readonly topic: string;
  readonly bytes: number;
  /** Rows that had not arrived before. */
  readonly rows: readonly Row[];
  readonly problem?: string;
  /** The payload of a message that is no telemetry but text. */
  readonly text?: string;
}

export interface Run {
  readonly startsAtUnix: number;
  readonly seconds: number;
  /** Boots of the device, the first power-on included. */
  readonly wakes: number;
  readonly awakeSeconds: number;
  readonly longestWakeSeconds: number;
  readonly messages: { readonly count: number; readonly bytes: number; readonly last: readonly Message[] };
  /** What the radio carried, by layer; simulated apart from what arrived. */
  readonly bytes: ByteReport;
  readonly collected: CollectorReport;
  /** Undefined when the firmware keeps no Hibernode journal. */
  readonly stored: StoredReadings | undefined;
  /** Times above the scenario's alarm limit, and when the broker was told. */
  readonly excursions: readonly Excursion[];
  /** When the broker was told of one although none was, Unix seconds; a sensor's error near the limit is enough. */
  readonly falseAlarms: readonly number[];
  readonly energy: EnergyReport;
  readonly battery: BatteryReport;
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  /** What the interpreter printed, last lines. */
  readonly console: readonly string[];
  readonly uncaughtErrors: number;
  /** The flash chip as the run left it, 4 MB. */
  readonly flash: Uint8Array;
  /** JsVars of the firmware, measured on the interpreter; undefined with the fast engine. */
  readonly memory: MemoryUse | undefined;
  readonly timeline: Timeline | undefined;
  /** Promises that did not hold; empty = all did. */
  readonly broken: readonly string[];
}

const KEPT_MESSAGES = 20;
const KEPT_LINES = 200;
/** The library's limit of 3 minutes, and 15 s to shut the modem down. */
const LONGEST_WAKE_S = 196;

export async function run(options: RunOptions): Promise<Run> {
  const { scenario, seed = 1 } = options;
  const seconds = parseDuration(options.lasts ?? scenario.lasts, options.lasts ? "--for" : "scenario, lasts");
  const clock = new Clock();
  const faults = new FaultPlan(checkFaults(scenario, options.faults ?? []), seed);
  const alarms = scenario.alarm && new AlarmWatch(scenario.alarm);
  const inbox = createInbox(scenario.settings, (message) => {
    alarms?.message(message.atUnix, message.rows);
    options.received?.(message);
  });
  let unixAtStart = 0;
  const { topic = "{id}/telemetry", "topic-id": topicId } = scenario.settings;
  const topicOf = (id: string): string => String(topic).replace("{id}", id);
  const broker = await options.server(
    () => clock.nowUs,
    (message) => inbox.add(message, unixAtStart),
  );
  const server = withSnGateway(broker, {
    nowMs: () => clock.nowUs / 1e3,
    ownTopic: topicOf,
    numbered: new Map(topicId === undefined ? [] : [[Number(topicId), topicOf(String(scenario.settings["id"]))]]),
  });
  try {
    return await lived();
  } finally {
    await server.close();
  }

  async function lived(): Promise<Run> {
    const wakes = createWakeMeter(clock);
    const timeline = options.timeline ? new Timeline(clock) : undefined;
    const trace = (signal: string, value: string | number): void => {
      if (signal === "mcu") wakes.changed(String(value));
      timeline?.trace(signal, value);
      watch.told?.(signal, value);
    };
    const watch: { told?: ReturnType<NonNullable<RunOptions["probe"]>> } = {};
    const bytes = createByteLedger(() => clock.now, opener(scenario.settings));
    const { network, variation } = options;
    const rig = createRig({ scenario, seed, faults, clock, server, trace, network, bytes, variation });
    unixAtStart = rig.unixAtStart;
    if (options.probe) watch.told = options.probe(rig);
    const lines: string[] = [];
    const device = plug(rig, options, seed, trace, (text) => {
      const printed = text.split("\n").filter(Boolean);
      for (const line of printed) options.console?.(line, clock.now);
      lines.push(...printed);
      if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
    });
    try {
      schedulePower(rig, device, faults);
      await live(clock, device, server, seconds * 1e6, options.progress);
    } finally {
      if (device instanceof InterpreterDevice) device.close();
      else device.powerCut();
    }
    wakes.changed("off");
    const battery = rig.battery.report();
    const causes = rig.ledger.causes();
    const figures = figuresOf(rig);
    const { journalFlash } = rig.facts;
    const stored = storedReadings(device.flash.bytes, journalFlash.address, journalFlash.pages - 4);
    const collected = inbox.collector.report();
    const excursions = alarms?.excursions(rig.world, rig.unixAtStart, seconds) ?? [];
    const energy = energyReport({
      causes,
      seconds,
      coulombs: rig.ledger.batteryCoulombs(),
      celsius: battery.meanCelsius,
      cell: rig.cell,
      figures,
    });
    return {
      startsAtUnix: rig.unixAtStart,
      seconds,
      wakes: device.boots,
      awakeSeconds: wakes.total,
      longestWakeSeconds: wakes.longest,
      messages: inbox.summary(),
      bytes: bytes.report(),
      collected,
      stored,
      excursions,
      falseAlarms: alarms?.strays(excursions) ?? [],
      energy,
      battery,
      figures,
      console: lines,
      uncaughtErrors: device.uncaughtErrors,
      flash: device.flash.bytes,
      memory: device instanceof InterpreterDevice ? device.memory : undefined,
      timeline,
      broken: [
        // what the library promises holds for scripts that use it, and for no other
        ...(stored
          ? [
              ...brokenDelivery(collected, stored, inbox.problems),
              ...(scenario.staysAwake ? [] : brokenSleep(wakes.longest)),
            ]
          : []),
        ...rig.wires.mistakes,
        ...brokenProgram(device.uncaughtErrors, lines),
        ...brokenLedger(energy.joules, rig.ledger.batteryJoules()),
        ...brokenBytes(bytes.report()),
        ...brokenSupply(battery),
      ],
    };
  }
}

/** Reads faults against a scenario's sensors: everything that has a place in the world. UserErrors name `--fault`. */
export function checkFaults(scenario: Scenario, faults: readonly string[]): Fault[] {
  const parts = Object.entries(scenario.parts).flatMap(([name, wiring]) =>
    "place" in wiring ? [{ name, wiring }] : [],
  );
  const names = parts.map(({ name }) => name);
  return faults.map((text) => {
    const fault = parseFault(text, names);
    const { kind, target } = fault;
    if (faultKinds[kind].target === "none") return fault;
    // a part of the scenario's own has what it says
    const faultsOf = ({ part }: PartWiring): readonly string[] =>
      typeof part !== "string" ? [kind] : isModem(part) ? gnssFaults : findPart(part).faults;
    const has = ({ wiring }: (typeof parts)[number]): boolean => faultsOf(wiring).includes(kind);
    const hit = parts.filter(({ name }) => target === undefined || target === name);
    if (hit.some(has)) return fault;
    const known = [...new Set(hit.flatMap(({ wiring }) => faultsOf(wiring)))];
    throw new UserError(
      `${target ?? "no sensor of the scenario"} ${target ? "cannot have" : "can have"} the fault ${kind}`,
      {
        where: "--fault",
        fix: known.length ? `write one of ${known.join(", ")}` : "leave it out: what is wired there has no faults",
      },
    );
  });
}

function plug(
  rig: Rig,
  {
    bundle,
    closed = false,
    scenario,
    modules,
    storageFiles,
    observe,
    interpreter,
    measureMemory = false,
    heapAt,
    depth,
    cpu = false,
  }: RunOptions,
  seed: number | string,
  trace: (signal: string, value: string | number) => void,
  console: (text: string) => void,
): Device | InterpreterDevice {
  const { power, chip } = rig.facts;
  const asleep = sleepAmps(power);
  const options: DeviceOptions = {
    clock: rig.clock,
    meter: rig.ledger.meter(),
    figures: {
      bootMs: power.bootMs.value + (rig.wifi ? WIFI_BOOT_MS.value : 0),
      bootAmps: power.bootMilliamps.value * 1e-3,
      activeAmps: power.activeMilliamps.value * 1e-3,
      sleepAmps: asleep,
      lightSleepAmps: asleep + rig.facts.lightSleepExtraMilliamps.value * 1e-3,
      extraAmps: {
        "flash write": rig.facts.flashWriteMilliamps.value * 1e-3,
        "I2C pull-ups": power.railVolts.value / I2C_PULL_UP_OHMS.value,
      },
      nsPerInstruction: cpu && !interpreter ? CPU_FIGURES[chip].value : undefined,
    },
    depth,
    chip,
    wires: rig.wires,
    random: randomFor(seed, "chip"),
    bundle,
    closed,
    settings: scenario.settings,
    ...(modules ? { modules } : {}),
    wifi: rig.wifi,
    ...(storageFiles ? { storageFiles } : {}),
    driftPpm: scenario.clockDriftPpm ?? 0,
    trace,
    console,
    ...(observe ? { observe } : {}),
    lightSleep: scenario.lightSleep ?? false,
  };
  return interpreter
    ? createInterpreterDevice({ ...options, interpreter, measureMemory, heapAt })
    : new Device(options);
}

/** Power comes at the start; each power cut takes it away for as long as the fault lasts, and so does an empty cell. */
function schedulePower(rig: Rig, device: Device, faults: FaultPlan): void {
  const supply = (on: boolean): void => {
    if (!on) device.powerCut();
    rig.power(on);
    if (on) device.powerOn();
  };
  rig.battery.onSupply = supply;
  rig.battery.onBrownOut = ({ volts }, holdUs) => {
    device.brownOut(holdUs);
    if (volts >= partsVolts.value) return;
    rig.power(false);
    rig.power(true);
  };
  device.powerOn();
  rig.brownOut = () => device.brownOut();
  for (const { atUs, on } of faults.edges("power-cut")) {
    rig.clock.at(atUs, () => supply(!on));
  }
}

/** Alarms between two looks at the real world. */
const BATCH = 8000;

/** Alarm by alarm; while real I/O is in flight, virtual time stands still. */
async function live(
  clock: Clock,
  device: Device,
  server: Server,
  untilUs: number,
  progress: RunOptions["progress"],
): Promise<void> {
  const batch = (): void => {
    for (let alarms = 0; alarms < BATCH && clock.nextUs <= untilUs && !server.busy; alarms++)
      clock.runUntil(clock.nextUs);
  };
  for (let shownUs = 0; clock.nextUs <= untilUs;) {
    // the interpreter's engine finds endless loops by itself, and takes its time
    if (device instanceof InterpreterDevice) batch();
    else guarded([device], batch);
    if (server.busy) await server.settled();
    if (progress && clock.nowUs - shownUs > untilUs / 200) {
      shownUs = clock.nowUs;
      progress(clock.nowUs / untilUs);
      await new Promise(setImmediate);
    }
  }
  clock.runUntil(untilUs);
}

interface WakeMeter {
  changed(state: string): void;
  readonly total: number;
  readonly longest: number;
}

function createWakeMeter(clock: Clock): WakeMeter {
  let since: number | undefined;
  const meter = {
    total: 0,
    longest: 0,
    changed(state: string) {
      const awake = state === "booting" || state === "awake" || state === "hung";
      if (awake && since === undefined) since = clock.now;
      if (awake || since === undefined) return;
      meter.total += clock.now - since;
      meter.longest = Math.max(meter.longest, clock.now - since);
      since = undefined;
    },
  };
  return meter;
}

/** Opens what this device sealed, as often as asked. */
function opener({ key }: Scenario["settings"]): (message: Uint8Array) => Uint8Array {
  return (message) => (isSealed(message) ? readSealed(message).open(Buffer.from(String(key), "hex")) : message);
}

function createInbox({ id, key, keyId = 1 }: Scenario["settings"], tell: (message: Message) => void) {
  const device = String(id);
  const keys: Keys = new Map([[device, new Map([[Number(keyId), Buffer.from(String(key), "hex")]])]]);
  let seen: SeenIvs = {};
  const opened = (payload: Uint8Array): Uint8Array => {
    if (!isSealed(payload)) return payload;
    const message = openMessage(payload, device, keys, seen);
    seen = message.seen;
    return message.payload;
  };
  const collector = new Collector();
  const problems: string[] = [];
  const last: Message[] = [];
  let count = 0;
  let bytes = 0;
  return {
    collector,
    problems,
    add({ atUs, topic, payload }: Received, unixAtStart: number) {
      let message: Message = { atUnix: unixAtStart + atUs / 1e6, topic, bytes: payload.length, rows: [] };
      try {
        const plain = opened(payload);
        const answer = readAnswer(plain) ?? readRunning(plain);
        message = answer ? { ...message, text: answer.text } : { ...message, rows: collector.add(decodeBatch(plain)) };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        message = { ...message, problem: error.message, ...asText(payload) };
        if (problems.length < KEPT_MESSAGES) problems.push(`${topic}: ${error.message}`);
      }
      count++;
      bytes += payload.length;
      last.push(message);
      if (last.length > KEPT_MESSAGES) last.shift();
      tell(message);
    },
    summary: () => ({ count, bytes, last }),
  };
}

function asText(payload: Uint8Array): { readonly text?: string } {
  const text = Buffer.from(payload).toString("latin1");
  return /^[\x20-\x7e\s]+$/.test(text) ? { text } : {};
}

/** The figures that each cause rests on: those of the parts, and those of the board. */
function figuresOf(rig: Rig): Map<string, readonly Figure[]> {
  const { power, chip } = rig.facts;
  return new Map<string, readonly Figure[]>([
    ...rig.figures(),
    ["boot", [power.bootMs, power.bootMilliamps, ...(rig.wifi ? [WIFI_BOOT_MS] : [])]],
    ["awake", [power.activeMilliamps]],
    ["javascript", [power.activeMilliamps, CPU_FIGURES[chip]]],
    ["sleep floor", [power.sleepFloorMicroamps]],
    ["flash write", [rig.facts.flashWriteMilliamps]],
    ["I2C pull-ups", [I2C_PULL_UP_OHMS]],
    ["regulator", [power.railVolts, ...(power.regulator.efficiency ?? []).map(({ share }) => share)]],
    ["regulator quiescent", [power.regulator.quiescentMicroamps]],
    ...(power.resistors ?? []).map(({ name, ohms }): [string, Figure[]] => [name, [ohms]]),
  ]);
}

/** Every reading that was stored arrives exactly once and in order, waits in the journal, or is named as given up. */
function brokenDelivery(collected: CollectorReport, stored: StoredReadings, problems: readonly string[]): string[] {
  const broken = problems.map((problem) => `a message could not be read: ${problem}`);
  for (const gap of collected.gaps) broken.push(`readings ${gap.first} to ${gap.first + gap.count - 1} never arrived`);
  if (collected.disordered) broken.push(`${collected.disordered} readings arrived out of order`);
  const givenUp = Object.values(collected.skipped).reduce((total, count) => total + count, 0);
  const missing = stored.released - collected.readings - givenUp;
  if (missing > 0) broken.push(`${missing} readings were released and did not arrive`);
  return broken;
}

function brokenProgram(uncaught: number, console: readonly string[]): string[] {
  const last = console.findLast((line) => line.startsWith("Uncaught"));
  return uncaught ? [`errors that the program did not catch: ${uncaught}${last ? `, the last: ${last}` : ""}`] : [];
}

function brokenSleep(longest: number): string[] {
  return longest > LONGEST_WAKE_S ? [`a wake lasted ${longest.toFixed(1)} s, its limit is ${LONGEST_WAKE_S} s`] : [];
}

function brokenSupply({ brownOuts, firstBrownOut: first, emptyAt }: BatteryReport): string[] {
  const broken = [];
  if (first) {
    const when = `${brownOuts === 1 ? "once" : `${brownOuts} times, first`} after ${formatDuration(first.atSeconds)}`;
    const load = `${first.volts.toFixed(2)} V at ${first.milliamps.toFixed(0)} mA and ${first.celsius.toFixed(0)} °C`;
    broken.push(`the cell sagged below the chip's brown-out level ${when}: ${load} (${first.cause})`);
  }
  if (emptyAt !== undefined) broken.push(`the cell was empty after ${formatDuration(emptyAt)}`);
  return broken;
}

function brokenBytes({ carried, byLayer }: ByteReport): string[] {
  return (["up", "down"] as const)
    .filter((direction) => sumOf(byLayer, direction) !== carried[direction])
    .map((way) => `the layers sum to ${sumOf(byLayer, way)} bytes ${way}, the radio carried ${carried[way]}`);
}

function brokenLedger(causes: number, battery: number): string[] {
  return Math.abs(causes - battery) > battery * 1e-9
    ? [`the causes sum to ${causes} J, the battery lost ${battery} J`]
    : [];
}
