/** Sensirion SHT3x humidity and temperature sensor: sixteen-bit commands, one measurement or many, words with checksums. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { crc8 } from "./crc8.ts";
import { between, clamp, type I2cWiring, type Part, within } from "./part.ts";
import * as data from "./sht3x-facts.ts";

const { figures, addresses } = data.facts;

const ALERT = 0x8000;
const HEATER = 0x2000;
const HUMIDITY_ALERT = 0x0800;
const TEMPERATURE_ALERT = 0x0400;
const RESET_DETECTED = 0x0010;
const COMMAND_FAILED = 0x0002;
const CHECKSUM_FAILED = 0x0001;
const GENERAL_CALL_RESET = 0x06;
/** Kelvin that the heater adds at the sensor: "a few degrees", here three. */
const HEATER_KELVIN = 3;

export function sht3x(context: PartContext, { name, address = addresses[0] }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    idle: figures.idleMicroamps,
    "start-up": [figures.waitingMicroamps, figures.startUpMs],
    measuring: figures.measuringMicroamps,
    periodic: [figures.waitingMicroamps, figures.measuringMicroamps],
    heating: [figures.waitingMicroamps, figures.heaterMilliwatts],
  });
  const run = freeRun(clock);
  const word = (): number => Math.floor(random.next() * 0x10000);
  const serial = [word(), word()];
  const errorPercent = within(random, figures.accuracyPercent.value);
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  let status = 0;
  let limits: number[] = [];
  let answer: Uint8Array | undefined;
  let stretches = false;
  let periodic = data.high;

  /** The heater's power is that of 3.3 V: its figure falls with the square of the supply. */
  const heaterMicroamps = (figures.heaterMilliwatts.value * 1e3 * (3.3 / 5.5) ** 2) / 3.3;

  function rest(): void {
    if (status & HEATER) body.enter("heating", heaterMicroamps);
    else body.enter("idle");
  }

  function measured({ deviationCelsius, deviationPercent }: data.Repeatability): Uint8Array {
    const warmth = status & HEATER ? HEATER_KELVIN : 0;
    const celsius = world("temperature") + warmth + errorCelsius + deviationCelsius.value * random.normal();
    const percent = world("humidity") + errorPercent + deviationPercent.value * random.normal();
    return words(ticks((celsius + 45) / 175), ticks(percent / 100));
  }

  function compare(bytes: Uint8Array): void {
    // A limit is seven bits of humidity above nine bits of temperature.
    const humidity = bytes[3]! >> 1;
    const temperature = (bytes[0]! << 1) | (bytes[1]! >> 7);
    const [highSet, , , lowSet] = limits as [number, number, number, number];
    if (humidity > highSet >> 9 || humidity < lowSet >> 9) status |= HUMIDITY_ALERT | ALERT;
    if (temperature > (highSet & 0x1ff) || temperature < (lowSet & 0x1ff)) status |= TEMPERATURE_ALERT | ALERT;
  }

  function catchUp(): void {
    if (run.ended() === 0) return;
    answer = measured(periodic);
    compare(answer);
  }

  function durationUs({ typicalMs, longestMs }: data.Repeatability): number {
    return between(typicalMs.value, longestMs.value, random.next()) * 1000;
  }

  function reset(): void {
    run.stop();
    status = ALERT | RESET_DETECTED;
    limits = [...data.limits];
    answer = undefined;
    body.enter("start-up");
    const ms = between(figures.startUpMs.value, figures.startUpLongestMs.value, random.next());
    body.occupy(ms * 1000, rest);
  }

  function execute(command: data.Command, parameter: Uint8Array): void {
    // Unless a command says otherwise, there is nothing to read after it.
    const fetched = answer;
    answer = undefined;
    stretches = "stretch" in command && command.stretch;
    switch (command.does) {
      case "measure":
        body.enter("measuring");
        return body.occupy(durationUs(command.repeatability), () => {
          answer = measured(command.repeatability);
          rest();
        });
      case "repeat": {
        periodic = command.repeatability;
        const us = durationUs(periodic);
        const share = (us * command.hertz) / 1e6;
        body.enter("periodic", between(figures.waitingMicroamps.value, figures.measuringMicroamps.value, share));
        return run.start(1e6 / command.hertz, us);
      }
      case "fetch":
        answer = fetched;
        return;
      case "break":
        run.stop();
        return body.occupy(figures.breakMs.value * 1000, rest);
      case "reset":
        return reset();
      case "heat":
      case "cool":
        status = command.does === "heat" ? status | HEATER : status & ~HEATER;
        if (!run.running) rest();
        return;
      case "status":
        answer = words(status);
        return;
      case "clear":
        status &= ~(ALERT | HUMIDITY_ALERT | TEMPERATURE_ALERT | RESET_DETECTED);
        return;
      case "serial":
        answer = words(...serial);
        return;
      case "limit":
        if (!command.writes) answer = words(limits[command.limit]!);
        else if (crc8(parameter.subarray(0, 2)) === parameter[2])
          limits[command.limit] = parameter[0]! * 256 + parameter[1]!;
        else status |= CHECKSUM_FAILED;
    }
  }

  /** While it measures periodically, only these are taken. */
  const alwaysTaken = ["fetch", "break", "reset", "status", "clear", "heat", "cool", "limit"];

  const i2c = body.i2c(address, {
    write(bytes) {
      catchUp();
      if (bytes.length < 2) return bytes.length === 0;
      const command = data.commands.get(bytes[0]! * 256 + bytes[1]!);
      const refused = body.busy ? command?.does !== "reset" : run.running && !alwaysTaken.includes(command?.does ?? "");
      if (!command || refused) {
        status |= COMMAND_FAILED;
        return false;
      }
      status &= ~(COMMAND_FAILED | CHECKSUM_FAILED);
      execute(command, bytes.subarray(2));
      return true;
    },
    read(count) {
      if (stretches) body.stretch();
      catchUp();
      if (body.busy || !answer) return undefined;
      const bytes = new Uint8Array(count).fill(0xff);
      bytes.set(answer.subarray(0, count));
      answer = undefined;
      return bytes;
    },
    generalCall(bytes) {
      if (bytes[0] !== GENERAL_CALL_RESET) return false;
      reset();
      return true;
    },
  });

  return body.part({ i2c }, reset, () => run.stop());
}

const ticks = (share: number): number => clamp(Math.round(share * 0xffff), 0, 0xffff);

/** Words as the part sends them: high byte, low byte, checksum. */
const words = (...list: number[]): Uint8Array =>
  Uint8Array.from(list.flatMap((word) => [word >> 8, word & 0xff, crc8([word >> 8, word & 0xff])]));
