/**
 * Sensirion SHT4x humidity and temperature sensor on I2C, command by command as its datasheet describes it. It follows
 * its place without delay: its own 2 to 4 s of response are short against any sampling period.
 */
import type { I2cTarget, PartContext } from "../hardware.ts";
import type { Alarm } from "../clock.ts";
import { crc8 } from "./crc8.ts";
import type { I2cWiring, Part } from "./part.ts";
import * as facts from "./sht4x-facts.ts";

export interface Sht4xWiring extends I2cWiring {
  /** Decides the accuracy; "sht40" unless stated. */
  readonly grade?: facts.Grade | undefined;
}

const GENERAL_CALL_RESET = 0x06;

export function sht4x(
  context: PartContext,
  { name, address = facts.addresses[0], grade = "sht40" }: Sht4xWiring,
): Part {
  const { clock, meter, random, trace } = context;
  const causes = {
    idle: `sensor: ${name} idle`,
    start: `sensor: ${name} start-up`,
    measuring: `sensor: ${name} measuring`,
    heating: `sensor: ${name} heating`,
  };
  // What makes this part this part: its serial number and its constant errors.
  const word = (): number => Math.floor(random.next() * 0x10000);
  const serial = [word(), word()] as const;
  const offsetCelsius = (2 * random.next() - 1) * facts.grades[grade].celsius.value;
  const offsetPercent = (2 * random.next() - 1) * facts.grades[grade].percent.value;
  const warmth = heaterWarmth();

  let powered = false;
  let busyUntilUs = 0;
  let alarm: Alarm | undefined;
  let finish: (() => void) | undefined;
  /** The answer to the last command: given once. */
  let answer: Uint8Array | undefined;

  function idle(): void {
    meter.set(facts.idleMicroamps.value * 1e-6, causes.idle);
    trace("state", "idle");
  }

  /** Draws `amps` for `ms`, then does `then`; nothing but a reset interrupts it. */
  function occupy(ms: number, amps: number, cause: string, state: string, then: () => void): void {
    meter.set(amps, cause);
    trace("state", state);
    finish = then;
    alarm = clock.after(ms * 1000, settle);
    busyUntilUs = alarm.atUs;
  }

  /** Takes the end of a phase that has passed, even where the bus is asked in that very microsecond, before the alarm. */
  function settle(): void {
    while (finish && clock.nowUs >= busyUntilUs) {
      const then = finish;
      finish = undefined;
      clock.cancel(alarm);
      then();
    }
  }

  function abort(): void {
    clock.cancel(alarm);
    finish = undefined;
    answer = undefined;
    warmth.heat(0, clock.now);
  }

  function startUp(): void {
    const [typical, longest] = facts.powerUpMs;
    const ms = between(typical.value, longest.value, random.next());
    occupy(ms, facts.powerUpMicroamps.value * 1e-6, causes.start, "starting", idle);
  }

  function measure({ repeatability, heater }: Extract<facts.Command, { does: "measure" }>): void {
    const convert = (heaterAmps: number): void => {
      const ms = between(repeatability.typicalMs.value, repeatability.longestMs.value, random.next());
      const amps = facts.measuringMicroamps.value * 1e-6 + heaterAmps;
      occupy(ms, amps, heaterAmps ? causes.heating : causes.measuring, "measuring", () => {
        answer = result(repeatability);
        warmth.heat(0, clock.now);
        idle();
      });
    };
    if (!heater) return convert(0);
    const ms = heater.typicalMs * (1 + facts.heaterTimeSpread.value * (2 * random.next() - 1));
    const amps = heater.milliamps.value * 1e-3;
    warmth.heat(heater.milliwatts, clock.now);
    occupy(ms, amps, causes.heating, "heating", () => convert(amps));
  }

  function result({ deviationCelsius, deviationPercent }: facts.Repeatability): Uint8Array {
    const ambient = context.world("temperature");
    const warmed = ambient + warmth.kelvin(clock.now);
    // Warming the sensor moves no water: the vapour stays, what the air could hold grows.
    const humidity = (context.world("humidity") * saturation(ambient)) / saturation(warmed);
    const celsius = warmed + offsetCelsius + deviationCelsius.value * random.normal();
    const percent = humidity + offsetPercent + deviationPercent.value * random.normal();
    return words(ticks((celsius + 45) / 175), ticks((percent + 6) / 125));
  }

  function execute(code: number): boolean {
    const command = facts.commands.get(code);
    const busy = finish !== undefined;
    // Busy, it refuses the read header (section 4.1). Inferred, for want of a statement: that it refuses commands then too,
    // except a reset; that it refuses unknown commands and second bytes; that the serial number is ready at once.
    if (!command || (busy && command.does !== "reset")) return false;
    answer = undefined;
    if (command.does === "measure") measure(command);
    else if (command.does === "serial") answer = words(...serial);
    else reset();
    return true;
  }

  function reset(): void {
    abort();
    startUp();
  }

  const i2c: I2cTarget = {
    address,
    write(data) {
      settle();
      if (!powered || context.fault("nak")) return false;
      if (context.fault("stuck") || data.length === 0) return true;
      return execute(data[0]!) && data.length === 1;
    },
    read(count) {
      settle();
      if (!powered || context.fault("nak")) return undefined;
      // A data line held low acknowledges everything and reads as zeros.
      if (context.fault("stuck")) return new Uint8Array(count);
      if (finish || !answer) return undefined;
      // Past the last byte nobody drives the line: it reads as ones.
      const bytes = count === answer.length ? answer : new Uint8Array(count).fill(0xff);
      if (bytes !== answer) bytes.set(answer.subarray(0, count));
      answer = undefined;
      if (context.fault("crc")) flipBit(bytes, Math.floor(random.next() * Math.min(count, 6) * 8));
      return bytes;
    },
    generalCall(data) {
      settle();
      if (!powered || data[0] !== GENERAL_CALL_RESET || context.fault("nak")) return false;
      reset();
      return true;
    },
  };

  function power(on: boolean): void {
    if (on === powered) return;
    powered = on;
    abort();
    if (on) return startUp();
    meter.set(0, causes.idle);
    trace("state", "off");
  }

  power(true);
  const { commands } = facts;
  const pulses = [...commands.values()].flatMap((command) => (command.does === "measure" ? [command] : []));
  return {
    i2c,
    power,
    causes: new Map([
      [causes.idle, [facts.idleMicroamps]],
      [causes.start, [facts.powerUpMicroamps, ...facts.powerUpMs]],
      [causes.measuring, [facts.measuringMicroamps, ...pulses.map(({ repeatability }) => repeatability.typicalMs)]],
      [causes.heating, pulses.flatMap(({ heater }) => (heater ? [heater.milliamps] : []))],
    ]),
  };
}

/** Kelvin above the surroundings: first-order warming and cooling. */
function heaterWarmth(): { heat(milliwatts: number, now: number): void; kelvin(now: number): number } {
  let target = 0;
  let start = 0;
  let since = 0;
  const kelvin = (now: number): number =>
    target + (start - target) * Math.exp((since - now) / facts.thermalSeconds.value);
  return {
    heat(milliwatts, now) {
      if (target === 0 && milliwatts === 0) return;
      start = kelvin(now);
      since = now;
      target = milliwatts * facts.heaterKelvinPerMilliwatt.value;
    },
    kelvin: (now) => (target === 0 && start === 0 ? 0 : kelvin(now)),
  };
}

/** Saturation vapour pressure over water, relative (Magnus formula; only ratios matter). */
const saturation = (celsius: number): number => Math.exp((17.62 * celsius) / (243.12 + celsius));

const between = (low: number, high: number, share: number): number => low + (high - low) * share;

/** The 16-bit word for a share of full scale. */
const ticks = (share: number): number => Math.min(0xffff, Math.max(0, Math.round(share * 0xffff)));

/** Two words as the part sends them: high byte, low byte, checksum. */
function words(first: number, second: number): Uint8Array {
  const [high, low, top, bottom] = [first >> 8, first & 0xff, second >> 8, second & 0xff];
  return Uint8Array.of(high, low, crc8([high, low]), top, bottom, crc8([top, bottom]));
}

function flipBit(bytes: Uint8Array, bit: number): void {
  if (bytes.length > 0) bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
}
