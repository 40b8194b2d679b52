/** Maxim DS18B20: temperature on a single wire. Data sheet: 19-7487 revision 4, January 2015. */
import type { PinName } from "../../boards/types.ts";
import { CRC, NAK, STUCK, TIMEOUT, UNREADY, WRONG_PART } from "../faults.ts";
import { i16 } from "../platform/bytes.ts";
import { oneWire } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { TEMPERATURE } from "./quantities.ts";
import { checked, within, type Sensor } from "./sensor.ts";

export interface Ds18b20Options {
  /** 16 hexadecimal digits; needed as soon as several share the wire. */
  readonly rom?: string;
  /** Resolution; each bit less halves time and charge. Default 12: 1/16 °C in 750 ms. */
  readonly bits?: 9 | 10 | 11 | 12;
  /** Fed by the data line alone: nothing else may use the wire while it converts. */
  readonly parasite?: boolean;
}

/** CRC-8 of Maxim: x^8 + x^5 + x^4 + 1, reflected, start 0 (page 8). 0 over data and its CRC. */
export function crcMaxim(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 8; bit; bit--) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}

export function ds18b20(pin: PinName, options?: Ds18b20Options): Sensor<"temperature"> {
  const given: Ds18b20Options = options || {};
  const wire = oneWire(pin);
  const bits = given.bits || 12;
  /** False when nothing answers. */
  const send = (data: readonly number[], powered?: boolean) => {
    if (!wire.reset()) return false;
    if (given.rom) wire.select(given.rom);
    else wire.skip();
    wire.write(data, powered);
    return true;
  };
  return {
    quantities: [TEMPERATURE],
    start() {
      // resolution 12 is what every part has from the factory; its memory is not written
      const set = bits === 12 || send([0x4e, 0x4b, 0x46, (bits - 9) * 32 + 31]);
      return set && send([0x44], !!given.parasite) ? Math.ceil(750 / (1 << (12 - bits))) : -NAK;
    },
    read() {
      if (!send([0xbe])) return NAK;
      const pad = wire.read(9);
      // a shorted wire reads as zeros, which their own CRC confirms
      if (!pad.some((byte) => byte)) return STUCK;
      if (crcMaxim(pad)) return CRC;
      if ((pad[4]! & 0x9f) !== 0x1f) return WRONG_PART;
      const resolution = (pad[4]! >> 5) + 9;
      if (resolution > bits) return TIMEOUT;
      const raw = i16(pad, 0);
      // 85 °C with the power-on value of byte 6: it lost its power and has not converted
      if (raw === 0x550 && pad[6] === 0x0c) return UNREADY;
      const step = 1 << (12 - resolution);
      return checked([within((Math.floor(raw / step) * step) / 16, -57, 127)]);
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Maxim DS18B20",
  measures: ["temperature"],
  datasheet: "DS18B20, 19-7487 revision 4, January 2015",
  bus: "1-Wire",
  volts: [3.0, 5.5],
  startUpMs: figure(0, "not given", "inferred"),
  sleepMicroamps: figure(0.75, "standby (1 maximum)"),
  measuringMicroamps: figure(1000, "active, at 5 V (1500 maximum)"),
  measureMs: figure(750, "12 bits, maximum; 93.75 at 9 bits"),
  check: "CRC-8 over the scratchpad",
  accuracy: "0.5 °C from -10 to 85 °C",
  notes: ["Byte 6 = 0x0C at power-on, by which a lost conversion is told from 85 °C, is not in the data sheet."],
});
