/** Texas Instruments INA219: shunt and bus voltage, and the current and power that it computes from them. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { conversionUs, facts } from "./ina219-facts.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";
import { int16, wordRegisters } from "./registers.ts";

const { figures, addresses } = facts;

export interface ShuntWiring extends I2cWiring {
  /** The resistor that the current flows through. */
  readonly shuntOhms?: number | undefined;
}

const CONFIG = 0;
const SHUNT = 1;
const BUS = 2;
const POWER = 3;
const CURRENT = 4;
const CALIBRATION = 5;
const CONFIG_AT_RESET = 0x399f;
const RESET = 0x8000;
const RANGE_32_VOLTS = 0x2000;
const READY = 2;
const OVERFLOW = 1;
/** Bits of the mode: bus, shunt, and "again and again". */
const [MODE_SHUNT, MODE_BUS, MODE_CONTINUOUS] = [1, 2, 4];

export function ina219(context: PartContext, { name, address = addresses[0]!, shuntOhms = 0.1 }: ShuntWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { idle: figures.powerDownMicroamps, measuring: figures.activeMicroamps });
  const run = freeRun(clock);
  const offsetVolts = within(random, figures.offsetVolts.value);
  const busGain = 1 + within(random, figures.busGain.value);
  let config = CONFIG_AT_RESET;
  let calibration = 0;
  let shunt = 0;
  let bus = 0;
  let ready = false;

  /** With fewer than 12 bits the lowest ones stay at zero. */
  const rounded = (counts: number, code: number): number => {
    const step = code & 8 ? 1 : 1 << (3 - (code & 3));
    return Math.round(counts / step) * step;
  };

  function convert(): void {
    const mode = config & 7;
    if (mode & MODE_SHUNT) {
      const limit = 4000 << ((config >> 11) & 3);
      const counts = (world("current") * shuntOhms + offsetVolts) / figures.shuntVoltsPerCount.value;
      shunt = clamp(rounded(counts, (config >> 3) & 15), -limit, limit);
    }
    if (mode & MODE_BUS) {
      const counts = rounded((world("voltage") * busGain) / figures.busVoltsPerCount.value, (config >> 7) & 15);
      bus = clamp(counts, 0, config & RANGE_32_VOLTS ? 8000 : 4000);
    }
    ready = true;
  }

  function catchUp(): void {
    if (run.ended() > 0) convert();
  }

  const current = (): number => Math.trunc((shunt * calibration) / 4096);
  const overflow = (): boolean => Math.abs(current()) > 0x7fff;

  function configure(value: number): void {
    catchUp();
    run.stop();
    body.abort();
    if (value & RESET) return start();
    config = value;
    ready = false;
    const mode = config & 7;
    const us =
      (mode & MODE_SHUNT ? conversionUs[(config >> 3) & 15]! : 0) +
      (mode & MODE_BUS ? conversionUs[(config >> 7) & 15]! : 0);
    if (us === 0) return body.enter("idle");
    body.enter("measuring");
    if (mode & MODE_CONTINUOUS) return run.start(us);
    body.occupy(us, () => {
      convert();
      body.enter("idle");
    });
  }

  function start(): void {
    calibration = shunt = bus = 0;
    configure(CONFIG_AT_RESET);
  }

  const i2c = body.i2c(
    address,
    wordRegisters({
      read(register) {
        catchUp();
        if (register === CONFIG) return config;
        if (register === SHUNT) return int16(shunt);
        if (register === BUS) return (bus << 3) | (ready ? READY : 0) | (overflow() ? OVERFLOW : 0);
        if (register === CURRENT) return int16(current());
        if (register === CALIBRATION) return calibration;
        if (register !== POWER) return undefined;
        ready = false;
        return Math.min(0xffff, Math.trunc((Math.abs(current()) * bus) / 5000));
      },
      write(register, value) {
        if (register === CONFIG) configure(value);
        else if (register === CALIBRATION) calibration = value & 0xfffe;
      },
    }),
  );

  return body.part({ i2c }, start, () => run.stop());
}
