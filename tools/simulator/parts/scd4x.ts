/**
 * Sensirion SCD4x carbon dioxide sensor: commands with execution times, in which neither further commands nor read
 * headers are acknowledged.
 */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { crc8 } from "./crc8.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";
import { commands, facts, settingsAtReset, variants, type Command, type Variant } from "./scd4x-facts.ts";

const { figures, addresses } = facts;

export interface Scd4xWiring extends I2cWiring {
  /** "scd41" unless stated. */
  readonly variant?: Variant | undefined;
}

/** get_data_ready_status: eleven low bits count; the high bit is set in the datasheet's own example of "not ready". */
const [NOT_READY, READY] = [0x8000, 0x8006];

export function scd4x(context: PartContext, { name, address = addresses[0], variant = "scd41" }: Scd4xWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    idle: figures.idleMicroamps,
    "power-down": figures.powerDownMicroamps,
    periodic: figures.periodicMicroamps,
    "low power periodic": figures.lowPowerMicroamps,
    "single shot": figures.singleShotMicroamps,
  });
  const run = freeRun(clock);
  const facts = variants[variant];
  const word = (): number => Math.floor(random.next() * 0x10000);
  const serial = [word(), word(), word()];
  const [errorPpm, errorShare] = [within(random, facts.ppm), within(random, facts.share)];
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const errorPercent = within(random, figures.accuracyPercent.value);
  let eeprom = { ...settingsAtReset };
  let settings = { ...settingsAtReset };
  /** A forced recalibration shifts all that follows; it survives in the part. */
  let correctionPpm = 0;
  let buffer: number[] | undefined;
  let answer: number[] | undefined;
  let asleep = false;

  function measured(withGas: boolean): number[] {
    // Its own warmth, which the offset is there to take away: the world sees the difference to the default.
    const warmth = figures.offsetCelsius.value - (settings.temperatureOffset * 175) / 65535;
    const celsius = world("temperature") + warmth + errorCelsius;
    const percent = world("humidity") + errorPercent;
    // The gas law: less pressure, fewer molecules. The ambient pressure that it was told takes that away again.
    const ppm =
      world("co2") * (1 + errorShare) +
      errorPpm +
      correctionPpm +
      (figures.repeatabilityPpm.value / 3) * random.normal();
    return [
      withGas ? clamp(Math.round(ppm), 0, 40_000) : 0,
      clamp(Math.round(((celsius + 45) / 175) * 0xffff), 0, 0xffff),
      clamp(Math.round((percent / 100) * 0xffff), 0, 0xffff),
    ];
  }

  function catchUp(): void {
    if (run.ended() > 0) buffer = measured(true);
  }

  function start(): void {
    settings = { ...eeprom };
    run.stop();
    buffer = answer = undefined;
    asleep = false;
    body.enter("idle");
    body.occupy(figures.startUpMs.value * 1000, () => {});
  }

  function recalibrate(target: number): void {
    const before = measured(true)[0]!;
    correctionPpm += target - before;
    answer = [clamp(target - before + 0x8000, 0, 0xffff)];
  }

  /** What a command does at once; returns what it does at the end of its execution time. */
  function begin(command: Command, parameter: number | undefined): (() => void) | undefined {
    answer = undefined;
    switch (command.does) {
      case "periodic":
      case "lowPower": {
        const [state, ms] =
          command.does === "periodic"
            ? (["periodic", figures.periodMs] as const)
            : (["low power periodic", figures.lowPowerPeriodMs] as const);
        body.enter(state);
        run.start(ms.value * 1000);
        return;
      }
      case "stop":
        run.stop();
        buffer = undefined;
        return () => body.enter("idle");
      case "read":
        answer = buffer;
        return;
      case "ready":
        answer = [buffer ? READY : NOT_READY];
        return;
      case "set":
        if (parameter !== undefined) settings[command.setting] = parameter;
        return;
      case "get":
        answer = [settings[command.setting]];
        return;
      case "pressure":
        if (parameter === undefined) answer = [settings.pressure];
        else settings.pressure = parameter;
        return;
      case "serial":
        answer = serial;
        return;
      case "variant":
        answer = [facts.word];
        return;
      case "persist":
        return () => (eeprom = { ...settings });
      case "recalibrate":
        return () => recalibrate(parameter ?? 400);
      case "test":
        return () => (answer = [0]);
      case "factoryReset":
        return () => {
          eeprom = { ...settingsAtReset };
          correctionPpm = 0;
          start();
        };
      case "reinit":
        return start;
      case "singleShot":
      case "singleShotRht":
        body.enter("single shot");
        buffer = undefined;
        return () => {
          buffer = measured(command.does === "singleShot");
          body.enter("idle");
        };
      case "powerDown":
        return () => {
          asleep = true;
          buffer = undefined;
          body.enter("power-down");
        };
      case "wakeUp":
        return;
    }
  }

  const i2c = body.i2c(address, {
    write(bytes) {
      catchUp();
      if (bytes.length === 0) return !asleep;
      const command = commands.get(bytes[0]! * 256 + (bytes[1] ?? 0));
      if (asleep) {
        // wake_up itself is not acknowledged.
        if (command?.does === "wakeUp") start();
        return false;
      }
      const allowed =
        command && (!run.running || command.always) && (facts.singleShot || !command.does.startsWith("single"));
      if (!command || !allowed || body.busy || bytes.length < 2) return false;
      let parameter: number | undefined;
      if (bytes.length >= 5) {
        // A parameter with a wrong checksum is ignored.
        if (crc8(bytes.subarray(2, 4)) !== bytes[4]) return true;
        parameter = bytes[2]! * 256 + bytes[3]!;
      }
      const then = begin(command, parameter);
      if (command.ms > 0) body.occupy(command.ms * 1000, then ?? (() => {}));
      return true;
    },
    read(count) {
      catchUp();
      if (asleep || body.busy || !answer) return undefined;
      const bytes = new Uint8Array(count).fill(0xff);
      const sent = answer.flatMap((value) => [value >> 8, value & 0xff, crc8([value >> 8, value & 0xff])]);
      bytes.set(sent.slice(0, count));
      if (answer === buffer) buffer = undefined;
      answer = undefined;
      return bytes;
    },
  });

  return body.part({ i2c }, start, () => run.stop());
}
