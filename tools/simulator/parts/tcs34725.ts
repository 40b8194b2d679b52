/** ams TCS34725 colour sensor: four channels that integrate together, with a wait in between if asked for. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { between, clamp, type I2cWiring, type Part } from "./part.ts";
import { byteRegisters } from "./registers.ts";
import { facts, gains } from "./tcs34725-facts.ts";

const { figures, addresses } = facts;

export interface Tcs34725Wiring extends I2cWiring {
  /** Red, green and blue as shares of the clear channel. */
  readonly colour?: readonly [red: number, green: number, blue: number] | undefined;
}

const ENABLE = 0x00;
const ATIME = 0x01;
const WTIME = 0x03;
const CONFIG = 0x0d;
const CONTROL = 0x0f;
const ID = 0x12;
const STATUS = 0x13;
const CLEAR = 0x14;
const POWER_ON = 0x01;
const ADC_ON = 0x02;
const WAIT_ON = 0x08;
const WAIT_LONG = 0x02;
const VALID = 0x01;
const COMMAND = 0x80;
const AUTO_INCREMENT = 0x20;

export function tcs34725(
  context: PartContext,
  { name, address = addresses[0], colour = [0.35, 0.4, 0.3] }: Tcs34725Wiring,
): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    idle: figures.sleepMicroamps,
    measuring: figures.activeMicroamps,
    cycling: [figures.activeMicroamps, figures.waitMicroamps],
  });
  const run = freeRun(clock);
  const lean = 2 * random.next() - 1;
  const stepMs = between(
    figures.stepMs.value,
    (lean < 0 ? figures.stepShortestMs : figures.stepLongestMs).value,
    Math.abs(lean),
  );
  let registers = new Uint8Array(0x20);
  /** High byte that the reading of a low byte has latched. */
  let latched = 0;
  let increments = false;

  const steps = (): number => 256 - registers[ATIME]!;

  function catchUp(): void {
    if (run.ended() === 0) return;
    const most = Math.min(0xffff, figures.countsPerStep.value * steps());
    const clear = world("illuminance") * figures.countsPerLux.value * steps() * gains[registers[CONTROL]! & 3]!;
    [1, ...colour].forEach((share, channel) => {
      const word = clamp(Math.round(clear * share), 0, most);
      registers.set([word & 0xff, word >> 8], CLEAR + 2 * channel);
    });
    registers[STATUS]! |= VALID;
  }

  function restart(warm: boolean): void {
    run.stop();
    const enable = registers[ENABLE]!;
    registers[STATUS]! &= ~VALID;
    if (!(enable & POWER_ON)) return body.enter("idle");
    if (!(enable & ADC_ON)) return body.enter("measuring", figures.waitMicroamps.value);
    const activeMs = figures.initialiseMs.value + steps() * stepMs;
    const waitMs =
      enable & WAIT_ON ? (256 - registers[WTIME]!) * stepMs * (registers[CONFIG]! & WAIT_LONG ? 12 : 1) : 0;
    const charge = activeMs * figures.activeMicroamps.value + waitMs * figures.waitMicroamps.value;
    body.enter(waitMs ? "cycling" : "measuring", charge / (activeMs + waitMs));
    const warmUpMs = warm ? 0 : figures.warmUpMs.value;
    run.start((activeMs + waitMs) * 1000, (warmUpMs + waitMs + activeMs) * 1000);
  }

  const i2c = body.i2c(
    address,
    byteRegisters({
      pointer(byte) {
        increments = (byte & 0x60) === AUTO_INCREMENT;
        // 0xE_ are special functions, which name no register.
        return byte & COMMAND && (byte & 0x60) !== 0x60 ? byte & 0x1f : -1;
      },
      next: (register) => (increments && register >= 0 ? (register + 1) & 0x1f : register),
      read(register) {
        catchUp();
        if (register < CLEAR || register > 0x1b) return registers[register] ?? 0xff;
        if (register % 2 === 1) return latched;
        latched = registers[register + 1]!;
        return registers[register]!;
      },
      write(register, value) {
        if (register < 0 || register >= ID) return;
        catchUp();
        const warm = (registers[ENABLE]! & POWER_ON) !== 0;
        registers[register] = value;
        if (register === ENABLE || register === ATIME || register === WTIME) restart(warm);
      },
    }),
  );

  return body.part(
    { i2c },
    () => {
      registers = new Uint8Array(0x20);
      registers[ATIME] = registers[WTIME] = 0xff;
      registers[ID] = 0x44;
      restart(false);
    },
    () => run.stop(),
  );
}
