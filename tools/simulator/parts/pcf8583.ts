/**
 * NXP PCF8583 as an event counter: a contact at OSCI, six decimal digits in three registers, and RAM. The clock modes, the
 * alarm and the interrupt pin are not modelled: in them the count stands still.
 */
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import type { I2cWiring, Part } from "./part.ts";
import { facts } from "./pcf8583-facts.ts";
import { pulseCount, unitsPerSecond, type Rate } from "./pulse-rates.ts";
import { byteRegisters } from "./registers.ts";
import { fromBcd, toBcd } from "./rtc-calendar.ts";

const { figures, addresses } = facts;

const CONTROL = 0;
/** Two digits each, the lowest first. */
const DIGITS = [1, 2, 3] as const;
const [STOP, MODE, EVENTS] = [0x80, 0x30, 0x20];
const FULL = 1e6;

export interface Pcf8583Wiring extends I2cWiring {
  /** What is counted, see `pulse-rates.ts`. */
  readonly quantity: Rate;
  /** Per kWh, litre, metre of wind run or mm of rain. */
  readonly pulsesPerUnit: number;
}

export function pcf8583(context: PartContext, wiring: Pcf8583Wiring): Part {
  const { name, address = addresses[0], quantity, pulsesPerUnit } = wiring;
  const { clock, random, world } = context;
  if (!(pulsesPerUnit > 0))
    throw new RangeError(`counter "${name}": ${pulsesPerUnit} pulses per unit, expected more than 0`);
  const body = createBody(context, name, { counting: [figures.countingMicroamps, figures.countingMaxMicroamps] });
  const registers = new Uint8Array(256);
  /** What a transfer sees of the counters: all three as they were when it began. */
  let latched: readonly number[] = [0, 0, 0];
  const pulses = pulseCount(
    clock,
    () => Math.max(0, world(quantity)) * unitsPerSecond[quantity] * pulsesPerUnit,
    random.next(),
  );
  /** Pulses that were seen, whether they counted or not. */
  let seen = pulses();

  const count = (): number => DIGITS.reduce((sum, at, i) => sum + fromBcd(registers[at]!) * 100 ** i, 0);
  /** Takes what has come since the last look. */
  const catchUp = (): void => {
    const now = pulses();
    if (now > seen && (registers[CONTROL]! & (STOP | MODE)) === EVENTS) {
      const total = (count() + now - seen) % FULL;
      DIGITS.forEach((at, i) => (registers[at] = toBcd(Math.floor(total / 100 ** i) % 100)));
    }
    seen = now;
  };

  const file = byteRegisters({
    pointer(byte) {
      catchUp();
      latched = DIGITS.map((at) => registers[at]!);
      return byte;
    },
    read: (at) => (at >= 1 && at <= 3 ? latched[at - 1]! : registers[at]!),
    write: (at, value) => void (registers[at] = value),
  });
  return body.part({ i2c: body.i2c(address, file) }, () => {
    // the control register and the counters are reset by power-on, the RAM holds anything
    registers.forEach((_, at) => (registers[at] = at < 8 ? 0 : random.next() * 256));
    seen = pulses();
    body.enter("counting");
  });
}
