/** Melexis MLX90614 infrared thermometer on SMBus: RAM and EEPROM words, low byte first, each with a packet error code. */
import type { Level, PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts } from "./mlx90614-facts.ts";
import { clamp, type I2cWiring, type Part, within } from "./part.ts";

const { figures, addresses } = facts;

const AMBIENT = 0x06;
const OBJECT_1 = 0x07;
const OBJECT_2 = 0x08;
const EEPROM = 0x20;
const ADDRESS = 0x0e;
const FLAGS = 0xf0;
const SLEEP = 0xff;
const WRITING = 0x80;
const READY = 0x10;
/** EEPROM words as delivered: emissivity 1, the configuration of a single-zone part, the address. */
const delivered: readonly (readonly [number, number])[] = [[0x04, 0xffff], [0x05, 0x9f74], [ADDRESS, 0xbe5a]]; // prettier-ignore
/** Words that a user may write: temperature range, PWM, emissivity, configuration, address. */
const writable = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, ADDRESS];

export function mlx90614(context: PartContext, { name, address: strapped }: I2cWiring): Part {
  const { clock, random, world } = context;
  const body = createBody(context, name, {
    measuring: figures.measuringMicroamps,
    sleeping: figures.sleepMicroamps,
    writing: figures.writingMicroamps,
  });
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const eeprom = new Map(delivered);
  for (let index = 0x1c; index < 0x20; index++) eeprom.set(index, Math.floor(random.next() * 0x10000));
  const address = strapped ?? addresses[0];
  let command = 0;
  let asleep = false;
  let validFromUs = 0;
  let lowSinceUs = Infinity;

  const kelvinWord = (celsius: number): number =>
    clamp(Math.round((celsius + errorCelsius + 273.15) / figures.resolutionCelsius.value), 0x27ad, 0x7fff);

  function word(): number {
    if (command === FLAGS) return (body.busy ? WRITING : 0) | (clock.nowUs >= validFromUs ? READY : 0);
    if (command >= EEPROM && command < EEPROM * 2) return eeprom.get(command - EEPROM) ?? 0;
    // RAM before the first measurement: zero.
    if (clock.nowUs < validFromUs) return 0;
    const ambient = world("temperature");
    if (command === AMBIENT) return kelvinWord(ambient);
    if (command !== OBJECT_1 && command !== OBJECT_2) return 0;
    // With an emissivity set below the surface's own (here 1) the computed temperature leaves the ambient's side.
    const emissivity = Math.max(eeprom.get(0x04)!, 1) / 0xffff;
    const [object, around] = [world("objectTemperature") + 273.15, ambient + 273.15];
    const computed = ((object ** 4 - around ** 4) / emissivity + around ** 4) ** 0.25;
    return kelvinWord(computed - 273.15);
  }

  function start(): void {
    asleep = false;
    validFromUs = clock.nowUs + figures.startUpMs.value * 1000;
    body.enter("measuring");
  }

  function burn(index: number, value: number): void {
    if (!writable.includes(index) || body.busy) return;
    // A cell is erased by writing zero; only then a value can be written into it.
    const before = eeprom.get(index) ?? 0;
    body.enter("writing");
    body.occupy(figures.writeMs.value * 1000, () => {
      eeprom.set(index, value === 0 ? 0 : before | value);
      body.enter("measuring");
    });
  }

  const i2c = body.i2c(address, {
    write(data) {
      if (asleep) return false;
      command = data[0] ?? command;
      const sent = [address << 1, ...data];
      const valid = pec(sent.slice(0, -1)) === sent[sent.length - 1];
      if (data.length === 2 && command === SLEEP && valid) {
        asleep = true;
        body.abort();
        body.enter("sleeping");
      } else if (data.length === 4 && command >= EEPROM && valid) burn(command - EEPROM, data[1]! | (data[2]! << 8));
      return data.length < 4 || valid;
    },
    read(count) {
      if (asleep) return undefined;
      const value = word();
      const answer = [value & 0xff, value >> 8];
      const code = pec([address << 1, command, (address << 1) | 1, ...answer]);
      const bytes = new Uint8Array(count).fill(0xff);
      bytes.set([...answer, code].slice(0, count));
      return bytes;
    },
  });

  /** The data line held low for 33 ms wakes it. */
  const sda = {
    changed(level: Level) {
      if (level === 0) lowSinceUs = clock.nowUs;
      else {
        if (asleep && body.powered && clock.nowUs - lowSinceUs >= figures.wakeMs.value * 1000) start();
        lowSinceUs = Infinity;
      }
    },
  };

  return body.part({ i2c, pins: { sda } }, start);
}

/** SMBus packet error code: CRC-8, polynomial 0x07, initial value 0. */
export function pec(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}
