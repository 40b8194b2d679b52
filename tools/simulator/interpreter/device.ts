/**
 * The second engine: the same device on the same wires, but its code runs on the real Espruino interpreter, one child
 * process per boot. Deep sleep ends the process; the flash is all that the next one gets.
 */
import fs from "node:fs";
import path from "node:path";
import { Device, type DeviceOptions } from "../device.ts";
import { type ChipFacts, chips } from "../espruino/chips.ts";
import type { Program, ProgramParts } from "../espruino/program.ts";
import { Bridge } from "./bridge.ts";
import { FlashFile } from "./image.ts";
import { MemoryMeter, type MemoryUse } from "./memory.ts";
import { preludeText } from "./prelude.ts";
import type { Interpreter } from "./probe.ts";
import { InterpreterProcess } from "./process.ts";

export interface InterpreterDeviceOptions extends Omit<DeviceOptions, "programs"> {
  readonly interpreter: Interpreter;
  /** Real milliseconds of computing without any native call after which the program counts as hung. Default 10,000. */
  readonly silenceMs?: number;
  /** Keeps `memory` up to date; the garbage collector then runs at every native call. */
  readonly measureMemory?: boolean;
  /** With `measureMemory`: lists the heap's variables when that many JsVars are in use. */
  readonly heapAt?: number | undefined;
}

const SILENCE_MS = 10_000;
/** What `reset()` runs instead of `.bootcde`: nothing. */
const EMPTY_SCRIPT = "empty.js";
const bootFiles = [".bootPowerOn", ".boot0", ".boot1", ".boot2", ".boot3"];

export class InterpreterDevice extends Device {
  readonly #engine: Engine;

  constructor(options: InterpreterDeviceOptions) {
    let engine: Engine | undefined;
    super({
      ...options,
      programs: (parts) =>
        (engine = createEngine(options, parts, { hang: () => this.hang(), fail: () => super.powerCut() })),
    });
    this.#engine = engine!;
  }

  /** Undefined unless measured. */
  get memory(): MemoryUse | undefined {
    return this.#engine.memory?.use;
  }

  override powerCut(): void {
    super.powerCut();
    this.#engine.bridge.end();
  }

  /** Ends the child process and removes its folder. The device cannot be used afterwards; its flash can be read. */
  close(): void {
    this.powerCut();
    this.#engine.close();
  }
}

/** A device on the interpreter that `findInterpreter` has checked; `close` it when done. */
export function createInterpreterDevice(options: InterpreterDeviceOptions): InterpreterDevice {
  return new InterpreterDevice(options);
}

interface Engine {
  readonly bridge: Bridge;
  readonly memory: MemoryMeter | undefined;
  next(withCode: boolean): Program;
  close(): void;
}

function createEngine(
  options: InterpreterDeviceOptions,
  { flash, storage, newWorld }: ProgramParts,
  device: { hang(): void; fail(): void },
): Engine {
  const { interpreter, clock, chip, closed = false, measureMemory = false, heapAt } = options;
  const memory = measureMemory ? new MemoryMeter(() => clock.now, heapAt) : undefined;
  const process = new InterpreterProcess(interpreter.program, options.silenceMs ?? SILENCE_MS);
  const file = new FlashFile(process.folder, flash, interpreter.storageAt);
  fs.writeFileSync(path.join(process.folder, EMPTY_SCRIPT), "");
  fs.writeFileSync(
    path.join(process.folder, "prelude"),
    preludeText({
      ...portsOf(chips[chip]),
      measure: measureMemory,
      wifi: options.wifi !== undefined,
      ...(heapAt && { heapAt }),
    }),
  );

  const bridge = new Bridge(process, file, {
    hang: () => device.hang(),
    fail(error) {
      device.fail();
      // Out of the run's own loop, not through the code of a device that is no more.
      clock.at(clock.nowUs, () => {
        throw error;
      });
    },
    modules: options.modules,
    memory,
  });

  let readVersion = -1;
  /** The time that the fast engine takes for reading the boot code: a closed bundle is read again when Storage has changed. */
  const read = (withCode: boolean): void => {
    if (closed && readVersion === flash.storageVersion) return;
    readVersion = flash.storageVersion;
    const main = storage.find(".bootrst") ?? (withCode ? storage.find(".bootcde") : undefined);
    for (const entry of [...bootFiles.map((name) => storage.find(name)), main]) if (entry) storage.text(entry);
  };

  return {
    bridge,
    memory,
    next(withCode) {
      const world = newWorld();
      const check = (): void => {
        if (storage.isValid()) return;
        world.machine.print("Storage is corrupt.\n");
        storage.eraseAll();
      };
      const boot = (): void => bridge.boot(world, withCode ? ["-e", ""] : [EMPTY_SCRIPT]);
      return { world, steps: [check, () => read(withCode), boot] };
    },
    close() {
      file.close();
      process.close();
    },
  };
}

/** The chip's ports by class, the Linux program's other ports, and what `process.env` says on the chip. */
function portsOf(chip: ChipFacts) {
  const ports = { I2C: Object.keys(chip.i2c), SPI: chip.spi, Serial: Object.keys(chip.serial), OneWire: [] };
  const own = [...ports.I2C, ...ports.SPI, ...ports.Serial, ...chip.pins.map((pin) => `D${pin}`)];
  const program = [1, 2, 3].flatMap((n) => [`I2C${n}`, `SPI${n}`, `Serial${n}`, `Serial${n + 3}`]);
  const absent = [...program, "LoopbackA", "LoopbackB", "Telnet"].filter((name) => !own.includes(name));
  const env = {
    VERSION: "2v29",
    BOARD: chip.board,
    FLASH: 0x400000,
    STORAGE: 0xe0000,
    SERIAL: "a0b0c0d0-e0f0",
    CONSOLE: "Serial1",
    MODULES: "Flash,Storage,crypto",
  };
  return { ports, absent, env };
}
