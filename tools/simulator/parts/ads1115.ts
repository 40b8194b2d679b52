/** Texas Instruments ADS1115: one converter behind four inputs, once when asked or again and again. */
import type { PartContext } from "../hardware.ts";
import type { Quantity } from "../world/units.ts";
import { facts, fullScaleVolts, inputs, noiseSteps, samplesPerSecond } from "./ads1115-facts.ts";
import { createBody, freeRun } from "./body.ts";
import { type I2cWiring, type Part, within } from "./part.ts";
import { int16, wordRegisters } from "./registers.ts";

const { figures, addresses } = facts;

export interface Ads1115Wiring extends I2cWiring {
  /** World quantities at AIN0 to AIN3, in volts; "ain0" to "ain3" unless stated. */
  readonly inputs?: readonly Quantity[] | undefined;
}

const [CONVERSION, CONFIG, LOW, HIGH] = [0, 1, 2, 3];
const CONFIG_AT_RESET = 0x8583;
const START = 0x8000;
const SINGLE = 0x0100;
const WINDOW = 0x0010;
const ACTIVE_HIGH = 0x0008;
const LATCH = 0x0004;
const GENERAL_CALL_RESET = 0x06;

export function ads1115(
  context: PartContext,
  { name, address = addresses[0], inputs: names = facts.quantities, lines }: Ads1115Wiring,
): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { idle: figures.powerDownMicroamps, measuring: figures.convertingMicroamps });
  const run = freeRun(clock);
  const gain = 1 + within(random, figures.gainError.value);
  const rate = 1 + within(random, figures.rateTolerance.value);
  const alert = lines?.["alert"];
  let config = CONFIG_AT_RESET;
  let conversion = 0;
  let low = 0x8000;
  let high = 0x7fff;
  /** Conversions in a row beyond a threshold. */
  let beyond = 0;
  let alerted = false;

  const volts = (input: number | undefined): number => (input === undefined ? 0 : world(names[input]!));
  const signed = (word: number): number => (word << 16) >> 16;
  const show = (on: boolean): void => alert?.drive(on === ((config & ACTIVE_HIGH) !== 0) ? 1 : 0);

  /** In steps. One step peak to peak is the rounding alone; 6.6 standard deviations are peak to peak. */
  const deviation = (): number => {
    const peaks = noiseSteps[samplesPerSecond[(config >> 5) & 7]!];
    return peaks ? (peaks[Math.min((config >> 9) & 7, 5)]! - 1) / 6.6 : 0;
  };

  function convert(): void {
    const [positive, negative] = inputs[(config >> 12) & 7]! as readonly [number, number?];
    const counts = ((volts(positive) - volts(negative)) * gain * 32768) / fullScaleVolts[(config >> 9) & 7]!;
    conversion = int16(counts + deviation() * random.normal());
    const queue = config & 3;
    if (queue === 3) return;
    // Thresholds of a negative high and a positive low turn the pin into "conversion ready".
    if (high & 0x8000 && !(low & 0x8000)) return show(true);
    const value = signed(conversion);
    const outside = value > signed(high) || (config & WINDOW ? value < signed(low) : false);
    beyond = outside ? beyond + 1 : 0;
    if (beyond >= [1, 2, 4][queue]!) alerted = true;
    else if (!(config & LATCH) && (config & WINDOW ? !outside : value < signed(low))) alerted = false;
    show(alerted);
  }

  function catchUp(): void {
    if (run.ended() > 0) convert();
  }

  const conversionUs = (): number => 1e6 / (samplesPerSecond[(config >> 5) & 7]! * rate);

  function again(): void {
    if (!alert || (config & 3) === 3) return run.start(conversionUs());
    body.occupy(conversionUs(), () => {
      convert();
      again();
    });
  }

  function configure(value: number): void {
    catchUp();
    const converting = body.busy && (config & SINGLE) !== 0;
    run.stop();
    // A single conversion that is under way is not started again.
    if (converting && value & SINGLE) return void (config = value & ~START);
    body.abort();
    config = value & ~START;
    show(false);
    if (!(config & SINGLE)) {
      body.enter("measuring");
      return again();
    }
    if (!(value & START)) return body.enter("idle");
    body.enter("measuring");
    body.occupy(figures.wakeUpMs.value * 1000 + conversionUs(), () => {
      convert();
      body.enter("idle");
    });
  }

  function start(): void {
    conversion = 0;
    low = 0x8000;
    high = 0x7fff;
    beyond = 0;
    alerted = false;
    configure(CONFIG_AT_RESET & ~START);
  }

  const i2c = body.i2c(address, {
    ...wordRegisters({
      read(register) {
        catchUp();
        if (register === CONVERSION) {
          if (config & LATCH && alerted) show((alerted = false));
          return conversion;
        }
        if (register === CONFIG) return config | (config & SINGLE && !body.busy ? START : 0);
        return register === LOW ? low : register === HIGH ? high : undefined;
      },
      write(register, value) {
        if (register === CONFIG) configure(value);
        else if (register === LOW) low = value;
        else if (register === HIGH) high = value;
      },
    }),
    generalCall(data) {
      if (data[0] !== GENERAL_CALL_RESET) return false;
      start();
      return true;
    },
  });

  return body.part({ i2c }, start, () => run.stop());
}
