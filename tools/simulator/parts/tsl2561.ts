/** TAOS TSL2561 illuminance sensor: a broadband and an infrared channel that integrate over and over while it is on. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { clamp, type I2cWiring, type Part, between } from "./part.ts";
import { byteRegisters } from "./registers.ts";
import { facts, integrations, luxPerCount } from "./tsl2561-facts.ts";

const { figures, addresses } = facts;

export interface Tsl2561Wiring extends I2cWiring {
  /** Channel 1 by channel 0: how much of the light is infrared. */
  readonly infraredShare?: number | undefined;
}

const CONTROL = 0x0;
const TIMING = 0x1;
const INTERRUPT = 0x6;
const ID = 0xa;
const CHANNELS = 0xc;
const POWER = 0x03;
const GAIN_16 = 0x10;
const COMMAND = 0x80;
/** PARTNO 0101: TSL2561 in a T, FN or CL package; the revision is free. */
const IDENTITY = 0x50;

export function tsl2561(
  context: PartContext,
  { name, address = addresses[0], infraredShare = figures.infraredShare.value }: Tsl2561Wiring,
): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, { idle: figures.powerDownMicroamps, measuring: figures.activeMicroamps });
  const run = freeRun(clock);
  const { oscillatorKilohertz, oscillatorLowestKilohertz, oscillatorHighestKilohertz } = figures;
  // With the seed's middle value the oscillator is exact; below and above, it leans to its limits.
  const lean = 2 * random.next() - 1;
  const kilohertz = between(
    oscillatorKilohertz.value,
    (lean < 0 ? oscillatorLowestKilohertz : oscillatorHighestKilohertz).value,
    Math.abs(lean),
  );
  let registers = new Uint8Array(16);

  const integration = () => integrations[clamp(registers[TIMING]! & 3, 0, 2)]!;

  function catchUp(): void {
    if (run.ended() === 0) return;
    const { fullScale, scale } = integration();
    const gain = registers[TIMING]! & GAIN_16 ? 1 : 1 / 16;
    const perLux = gain / (luxPerCount(infraredShare) * scale);
    const broadband = world("illuminance") * perLux;
    [broadband, broadband * infraredShare].forEach((counts, channel) => {
      const word = clamp(Math.round(counts), 0, fullScale.value);
      registers.set([word & 0xff, word >> 8], CHANNELS + 2 * channel);
    });
  }

  function restart(): void {
    run.stop();
    const on = (registers[CONTROL]! & POWER) === POWER;
    body.enter(on ? "measuring" : "idle");
    // Integration code 3 is the manual one: nothing ends by itself.
    if (on && (registers[TIMING]! & 3) !== 3)
      run.start(integration().ms.value * 1000 * (oscillatorKilohertz.value / kilohertz));
  }

  const i2c = body.i2c(
    address,
    byteRegisters({
      // Without the command bit the byte names nothing: the part does not listen.
      pointer: (byte) => (byte & COMMAND ? byte & 0x0f : -1),
      next: (register) => (register < 0 ? register : (register + 1) & 0x0f),
      read(register) {
        catchUp();
        return registers[register] ?? 0xff;
      },
      write(register, value) {
        catchUp();
        if (register === CONTROL) registers[CONTROL] = value & POWER;
        else if (register === TIMING) registers[TIMING] = value & 0x1b;
        else if (register > TIMING && register <= INTERRUPT) registers[register] = value;
        if (register === CONTROL || register === TIMING) restart();
      },
    }),
  );

  return body.part(
    { i2c },
    () => {
      registers = new Uint8Array(16);
      registers[TIMING] = 0x02;
      registers[ID] = IDENTITY;
      restart();
    },
    () => run.stop(),
  );
}
