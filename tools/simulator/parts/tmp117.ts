/** Texas Instruments TMP117 thermometer: converts continuously from power-up on, or once when asked. */
import type { PartContext } from "../hardware.ts";
import { createBody, freeRun } from "./body.ts";
import { between, type I2cWiring, type Part, within } from "./part.ts";
import { int16, wordRegisters } from "./registers.ts";
import { averages, cycleMs, facts } from "./tmp117-facts.ts";

const { figures, addresses } = facts;

const TEMPERATURE = 0x00;
const CONFIG = 0x01;
const HIGH_LIMIT = 0x02;
const LOW_LIMIT = 0x03;
const UNLOCK = 0x04;
const OFFSET = 0x07;
const ID = 0x0f;
const CONFIG_AT_RESET = 0x0220;
const HIGH_ALERT = 0x8000;
const LOW_ALERT = 0x4000;
const READY = 0x2000;
const SHUTDOWN = 1;
const ONE_SHOT = 3;
const SOFT_RESET = 0x0002;
const UNLOCKED = 0x8000;
const WRITING = 0x4000;
/** The bits of the configuration that can be written. */
const WRITABLE = 0x0ffc;
const GENERAL_CALL_RESET = 0x06;

export function tmp117(context: PartContext, { name, address = addresses[0] }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    idle: figures.shutdownMicroamps,
    measuring: figures.convertingMicroamps,
    cycling: [figures.standbyMicroamps, figures.convertingMicroamps],
    writing: figures.writingMicroamps,
  });
  const run = freeRun(clock);
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const conversionMs = between(figures.conversionShortestMs.value, figures.conversionLongestMs.value, random.next());
  /** Survives the loss of supply: limits, offset and configuration from the EEPROM, and the three words of the user. */
  const eeprom = new Map([
    [CONFIG, CONFIG_AT_RESET],
    [HIGH_LIMIT, 0x6000],
    [LOW_LIMIT, 0x8000],
    [OFFSET, 0],
    [0x05, Math.floor(random.next() * 0x10000)],
    [0x06, Math.floor(random.next() * 0x10000)],
    [0x08, Math.floor(random.next() * 0x10000)],
  ]);
  let registers = new Map<number, number>();
  let config = CONFIG_AT_RESET;
  let temperature = 0x8000;
  let unlocked = false;
  /** Writes in the first moments after power-up are lost. */
  let listensAtUs = 0;

  const average = (): number => averages[(config >> 5) & 3]!;
  const signed = (word: number): number => (word << 16) >> 16;

  function convert(): void {
    const noise = (figures.deviationCelsius.value / Math.sqrt(average())) * random.normal();
    const counts = (world("temperature") + errorCelsius + noise) / figures.celsiusPerCount.value;
    temperature = int16(counts + signed(registers.get(OFFSET)!));
    config |= READY;
    const value = signed(temperature);
    if (value > signed(registers.get(HIGH_LIMIT)!)) config |= HIGH_ALERT;
    if (value < signed(registers.get(LOW_LIMIT)!)) config |= LOW_ALERT;
  }

  function catchUp(): void {
    if (run.ended() > 0) convert();
  }

  function configure(value: number): void {
    catchUp();
    run.stop();
    body.abort();
    if (value & SOFT_RESET) return load(figures.resetMs.value);
    config = (config & ~WRITABLE) | (value & WRITABLE);
    const mode = (config >> 10) & 3;
    const activeMs = conversionMs * average();
    if (mode === SHUTDOWN) return body.enter("idle");
    if (mode === ONE_SHOT) {
      body.enter("measuring");
      return body.occupy(activeMs * 1000, () => {
        convert();
        config = (config & ~0x0c00) | (SHUTDOWN << 10);
        body.enter("idle");
      });
    }
    config &= ~0x0c00;
    const periodMs = Math.max(cycleMs[(config >> 7) & 7]!, activeMs);
    const share = activeMs / periodMs;
    body.enter("cycling", between(figures.standbyMicroamps.value, figures.convertingMicroamps.value, share));
    run.start(periodMs * 1000, activeMs * 1000);
  }

  function load(waitMs: number): void {
    registers = new Map(eeprom);
    temperature = 0x8000;
    unlocked = false;
    config = 0;
    configure(eeprom.get(CONFIG)! & ~SOFT_RESET);
    listensAtUs = clock.nowUs + waitMs * 1000;
  }

  function burn(register: number, value: number): void {
    eeprom.set(register, value);
    const before = config;
    run.stop();
    body.enter("writing");
    body.occupy(figures.writeMs.value * 1000, () => configure(before));
  }

  const i2c = body.i2c(address, {
    ...wordRegisters({
      read(register) {
        catchUp();
        const busy = body.busy && unlocked;
        if (register === CONFIG) {
          const value = config;
          config &= ~(READY | HIGH_ALERT | LOW_ALERT);
          return value | (busy ? 0x1000 : 0);
        }
        if (register === TEMPERATURE) {
          config &= ~READY;
          return temperature;
        }
        if (register === UNLOCK) return (unlocked ? UNLOCKED : 0) | (busy ? WRITING : 0);
        return register === ID ? 0x0117 : registers.get(register);
      },
      write(register, value) {
        if (clock.nowUs < listensAtUs) return;
        if (register === CONFIG) configure(value);
        else if (register === UNLOCK) unlocked = (value & UNLOCKED) !== 0;
        else if (registers.has(register)) registers.set(register, value);
        if (unlocked && eeprom.has(register)) burn(register, value);
      },
    }),
    generalCall(data) {
      if (data[0] !== GENERAL_CALL_RESET) return false;
      load(figures.resetMs.value);
      return true;
    },
  });

  return body.part(
    { i2c },
    () => load(figures.startUpMs.value),
    () => run.stop(),
  );
}
