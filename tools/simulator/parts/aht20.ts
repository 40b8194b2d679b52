/** Aosong AHT20 humidity and temperature sensor: a trigger, 80 ms, and seven bytes with status and checksum. */
import type { PartContext } from "../hardware.ts";
import { facts } from "./aht20-facts.ts";
import { createBody } from "./body.ts";
import { crc8 } from "./crc8.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";

const { figures, addresses } = facts;

const BUSY = 0x80;
const CALIBRATED = 0x18;
const FULL_SCALE = 2 ** 20;
const [INITIALISE, MEASURE, RESET, STATUS] = [0xbe, 0xac, 0xba, 0x71];

export function aht20(context: PartContext, { name, address = addresses[0] }: I2cWiring): Part {
  const { random, world } = context;
  const body = createBody(context, name, { idle: figures.idleMicroamps, measuring: figures.measuringMicroamps });
  const errorPercent = within(random, figures.accuracyPercent.value);
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  let data: readonly number[] = [0, 0, 0, 0, 0];
  /** It does not answer before it has started up. */
  let starting = true;

  const idle = (): void => body.enter("idle");

  function start(ms: number): void {
    starting = true;
    data = [0, 0, 0, 0, 0];
    idle();
    body.occupy(ms * 1000, () => (starting = false));
  }

  function convert(): void {
    const humidity = world("humidity") + errorPercent + figures.resolutionPercent.value * random.normal();
    const celsius = world("temperature") + errorCelsius + figures.resolutionCelsius.value * random.normal();
    const rh = clamp(Math.round((humidity / 100) * FULL_SCALE), 0, FULL_SCALE - 1);
    const t = clamp(Math.round(((celsius + 50) / 200) * FULL_SCALE), 0, FULL_SCALE - 1);
    data = [rh >> 12, (rh >> 4) & 0xff, ((rh & 15) << 4) | (t >> 16), (t >> 8) & 0xff, t & 0xff];
    idle();
  }

  const i2c = body.i2c(address, {
    write([command, first, second]) {
      if (starting) return false;
      if (command === MEASURE && first === 0x33 && second === 0x00 && !body.busy) {
        body.enter("measuring");
        body.occupy(figures.measureMs.value * 1000, convert);
      } else if (command === RESET) start(figures.resetMs.value);
      return command === MEASURE || command === RESET || command === STATUS || command === INITIALISE;
    },
    read(count) {
      if (starting) return undefined;
      const answer = [(body.busy ? BUSY : 0) | CALIBRATED, ...data];
      const bytes = new Uint8Array(count).fill(0xff);
      bytes.set([...answer, crc8(answer)].slice(0, count));
      return bytes;
    },
  });

  return body.part({ i2c }, () => start(figures.startUpMs.value));
}
