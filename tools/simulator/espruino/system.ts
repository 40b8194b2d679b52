/** One running interpreter: every global of an Espruino build for the ESP32, wired to one machine. */
import { adopt, events } from "./events.ts";
import { cryptoModule } from "./crypto.ts";
import { dates } from "./date.ts";
import { espruino } from "./e.ts";
import { esp32, type Power } from "./esp32.ts";
import type { FlashDriver } from "./flash-driver.ts";
import { i2c } from "./i2c.ts";
import type { Callback, Machine, Peripheral } from "./machine.ts";
import { modules, type ModuleSource } from "./modules.ts";
import { oneWire } from "./onewire.ts";
import { pins as pinFunctions } from "./pins.ts";
import { toConsole } from "./print.ts";
import { promises } from "./promise.ts";
import { serials as serialPorts, type Serials } from "./serial.ts";
import { spi } from "./spi.ts";
import { flashModule, storageModule } from "./storage-module.ts";
import type { Storage } from "./storage.ts";
import { Timers } from "./timers.ts";
import { type Watches, watches as pinWatches } from "./watch.ts";
import type { Watchdog } from "./watchdog.ts";
import type { WifiRadio } from "../network/wifi.ts";
import { wifiModules } from "./wifi-modules.ts";

export interface System {
  readonly globals: Readonly<Record<string, unknown>>;
  readonly timers: Timers;
  readonly watches: Watches;
  readonly serials: Serials;
  /** Listeners of `process` for what nothing caught: true when there was one. */
  uncaught(error: unknown): boolean;
  /** The event that follows the boot code. */
  init(): void;
  /** Forgets everything: the heap is gone. */
  drop(): void;
}

export interface SystemParts {
  readonly power: Power;
  readonly storage: Storage;
  readonly flash: FlashDriver;
  readonly watchdog: Watchdog;
  readonly modules: ModuleSource;
  /** Where the board's Wi-Fi is switched on. */
  readonly wifi?: WifiRadio | undefined;
  /** `load` and `reset`: the interpreter starts again when it is idle next. */
  readonly reload: (withCode: boolean) => void;
}

/** Free variables are not modelled: what a small program leaves on a build with radios off. */
const MEMORY = { usage: 1000, history: 0, gc: 0, gctime: 1, blocksize: 14 };

export function startSystem(
  machine: Machine,
  { power, storage, flash, watchdog, modules: source, reload, wifi }: SystemParts,
): System {
  const { realm, chip } = machine;
  const listeners = events(machine);
  const timers = new Timers(machine);
  const pins = pinFunctions(machine);
  const watches = pinWatches(machine, pins, timers);
  const serials = serialPorts(machine, pins, listeners);
  const clockwork = dates(machine);
  const restart = (): never => power.restart("reboot");
  const saved = [".varimg", ".bootcde", ".bootrst"];
  const removeSavedCode = (): void => saved.forEach((name) => storage.erase(name));
  const helpers = espruino(machine, clockwork, storage, watchdog, restart);

  const { StorageFile, ...storageLibrary } = storageModule(machine, storage, flash);
  const radio = wifi && wifiModules(machine, listeners, wifi);
  const libraries = {
    ...radio?.libraries,
    Storage: adopt(machine, storageLibrary),
    Flash: flashModule(machine, flash),
    crypto: cryptoModule(machine),
  };
  const log = (...values: unknown[]): void => {
    machine.check();
    machine.print(`${values.map(toConsole).join(" ")}\n`);
  };
  const notSimulated = (name: string) => (): never => {
    throw new realm.Error(`${name}: not simulated`);
  };
  const process = adopt(machine, {
    version: "2v29",
    env: adopt(machine, {
      VERSION: "2v29", BOARD: chip.board, FLASH: 0x400000, STORAGE: 0xe0000, SERIAL: "a0b0c0d0-e0f0", CONSOLE: "Serial1",
      MODULES: "Flash,Storage,crypto",
    }), // prettier-ignore
    memory: () => adopt(machine, { free: chip.jsVars - MEMORY.usage, total: chip.jsVars, ...MEMORY }),
  });

  const parts: Peripheral[] = [
    listeners, timers, promises(machine), pins, watches, serials, i2c(machine, pins), spi(machine, pins), oneWire(machine, pins),
    clockwork, helpers, esp32(machine, pins, power, removeSavedCode), modules(machine, storage, libraries, source),
  ]; // prettier-ignore
  const noOperation = (): void => machine.check();
  const peek = Object.fromEntries(
    ["peek8", "peek16", "poke8", "poke16", "poke32"].map((name) => [name, notSimulated(name)]),
  );
  const noRegister = notSimulated("peek32 but of the noise");
  const peek32 = (address: unknown): number =>
    address === chip.randomRegister ? Math.floor(machine.random.next() * 2 ** 32) : noRegister();

  const globals: Record<string, unknown> = {
    ...Object.assign({}, ...parts.map((part) => part.globals)),
    ...peek,
    peek32,
    StorageFile,
    process,
    console: adopt(machine, { log, info: log, warn: log, error: log, debug: log, trace: noOperation }),
    print: log,
    btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"),
    atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    InternalError: realm.Error,
    load: () => reload(true),
    reset(clearFlash?: unknown) {
      if (clearFlash) removeSavedCode();
      reload(false);
    },
    getSerial: () => "a0b0c0d0-e0f0",
    setDeepSleep: noOperation,
    setSleepIndicator: noOperation,
    setBusyIndicator: noOperation,
    echo: noOperation,
    save: notSimulated("save"),
    dump: notSimulated("dump"),
    edit: notSimulated("edit"),
    trace: notSimulated("trace"),
    quit: notSimulated("quit"),
  };
  const E = globals["E"] as object;

  return {
    globals,
    timers,
    watches,
    serials,
    uncaught(error) {
      const found = listeners.of(process, "uncaughtException");
      for (const listener of found ?? []) (listener as Callback).call(process, error);
      return found !== undefined;
    },
    init: () => void listeners.deliver(E, "init"),
    drop() {
      radio?.drop();
      for (const part of parts) part.drop?.();
    },
  };
}
