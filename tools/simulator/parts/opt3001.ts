/** Texas Instruments OPT3001 illuminance sensor: 4 bits of exponent and 12 of counts, in sixteen-bit registers. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { facts } from "./opt3001-facts.ts";
import { between, clamp, type I2cWiring, type Part } from "./part.ts";
import { wordRegisters } from "./registers.ts";

const { figures, addresses } = facts;

const RESULT = 0x00;
const CONFIG = 0x01;
const LOW_LIMIT = 0x02;
const HIGH_LIMIT = 0x03;
/** Fixed words: "TI" and the device. */
const ids: Readonly<Record<number, number>> = { 0x7e: 0x5449, 0x7f: 0x3001 };

const CONFIG_AT_RESET = 0xc810;
const LONG = 0x0800;
const MODE = 0x0600;
const SINGLE = 0x0200;
const OVERFLOW = 0x0100;
const READY = 0x0080;
const FLAG_HIGH = 0x0040;
const FLAG_LOW = 0x0020;
const FLAGS = OVERFLOW | READY | FLAG_HIGH | FLAG_LOW;
const LATCH = 0x0010;
const AUTO_RANGE = 12;

export function opt3001(context: PartContext, { name, address = addresses[0] }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    idle: figures.shutdownMicroamps,
    measuring: [figures.darkMicroamps, figures.brightMicroamps],
  });
  const run = freeRun(clock);
  let config = CONFIG_AT_RESET;
  let result = 0;
  let limits: Record<number, number> = {};

  function convert(): void {
    const counts = world("illuminance") / figures.luxPerCount.value;
    const asked = config >> 12;
    let exponent = asked;
    if (asked >= AUTO_RANGE) for (exponent = 0; exponent < 11 && counts / 2 ** exponent >= 4095.5; exponent++);
    const mantissa = Math.round(counts / 2 ** exponent);
    result = (exponent << 12) | clamp(mantissa, 0, 0xfff);
    config = (config & ~OVERFLOW) | READY | (mantissa > 0xfff ? OVERFLOW : 0);
    const lux = valueOf(result);
    const flags =
      (lux > valueOf(limits[HIGH_LIMIT]!) ? FLAG_HIGH : 0) | (lux < valueOf(limits[LOW_LIMIT]!) ? FLAG_LOW : 0);
    config = config & LATCH ? config | flags : (config & ~(FLAG_HIGH | FLAG_LOW)) | flags;
  }

  function catchUp(): void {
    if (run.ended() > 0) convert();
  }

  function conversionUs(): number {
    const [ms, spread] =
      config & LONG ? [figures.longMs, figures.longSpreadMs] : [figures.shortMs, figures.shortSpreadMs];
    const typical = between(ms.value - spread.value, ms.value + spread.value, random.next());
    const ranging = config >> 12 >= AUTO_RANGE ? figures.rangingMs.value : 0;
    return (typical + figures.overheadMs.value + ranging) * 1000;
  }

  function configure(value: number): void {
    catchUp();
    run.stop();
    body.abort();
    config = (value & ~FLAGS) | (config & (OVERFLOW | FLAG_HIGH | FLAG_LOW));
    const mode = config & MODE;
    if (mode === 0) return body.enter("idle");
    const share = clamp(world("illuminance") / 83_865, 0, 1);
    body.enter("measuring", between(figures.darkMicroamps.value, figures.brightMicroamps.value, share));
    if (mode !== SINGLE) return run.start(conversionUs());
    body.occupy(conversionUs(), () => {
      convert();
      config &= ~MODE;
      body.enter("idle");
    });
  }

  const i2c = body.i2c(
    address,
    wordRegisters({
      read(register) {
        catchUp();
        if (register === RESULT) return result;
        if (register !== CONFIG) return limits[register] ?? ids[register];
        const value = config;
        config &= ~READY;
        if (config & LATCH) config &= ~(FLAG_HIGH | FLAG_LOW);
        return value;
      },
      write(register, value) {
        if (register === CONFIG) configure(value);
        else if (register === LOW_LIMIT || register === HIGH_LIMIT) limits[register] = value;
      },
    }),
  );

  return body.part(
    { i2c },
    () => {
      config = CONFIG_AT_RESET;
      result = 0;
      limits = { [LOW_LIMIT]: 0xc000, [HIGH_LIMIT]: 0xbfff };
      body.enter("idle");
    },
    () => run.stop(),
  );
}

const valueOf = (word: number): number => (word & 0xfff) * 2 ** (word >> 12);
