/** Modbus RTU master: reads floats from the input registers of a meter. MODBUS over Serial Line V1.02. */
import type { PinName, Uart } from "../../boards/types.ts";
import { CRC, REFUSED, TIMEOUT } from "../faults.ts";
import { serialWithParity, setPin } from "../platform/espruino.ts";
import type { SerialPort } from "../platform/ports.ts";
import type { Quantity } from "./quantities.ts";
import { checked, type Sensor } from "./sensor.ts";

export interface ModbusOptions {
  /** 1 to 247. Default 1. */
  readonly address?: number;
  /** Default 2400. */
  readonly baud?: number;
  readonly parity?: "even" | "odd";
  /** Driver enable of the RS-485 transceiver (DE and RE together), high to send; absent when it switches by itself. */
  readonly enable?: PinName;
  /** Its receiver enable (RE) on a pin of its own, low to hear: with it the transceiver is shut down between readings. */
  readonly receiver?: PinName;
}

/** Register of a float (two registers, high word first), what it is, and the factor to the quantity's unit. */
export type MeterMap<Name extends string> = readonly (readonly [
  register: number,
  quantity: Quantity<Name>,
  factor?: number,
])[];

/** CRC-16 of Modbus as its two bytes, low first. */
export function crc16(bytes: string): string {
  // the remainder after each value of four bits, polynomial 0xA001
  const table = [
    0, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801,
    0x4400,
  ];
  let crc = 0xffff;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.charCodeAt(i);
    crc = (crc >> 4) ^ table[crc & 15]!;
    crc = (crc >> 4) ^ table[crc & 15]!;
  }
  return String.fromCharCode(crc & 255, crc >> 8);
}

/** Registers per request that every meter of the map's kind grants. */
const LONGEST = 60;
const POLL_MS = 20;
const LIMIT_MS = 1000;
/** Silence between frames: 3.5 characters of 11 bits. */
const SILENCE_BITS = 39;

/** One reading asks for as many blocks as the map's registers need, in the map's order. */
export function modbusMeter<Name extends string>(
  uart: Uart,
  map: MeterMap<Name>,
  options?: ModbusOptions,
): Sensor<Name> {
  const given: ModbusOptions = options || {};
  const address = given.address || 1;
  const baud = given.baud || 2400;
  const enable = given.enable;
  let port: SerialPort;
  let text = "";
  let values: number[] = [];
  let sent = 0;
  let first = 0;
  let registers = 0;

  const ask = () => {
    const from = values.length;
    first = map[from]![0];
    registers = 2;
    for (let i = from + 1; i < map.length && map[i]![0] >= first && map[i]![0] + 2 - first <= LONGEST; i++) {
      registers = map[i]![0] + 2 - first;
    }
    const body = String.fromCharCode(address, 4, first >> 8, first & 255, 0, registers);
    text = "";
    sent = 0;
    if (enable) setPin(enable, 1);
    port.write(body + crc16(body));
    // eight characters, and the UART's own delay
    return Math.ceil(88000 / baud) + 2;
  };

  /** Takes the block's values. The answer may follow an echo of the request, or noise. 0 = not yet complete. */
  const take = () => {
    const head = String.fromCharCode(address, 4, registers * 2);
    const refusal = String.fromCharCode(address, 0x84);
    const at = text.indexOf(head);
    const end = at + 3 + registers * 2;
    if (at >= 0 && text.length >= end + 2) {
      if (crc16(text.slice(at, end)) !== text.slice(end, end + 2)) return CRC;
      const view = new DataView(new ArrayBuffer(4));
      for (let i = values.length; i < map.length; i++) {
        const offset = map[i]![0] - first;
        if (offset < 0 || offset + 2 > registers) break;
        for (let b = 0; b < 4; b++) view.setUint8(b, text.charCodeAt(at + 3 + offset * 2 + b));
        const value = view.getFloat32(0) * (map[i]![2] || 1);
        // infinity is no measurement either
        values.push(isFinite(value) ? value : NaN);
      }
      return -1;
    }
    const no = text.indexOf(refusal);
    return no >= 0 && crc16(text.slice(no, no + 3)) === text.slice(no + 3, no + 5) ? REFUSED : 0;
  };

  const read = (): readonly number[] | number => {
    if (!sent++) {
      if (enable) setPin(enable, 0);
      return -POLL_MS;
    }
    const taken = take();
    if (!taken) return sent * POLL_MS < LIMIT_MS ? -POLL_MS : TIMEOUT;
    if (taken > 0) return taken;
    if (values.length === map.length) return values;
    sent = -1;
    return -Math.ceil((SILENCE_BITS * 1000) / baud);
  };

  return {
    quantities: map.map((row) => row[1]),
    start() {
      values = [];
      if (given.receiver) setPin(given.receiver, 0);
      port = serialWithParity(uart, baud, given.parity);
      port.removeAllListeners("data");
      port.read(); // an answer that came too late
      port.on("data", (data) => {
        // the longest answer is 125 bytes, and an echo of 8
        text = (text + data).slice(-256);
      });
      return ask();
    },
    read() {
      if (sent < 0) return -ask();
      const result = read();
      if (typeof result === "number" && result < 0) return result;
      port.removeAllListeners("data");
      if (given.receiver) setPin(given.receiver, 1);
      return checked(result);
    },
  };
}
