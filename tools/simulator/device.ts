/**
 * A microcontroller that runs Espruino, in virtual time: the life cycle of power, boot, deep sleep and restart around flash,
 * clock, pins and the interpreter. Deep sleep drops the heap; only the flash and the clock's count survive it.
 */
import type { depthMeter } from "./cpu/depth.ts";
import { instructionMeter } from "./cpu/meter.ts";
import type { Chip } from "../../boards/types.ts";
import { buildStorageImage, type StorageFile } from "../flash/storage-image.ts";
import { settingsImage, SETTINGS_ADDRESS } from "../provision/settings-pages.ts";
import type { Alarm, Clock } from "./clock.ts";
import { UserError } from "../errors.ts";
import type { Meter } from "./energy/ledger.ts";
import { chips, type ChipFacts } from "./espruino/chips.ts";
import { latin1 } from "./espruino/data.ts";
import type { Power, WakeSource } from "./espruino/esp32.ts";
import { flashDriver } from "./espruino/flash-driver.ts";
import { Flash, STORAGE_START } from "./espruino/flash.ts";
import { formatNumber } from "./espruino/numbers.ts";
import { Loop } from "./espruino/loop.ts";
import { type ExtraLoad, HALT, type Machine, type PinUse, type Transaction } from "./espruino/machine.ts";
import { PinBank } from "./espruino/pin-bank.ts";
import { type ProgramParts, Programs, type ProgramSource, type World } from "./espruino/program.ts";
import { startGenerator } from "./espruino/generator.ts";
import { createRealm, type Realm } from "./espruino/realm.ts";
import { Storage } from "./espruino/storage.ts";
import { startSystem } from "./espruino/system.ts";
import { Watchdog } from "./espruino/watchdog.ts";
import type { Wires } from "./espruino/wires.ts";
import type { Random } from "./hardware.ts";
import { WIFI_JS_VARS, type WifiRadio } from "./network/wifi.ts";

/** The board's figures, plain. Currents are at the rail. */
export interface DeviceFigures {
  readonly bootMs: number;
  readonly bootAmps: number;
  readonly activeAmps: number;
  readonly sleepAmps: number;
  readonly lightSleepAmps: number;
  /** Loads besides the chip, while natives use them. */
  readonly extraAmps?: Readonly<Record<ExtraLoad, number>>;
  /** Time that a closed bundle takes, for each instruction of the interpreter on a PC; code takes no time without it. */
  readonly nsPerInstruction?: number | undefined;
}

export interface DeviceOptions {
  readonly clock: Clock;
  readonly meter: Meter;
  readonly figures: DeviceFigures;
  /** Watches how deep the calls of a closed bundle are nested, in place of the time that they take. */
  readonly depth?: ReturnType<typeof depthMeter> | undefined;
  readonly chip: Chip;
  readonly wires: Wires;
  readonly random: Random;
  /** Written to Storage as `.bootcde`. */
  readonly bundle: string;
  /** The bundle is strict-safe and leaves no globals behind: it is compiled once and runs at full speed. */
  readonly closed?: boolean;
  /** In their two flash pages. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** More files in Storage, one byte a character. */
  readonly storageFiles?: Readonly<Record<string, string>>;
  /** The chip's own radio, where the board's Wi-Fi is switched on. */
  readonly wifi?: WifiRadio | undefined;
  /** Source of a module that is neither built in nor in Storage. */
  readonly modules?: (name: string) => string | undefined;
  /** Runs the boot code in another engine than this process's own. */
  readonly programs?: (parts: ProgramParts) => ProgramSource;
  /** How much faster the device's clock runs than the world's, in parts per million. */
  readonly driftPpm?: number;
  /** False: a build of Espruino without `ESP32.lightSleep`. */
  readonly lightSleep?: boolean;
  readonly trace?: (signal: string, value: string | number) => void;
  /** What the interpreter prints. */
  readonly console?: (text: string) => void;
  /** What the program does with a pin, each time. */
  readonly pinUse?: (pin: number, use: PinUse) => void;
  /** Every transfer on a bus and every operation on the flash, in order. */
  readonly observe?: (transaction: Transaction) => void;
}

export type DeviceState = "off" | "booting" | "awake" | "asleep" | "hung";

/** Wake cause of a timer; 0 is a power-on or restart. */
const TIMER_WAKE = 4;

export class Device {
  readonly flash = new Flash();
  readonly pins: PinBank;
  readonly #options: DeviceOptions;
  readonly #clock: Clock;
  readonly #chip: ChipFacts;
  readonly #rate: number;
  readonly #loop: Loop;
  readonly #watchdog: Watchdog;
  readonly #programs: ProgramSource;
  readonly #work = new Float64Array(1);
  #state: DeviceState = "off";
  #world: World | undefined;
  #wakeCause = 0;
  #wakePin: number | undefined;
  #wakeSource: WakeSource | undefined;
  /** The alarm that ends a boot or a sleep. */
  #alarm: Alarm | undefined;
  #clockSeconds = 0;
  #clockUs = 0;
  #reload: { readonly withCode: boolean } | undefined;

  /** Boots so far: power-on, restarts and wakes. */
  boots = 0;
  /** Errors that nothing caught. */
  uncaughtErrors = 0;

  constructor(options: DeviceOptions) {
    const { clock, chip, wires, bundle, closed = false } = options;
    this.#options = options;
    this.#clock = clock;
    this.#chip = chips[chip];
    this.#rate = 1 + (options.driftPpm ?? 0) / 1e6;
    this.pins = new PinBank(this.#chip, wires);
    this.pins.onEdge = (pin, level) => this.#edge(pin, level);
    const { pinUse } = options;
    if (pinUse) this.pins.onMode = (pin, drives) => pinUse(pin, drives ? "drive" : "read");
    this.#loop = this.#createLoop();
    this.#watchdog = new Watchdog(clock, () => this.#restart("watchdog"));
    this.#watchdog.idle = () => this.#state === "awake" && !this.#loop.inCode;

    const program = Buffer.from(bundle, "utf8");
    const extra = Object.entries(options.storageFiles ?? {});
    const files: StorageFile[] = extra.map(([name, text]) => ({ name, data: latin1(text) }));
    if (program.length) files.push({ name: ".bootcde", data: program });
    // the images that `hibernode flash` writes
    this.flash.program(STORAGE_START, buildStorageImage(files));
    if (options.settings) this.flash.program(SETTINGS_ADDRESS, settingsImage(options.settings));

    const print = (text: string): void => this.#print(text);
    const driver = flashDriver({
      flash: this.flash,
      clock,
      observe: options.observe,
      spend: (us) => this.#loop.spend(us),
      check: () => this.#loop.check(),
      draw: (load, seconds) => this.#draw(load, seconds),
    });
    const storage = new Storage(this.flash, driver, print);
    const power = this.#createPower();
    const newWorld = (): World => {
      const realm = createRealm(startGenerator().ratio, {
        jsVars: this.#chip.jsVars - (options.wifi ? WIFI_JS_VARS : 0),
        full: (what) => this.#outOfMemory(what),
      });
      const machine = this.#createMachine(realm);
      const system = startSystem(machine, {
        power,
        storage,
        flash: driver,
        watchdog: this.#watchdog,
        modules: options.modules ?? (() => undefined),
        wifi: options.wifi,
        reload: (withCode) => (this.#reload = { withCode }),
      });
      Object.assign(realm.global, system.globals);
      return { realm, machine, system };
    };
    this.#programs =
      options.programs?.({ flash: this.flash, storage, newWorld }) ??
      new Programs(
        this.flash,
        storage,
        newWorld,
        closed ? program.toString("latin1") : undefined,
        options.depth?.meter ??
          (options.figures.nsPerInstruction === undefined ? undefined : instructionMeter(this.#work)),
      );
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** True while device code is on the stack: a native is spending time. */
  get inCode(): boolean {
    return this.#loop.inCode;
  }

  /** What the device's clock shows, in seconds. */
  get time(): number {
    return this.#clockSeconds + ((this.#clock.nowUs - this.#clockUs) / 1e6) * this.#rate;
  }

  /** The clock starts at 0. */
  powerOn(): void {
    if (this.#state !== "off") return;
    this.#setTime(0);
    this.#boot(0, undefined);
  }

  /** Everything stops where it is; the flash keeps what is in it. */
  powerCut(): void {
    if (this.#state === "off") return;
    this.#drop();
    this.#enter("off");
    this.#options.meter.set(0, "off");
  }

  /** The supply sags below the chip's limit: it restarts, `holdUs` later than from a reset, and its clock goes on. */
  brownOut(holdUs = 0): void {
    if (this.#state === "off" || this.#state === "asleep") return;
    this.#restart("brown-out", holdUs);
  }

  /** The program never returns from what it is doing: it draws current until the watchdog or a power cut ends it. */
  hang(): void {
    if (this.#state !== "awake") return;
    this.#loop.stop();
    this.#enter("hung");
  }

  /** Its code was torn off the stack from outside: see `guarded`. */
  abandonTurn(): void {
    this.#loop.abandon();
  }

  /** Ends the run as the interpreter's engine does: a node that does not fit is of no use. */
  #outOfMemory(what: string): never {
    const { jsVars, board } = this.#chip;
    this.powerCut();
    this.#clock.at(this.#clock.nowUs, () => {
      throw new UserError(
        `the firmware ran out of memory: ${what} does not fit into the ${jsVars} JsVars of the ${board}`,
        {
          where: "the firmware",
          fix: "keep less at a time; `hibernode ram` shows what takes how much",
        },
      );
    });
    throw HALT;
  }

  #enter(state: DeviceState): void {
    this.#state = state;
    this.#options.trace?.("mcu", state);
  }

  #boot(cause: number, pin: number | undefined, holdUs = 0): void {
    const { meter, figures } = this.#options;
    this.#wakeCause = cause;
    this.#wakePin = pin;
    this.#wakeSource = undefined;
    this.#enter("booting");
    meter.set(figures.bootAmps, "boot");
    this.pins.boot();
    this.#alarm = this.#clock.after(holdUs + figures.bootMs * 1000, () => this.#start());
  }

  #start(): void {
    if (this.#loop.inCode) {
      // The stack of the device that just ended is still unwinding.
      this.#alarm = this.#clock.after(1, () => this.#start());
      return;
    }
    this.boots++;
    this.#alarm = undefined;
    this.#enter("awake");
    this.#options.meter.set(this.#options.figures.activeAmps, "awake");
    this.#run(true);
  }

  /** Evaluates the boot code in a fresh heap; the loop goes on from there. */
  #run(withCode: boolean): void {
    this.#loop.enter(() => {
      const { world, steps } = this.#programs.next(withCode);
      this.#world = world;
      world.system.serials.start();
      for (const step of steps) if (!this.#loop.dead) this.#loop.call(step, undefined, []);
    });
  }

  #setTime(seconds: number): void {
    this.#clockSeconds = seconds;
    this.#clockUs = this.#clock.nowUs;
    this.#loop.rebase();
  }

  /** The heap, the states of the pins and everything under way are gone. */
  #drop(): void {
    const world = this.#world;
    this.#world = undefined;
    this.#reload = undefined;
    this.#loop.drop();
    world?.system.drop();
    this.#clock.cancel(this.#alarm);
    this.#alarm = undefined;
    this.#wakeSource = undefined;
    this.#watchdog.disable();
    this.pins.release();
  }

  #restart(why: string, holdUs = 0): void {
    this.#options.trace?.("restart", why);
    this.#drop();
    this.#boot(0, undefined, holdUs);
  }

  #deepSleep(source: WakeSource): void {
    this.#world?.system.serials.flush();
    this.#drop();
    this.#enter("asleep");
    this.#options.meter.set(this.#options.figures.sleepAmps, "sleep floor");
    this.#wakeSource = source;
    if (source.kind === "timer")
      this.#alarm = this.#clock.after(source.us / this.#rate, () => this.#boot(TIMER_WAKE, undefined));
    else this.#wakeByPin();
    // A throw through the program costs microseconds at every wake. A closed bundle ends its turn here by itself; whatever
    // else it may do, its next native throws.
    if (!this.#options.closed || this.#options.programs) throw HALT;
  }

  /** Pins wake by level, not by edge. */
  #wakeByPin(): void {
    const source = this.#wakeSource;
    const [ext0, ext1] = this.#chip.pinWakeCauses;
    if (source?.kind === "ext0") {
      // Only the C3 can tell which pin it was.
      if (this.pins.level(source.pin) === source.level) this.#boot(ext0, ext0 === ext1 ? source.pin : undefined);
    } else if (source?.kind === "ext1") {
      const high = source.pins.find((pin) => this.pins.level(pin) === 1);
      if (source.mode === "any-high" && high !== undefined) this.#boot(ext1, high);
      if (source.mode === "all-low" && high === undefined) this.#boot(ext1, source.pins[0]);
    }
  }

  #lightSleep(us: number): void {
    const { meter, figures } = this.#options;
    meter.set(figures.lightSleepAmps, "light sleep");
    this.#options.trace?.("mcu", "light sleep");
    this.#world?.system.serials.suspend(us / this.#rate);
    this.#loop.spend(us / this.#rate);
    meter.set(figures.activeAmps, "awake");
    this.#options.trace?.("mcu", "awake");
    this.#loop.rebase();
  }

  #edge(pin: number, level: 0 | 1): void {
    if (this.#state === "asleep") this.#wakeByPin();
    else this.#world?.system.watches.edge(pin, level);
  }

  #uncaught(thrown: unknown): void {
    const realm = this.#world?.realm;
    const error = realm ? realm.worded(thrown) : thrown;
    try {
      if (this.#world?.system.uncaught(error)) return;
    } catch (other) {
      if (other === HALT) return;
    }
    this.uncaughtErrors++;
    const stack = typeof error === "object" && error !== null ? String((error as Error).stack).split("\n") : [];
    const own = stack
      .filter((line) => /^\s+at .*\.boot|^\s+at .*\bevent:/.test(line))
      .map((line) => (realm ? realm.located(line) : line));
    this.#print(
      `${[`Uncaught ${typeof error === "number" ? formatNumber(error) : String(error)}`, ...own].join("\n")}\n`,
    );
  }

  #print(text: string): void {
    this.#options.console?.(text);
    this.#world?.system.serials.consoleWrite(text.length);
  }

  /** Back in the loop: time for what waits until the interpreter is idle. */
  #idle(): void {
    if (this.#watchdog.auto) this.#watchdog.kick();
    const reload = this.#reload;
    if (!reload) return;
    this.#reload = undefined;
    this.#loop.drop();
    this.#world?.system.drop();
    this.pins.release();
    this.pins.boot();
    this.#run(reload.withCode);
  }

  /** What the bundle has computed since the last call, in microseconds; 0 when it is less than `least`. */
  #takeWorkUs(least: number): number {
    const us = (this.#work[0]! * (this.#options.figures.nsPerInstruction ?? 0)) / 1000;
    if (us < least) return 0;
    this.#work[0] = 0;
    return us;
  }

  #draw(load: ExtraLoad, seconds: number): void {
    const { meter, figures } = this.#options;
    const amps = figures.extraAmps?.[load] ?? 0;
    if (amps > 0 && seconds > 0) meter.pulse(amps * seconds, load, seconds);
  }

  #createLoop(): Loop {
    const device = this;
    return new Loop(this.#clock, {
      get running() { return device.#state === "awake"; },
      get timers() { return device.#world?.system.timers; },
      get realm() { return device.#world?.realm; },
      takeWorkUs: (least) => device.#takeWorkUs(least),
      worked: (isWorking) => device.#options.meter.set(device.#options.figures.activeAmps, isWorking ? "javascript" : "awake"),
      hang: () => device.hang(),
      uncaught: (error) => device.#uncaught(error),
      idle: () => device.#idle(),
    }); // prettier-ignore
  }

  #createPower(): Power {
    const device = this;
    return {
      hasLightSleep: this.#options.lightSleep ?? true,
      get wakeCause() { return device.#wakeCause; },
      get wakePin() { return device.#wakePin; },
      deepSleep: (source) => device.#deepSleep(source),
      lightSleep: (us) => device.#lightSleep(us),
      restart(why) {
        device.#restart(why);
        throw HALT;
      },
    }; // prettier-ignore
  }

  #createMachine(realm: Realm): Machine {
    const device = this;
    const loop = this.#loop;
    const { clock, wires, random, observe, pinUse, trace } = this.#options;
    return {
      clock, wires, random, observe, pinUse, realm,
      chip: this.#chip,
      flash: this.flash,
      pins: this.pins,
      get time() { return device.time; },
      setTime: (seconds) => device.#setTime(seconds),
      check: () => loop.check(),
      spend: (us) => loop.spend(us),
      draw: (load, seconds) => device.#draw(load, seconds),
      spendCpu: () => loop.spendCpu(),
      post: (event) => loop.post(event),
      queue: (run, self, args) => loop.queue(run, self, args),
      call: (run, self, args) => loop.call(run, self, args),
      uncaught: (error) => device.#uncaught(error),
      print: (text) => device.#print(text),
      trace: (signal, value) => trace?.(signal, value),
    }; // prettier-ignore
  }
}
