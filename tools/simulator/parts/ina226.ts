/** Texas Instruments INA226: as the INA219, with finer steps, averaging and an alert pin. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import type { ShuntWiring } from "./ina219.ts";
import { averages, conversionUs, facts } from "./ina226-facts.ts";
import { clamp, type Part, within } from "./part.ts";
import { int16, wordRegisters } from "./registers.ts";

const { figures, addresses } = facts;

/** Registers in order: configuration, shunt, bus, power, current, calibration, mask, limit. */
const [CONFIG, CALIBRATION, MASK, LIMIT] = [0, 5, 6, 7];
const ids: Readonly<Record<number, number>> = { 0xfe: 0x5449, 0xff: 0x2260 };
const CONFIG_AT_RESET = 0x4127;
const RESET = 0x8000;
const [MODE_SHUNT, MODE_BUS, MODE_CONTINUOUS] = [1, 2, 4];
/** Mask register: what the alert pin shows, and its flags. */
const [SHUNT_OVER, SHUNT_UNDER, BUS_OVER, BUS_UNDER, POWER_OVER, ON_READY] = [
  0x8000, 0x4000, 0x2000, 0x1000, 0x0800, 0x0400,
];
const [ALERT, READY, OVERFLOW, ACTIVE_HIGH, LATCH] = [0x10, 0x08, 0x04, 0x02, 0x01];

export function ina226(
  context: PartContext,
  { name, address = addresses[0]!, shuntOhms = 0.1, lines }: ShuntWiring,
): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { idle: figures.shutdownMicroamps, measuring: figures.activeMicroamps });
  const run = freeRun(clock);
  const offsetVolts = within(random, figures.offsetVolts.value);
  const busGain = 1 + within(random, figures.busGain.value);
  let config = CONFIG_AT_RESET;
  let calibration = 0;
  let mask = 0;
  let limit = 0;
  let shunt = 0;
  let bus = 0;

  const current = (): number => Math.trunc((shunt * calibration) / 2048);
  const power = (): number => Math.min(0xffff, Math.trunc((Math.abs(current()) * bus) / 20_000));

  function showAlert(): void {
    const on = (mask & ALERT) !== 0 || (mask & (ON_READY | READY)) === (ON_READY | READY);
    lines?.["alert"]?.drive(on === ((mask & ACTIVE_HIGH) !== 0) ? 1 : 0);
  }

  function convert(): void {
    const mode = config & 7;
    if (mode & MODE_SHUNT) {
      const counts = (world("current") * shuntOhms + offsetVolts) / figures.shuntVoltsPerCount.value;
      shunt = clamp(Math.round(counts), -0x8000, 0x7fff);
    }
    if (mode & MODE_BUS)
      bus = clamp(Math.round((world("voltage") * busGain) / figures.busVoltsPerCount.value), 0, 0x7fff);
    const signed = (limit << 16) >> 16;
    const over =
      (mask & SHUNT_OVER && shunt > signed) ||
      (mask & SHUNT_UNDER && shunt < signed) ||
      (mask & BUS_OVER && bus > limit) ||
      (mask & BUS_UNDER && bus < limit) ||
      (mask & POWER_OVER && power() > limit);
    mask = (mask & ~OVERFLOW) | READY | (Math.abs(current()) > 0x7fff ? OVERFLOW : 0);
    if (over) mask |= ALERT;
    else if (!(mask & LATCH)) mask &= ~ALERT;
    showAlert();
  }

  function catchUp(): void {
    if (run.ended() > 0) convert();
  }

  function configure(value: number): void {
    catchUp();
    run.stop();
    body.abort();
    if (value & RESET) return start();
    config = value | 0x4000;
    mask &= ~READY;
    showAlert();
    const mode = config & 7;
    const once =
      (mode & MODE_SHUNT ? conversionUs[(config >> 3) & 7]! : 0) +
      (mode & MODE_BUS ? conversionUs[(config >> 6) & 7]! : 0);
    const us = once * averages[(config >> 9) & 7]!;
    if (us === 0) return body.enter("idle");
    body.enter("measuring");
    if (mode & MODE_CONTINUOUS) return again(us);
    body.occupy(us, () => {
      convert();
      body.enter("idle");
    });
  }

  /** Conversions without end. Only an alert pin that is connected needs each of them to happen in time. */
  function again(us: number): void {
    if (!lines?.["alert"]) return run.start(us);
    body.occupy(us, () => {
      convert();
      again(us);
    });
  }

  function start(): void {
    calibration = mask = limit = shunt = bus = 0;
    configure(CONFIG_AT_RESET);
  }

  const i2c = body.i2c(
    address,
    wordRegisters({
      read(register) {
        catchUp();
        if (register === MASK) {
          const value = mask;
          mask &= ~(READY | ALERT);
          showAlert();
          return value;
        }
        const values = [config, int16(shunt), bus, power(), int16(current()), calibration, mask, limit];
        return values[register] ?? ids[register];
      },
      write(register, value) {
        if (register === CONFIG) configure(value);
        else if (register === CALIBRATION) calibration = value & 0x7fff;
        else if (register === LIMIT) limit = value;
        else if (register === MASK) {
          mask = (mask & (ALERT | READY | OVERFLOW)) | (value & 0xfc03);
          showAlert();
        }
      },
    }),
  );

  return body.part({ i2c }, start, () => run.stop());
}
