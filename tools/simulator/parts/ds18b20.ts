/** Maxim DS18B20 thermometer on a 1-Wire line, bit by bit: ROM commands, the search, the scratchpad and its EEPROM. */
import type { OneWireTarget } from "../espruino/wires.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import { facts } from "./ds18b20-facts.ts";
import { type Part, type Wired, within } from "./part.ts";

const { figures } = facts;

export interface Ds18b20Wiring extends Wired {
  /** Fed by the data line alone: it loses its supply when the line moves during a conversion. */
  readonly parasite?: boolean | undefined;
}

const FAMILY = 0x28;
const [READ_ROM, MATCH_ROM, SKIP_ROM, SEARCH_ROM, SEARCH_ALARMS] = [0x33, 0x55, 0xcc, 0xf0, 0xec];
const [CONVERT, WRITE, READ, COPY, RECALL, READ_SUPPLY] = [0x44, 0x4e, 0xbe, 0x48, 0xb8, 0xb4];
/** 85 °C: what the scratchpad holds until a conversion has ended. */
const POWER_ON_TEMPERATURE = 0x0550;

type Bit = 0 | 1;

export function ds18b20(context: PartContext, { name, parasite = false }: Ds18b20Wiring): Part {
  const { random, world, fault } = context;
  const body = createBody(context, name, {
    idle: figures.standbyMicroamps,
    measuring: figures.activeMicroamps,
    writing: figures.activeMicroamps,
  });
  const rom = [FAMILY, ...Array.from({ length: 6 }, () => Math.floor(random.next() * 256))];
  rom.push(crc(rom));
  const errorCelsius = within(random, figures.accuracyCelsius.value);
  const pace = 0.8 + 0.2 * random.next();
  /** TH, TL and configuration as delivered (none is given; these are common). */
  let eeprom = [0x4b, 0x46, 0x7f];
  let scratchpad = [0x50, 0x05, ...eeprom, 0xff, 0x0c, 0x10];
  let alarmed = false;
  /** What the next bit from the master means, and the bits that the part has still to send. */
  let hear: ((bit: Bit) => void) | undefined;
  let say: (() => Bit) | undefined;

  const bits = (): number => 9 + ((scratchpad[4]! >> 5) & 3);

  function supply(): void {
    scratchpad = [POWER_ON_TEMPERATURE & 0xff, POWER_ON_TEMPERATURE >> 8, ...eeprom, 0xff, 0x0c, 0x10];
    alarmed = false;
    hear = say = undefined;
    body.enter("idle");
  }

  function convert(): void {
    const noise = figures.deviationCelsius.value * random.normal();
    const step = 1 << (12 - bits());
    const celsius = Math.min(125, Math.max(-55, world("temperature") + errorCelsius + noise));
    const counts = Math.round((celsius * 16) / step) * step;
    scratchpad.splice(0, 2, counts & 0xff, (counts >> 8) & 0xff);
    const whole = counts >> 4;
    const signed = (byte: number): number => (byte << 24) >> 24;
    alarmed = whole >= signed(scratchpad[2]!) || whole <= signed(scratchpad[3]!);
    body.enter("idle");
  }

  /** The next `count` bytes, low bit first. */
  function hearBytes(
    count: number,
    then: (bytes: number[]) => void,
    each?: (index: number, byte: number) => void,
  ): void {
    const bytes: number[] = [];
    let [byte, at] = [0, 0];
    hear = (bit) => {
      byte |= bit << at++;
      if (at < 8) return;
      bytes.push(byte);
      each?.(bytes.length - 1, byte);
      [byte, at] = [0, 0];
      if (bytes.length < count) return;
      hear = undefined;
      then(bytes);
    };
  }

  function sayBytes(bytes: readonly number[]): void {
    let at = 0;
    say = () => {
      const byte = bytes[at >> 3];
      return byte === undefined ? 1 : (((byte >> (at++ & 7)) & 1) as Bit);
    };
  }

  /** Search: it sends each bit of its ROM and the complement, and stays while the master answers with the same. */
  function search(): void {
    let at = 0;
    const bit = (): Bit => ((rom[at >> 3]! >> (at & 7)) & 1) as Bit;
    const offer = (): void => {
      let complement = false;
      say = () => {
        const sent = (complement ? 1 - bit() : bit()) as Bit;
        complement = true;
        return sent;
      };
      hear = (chosen) => {
        if (chosen !== bit()) hear = say = undefined;
        else if (++at < 64) offer();
        else {
          say = undefined;
          hearBytes(1, ([command]) => execute(command!));
        }
      };
    };
    offer();
  }

  function select(command: number): void {
    const listen = (): void => hearBytes(1, ([next]) => execute(next!));
    if (command === SKIP_ROM) listen();
    else if (command === READ_ROM) {
      sayBytes(rom);
      listen();
    } else if (command === MATCH_ROM) {
      hearBytes(8, (wanted) => {
        if (wanted.every((byte, index) => byte === rom[index])) listen();
      });
    } else if (command === SEARCH_ROM || (command === SEARCH_ALARMS && alarmed)) search();
  }

  function execute(command: number): void {
    const externally = (): void => {
      // Read slots show work under way as 0. Fed by the line alone it cannot answer.
      if (!parasite) say = () => (body.busy ? 0 : 1);
    };
    if (command === CONVERT) {
      body.enter("measuring");
      body.occupy((figures.conversionMs.value * pace * 1000) / 2 ** (12 - bits()), convert);
      externally();
    } else if (command === READ) {
      const bytes = [...scratchpad, crc(scratchpad)];
      if (fault("crc")) bytes[Math.floor(random.next() * 9)]! ^= 1 << Math.floor(random.next() * 8);
      sayBytes(bytes);
    } else if (command === WRITE) {
      hearBytes(
        3,
        () => {},
        (index, byte) => (scratchpad[2 + index] = index === 2 ? (byte & 0x60) | 0x1f : byte),
      );
    } else if (command === COPY) {
      body.enter("writing");
      body.occupy(figures.copyMs.value * 1000, () => {
        eeprom = scratchpad.slice(2, 5);
        body.enter("idle");
      });
      externally();
    } else if (command === RECALL) {
      scratchpad.splice(2, 3, ...eeprom);
      say = () => 1;
    } else if (command === READ_SUPPLY) say = () => (parasite ? 0 : 1);
  }

  /** The line moved: fed by it alone, the part loses its supply in the middle of its work and starts afresh (inferred). */
  function disturbed(): void {
    if (!parasite || !body.busy) return;
    body.abort();
    supply();
  }

  const oneWire: OneWireTarget = {
    reset() {
      body.settle();
      if (!body.powered || fault("nak")) return false;
      disturbed();
      say = undefined;
      hearBytes(1, ([command]) => select(command!));
      return true;
    },
    write(bit) {
      body.settle();
      disturbed();
      hear?.(bit);
    },
    read() {
      body.settle();
      if (!body.powered || fault("nak")) return 1;
      if (fault("stuck")) return 0;
      disturbed();
      return say?.() ?? 1;
    },
  };

  return body.part({ oneWire }, supply);
}

/** Maxim's checksum: x⁸ + x⁵ + x⁴ + 1, low bit first, initial value 0. */
export function crc(bytes: readonly number[]): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0x8c : value >> 1;
  }
  return value;
}
