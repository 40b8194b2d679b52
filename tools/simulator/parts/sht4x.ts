/**
 * Sensirion SHT4x humidity and temperature sensor on I2C, command by command as its datasheet describes it. It follows
 * its place without delay: its own 2 to 4 s of response are short against any sampling period.
 */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { crc8 } from "./crc8.ts";
import { between, clamp, type I2cWiring, type Part, within } from "./part.ts";
import * as facts from "./sht4x-facts.ts";

export interface Sht4xWiring extends I2cWiring {
  /** Decides the accuracy; "sht40" unless stated. */
  readonly grade?: facts.Grade | undefined;
}

const GENERAL_CALL_RESET = 0x06;

type Measure = Extract<facts.Command, { does: "measure" }>;

const measures: readonly Measure[] = [...facts.commands.values()].filter((one) => one.does === "measure");

export function sht4x(
  context: PartContext,
  { name, address = facts.addresses[0], grade = "sht40" }: Sht4xWiring,
): Part {
  const { clock, random } = context;
  const body = createBody(context, name, {
    idle: facts.idleMicroamps,
    "start-up": [facts.powerUpMicroamps, ...facts.powerUpMs],
    measuring: [facts.measuringMicroamps, ...measures.map(({ repeatability }) => repeatability.typicalMs)],
    heating: [facts.measuringMicroamps, ...measures.flatMap(({ heater }) => (heater ? [heater.milliamps] : []))],
  });
  // What makes this part this part: its serial number and its constant errors.
  const word = (): number => Math.floor(random.next() * 0x10000);
  const serial = [word(), word()] as const;
  const offsetCelsius = within(random, facts.grades[grade].celsius.value);
  const offsetPercent = within(random, facts.grades[grade].percent.value);
  const warmth = heaterWarmth();
  /** The answer to the last command: given once. */
  let answer: Uint8Array | undefined;

  function measure({ repeatability, heater }: Measure): void {
    const heaterMicroamps = heater ? heater.milliamps.value * 1e3 : 0;
    const convert = (): void => {
      const ms = between(repeatability.typicalMs.value, repeatability.longestMs.value, random.next());
      body.enter(heater ? "heating" : "measuring", facts.measuringMicroamps.value + heaterMicroamps);
      body.occupy(ms * 1000, () => {
        answer = result(repeatability);
        warmth.heat(0, clock.now);
        body.enter("idle");
      });
    };
    if (!heater) return convert();
    const ms = heater.typicalMs * (1 + within(random, facts.heaterTimeSpread.value));
    warmth.heat(heater.milliwatts, clock.now);
    body.enter("heating", heaterMicroamps);
    body.occupy(ms * 1000, convert);
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

  function forget(): void {
    answer = undefined;
    warmth.heat(0, clock.now);
  }

  function reset(): void {
    forget();
    body.enter("start-up");
    const [typical, longest] = facts.powerUpMs;
    body.occupy(between(typical.value, longest.value, random.next()) * 1000, () => body.enter("idle"));
  }

  const i2c = body.i2c(address, {
    write(data) {
      if (data.length === 0) return true;
      const command = facts.commands.get(data[0]!);
      // Busy, it refuses the read header (section 4.1). Inferred, for want of a statement: that it refuses commands then too,
      // except a reset; that it refuses unknown commands and second bytes; that the serial number is ready at once.
      if (!command || (body.busy && command.does !== "reset")) return false;
      answer = undefined;
      if (command.does === "measure") measure(command);
      else if (command.does === "serial") answer = words(...serial);
      else reset();
      return data.length === 1;
    },
    read(count) {
      if (body.busy || !answer) return undefined;
      // Past the last byte nobody drives the line: it reads as ones.
      const bytes = new Uint8Array(count).fill(0xff);
      bytes.set(answer.subarray(0, count));
      answer = undefined;
      return bytes;
    },
    generalCall(data) {
      if (data[0] !== GENERAL_CALL_RESET) return false;
      reset();
      return true;
    },
  });

  return body.part({ i2c }, reset, forget);
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

/** The 16-bit word for a share of full scale. */
const ticks = (share: number): number => clamp(Math.round(share * 0xffff), 0, 0xffff);

/** Two words as the part sends them: high byte, low byte, checksum. */
function words(first: number, second: number): Uint8Array {
  const [high, low, top, bottom] = [first >> 8, first & 0xff, second >> 8, second & 0xff];
  return Uint8Array.of(high, low, crc8([high, low]), top, bottom, crc8([top, bottom]));
}
