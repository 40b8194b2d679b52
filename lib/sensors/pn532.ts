/** NXP PN532 on I2C: the number of the card before it. User Manual UM0701-02; data sheet revision 3.6, November 2017. */
import type { I2cBus } from "../../boards/types.ts";
import { CRC, RANGE, REFUSED, TIMEOUT } from "../faults.ts";
import { i2c } from "../platform/espruino.ts";
import { busFault } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CARD_HIGH, CARD_LOW } from "./quantities.ts";
import { cardNumber, NO_CARD } from "./rfid.ts";
import type { Sensor } from "./sensor.ts";

const ADDRESS = 0x24;

/** Each with the bytes of data in its response. */
const COMMANDS = [
  [[0x14, 1, 0x14, 0], 0], // SAMConfiguration: normal mode; must come first after a reset
  [[0x32, 5, 0xff, 1, 2], 0], // RFConfiguration: look for a card three times, not for ever
  [[0x4a, 1, 0], 20], // InListPassiveTarget: one card of 106 kbit/s type A
  [[0x16, 0x80], 1], // PowerDown until its address is called
] as const;

const POLL_MS = 5;
const POLLS = 60;

/** A command as a normal information frame. */
export function frame(command: readonly number[]): number[] {
  let sum = 0xd4;
  for (const byte of command) sum += byte;
  return [0, 0, 0xff, command.length + 1, 255 - command.length, 0xd4].concat(command, -sum & 255, 0);
}

/** Data of the response to `command` (without code), or a fault. @param bytes as read: ready byte, then the frame */
export function payload(bytes: Uint8Array, command: number): number[] | number {
  const length = bytes[4]!;
  if (bytes[1] || bytes[2] || bytes[3] !== 0xff || (length + bytes[5]!) & 255 || length + 7 > bytes.length) return CRC;
  let sum = 0;
  for (let i = 6; i <= 6 + length; i++) sum += bytes[i]!;
  if (sum & 255) return CRC;
  return bytes[6] === 0xd5 && bytes[7] === command + 1 ? bytes.slice(8, 6 + length) : REFUSED;
}

export function pn532(bus: I2cBus): Sensor<"cardHigh" | "cardLow"> {
  const port = i2c(bus);
  let step = 0;
  let acknowledged = false;
  let polls = 0;
  let result: readonly number[] | number = 0;

  const send = () => {
    acknowledged = false;
    polls = 0;
    port.writeTo(ADDRESS, frame(COMMANDS[step]![0]));
  };
  /** The answer when it is ready. Right after an exchange the part may not acknowledge at all. */
  const receive = (count: number) => {
    try {
      const bytes = port.readFrom(ADDRESS, count);
      return bytes[0]! & 1 ? bytes : undefined;
    } catch (e) {
      return undefined;
    }
  };
  const take = (data: number[]) => {
    // NbTg Tg SENS_RES(2) SEL_RES NFCIDLength NFCID
    if (step !== 2) return;
    if (!data[0]) result = NO_CARD;
    else result = data[5] === 4 || data[5] === 7 ? cardNumber(data, 6, data[5]) : RANGE;
  };
  /** What to read next: -ms, or the end of it all. */
  const proceed = (): readonly number[] | number => {
    const command = COMMANDS[step]!;
    const bytes = receive(acknowledged ? command[1] + 9 : 7);
    if (!bytes) return polls++ < POLLS ? -POLL_MS : TIMEOUT;
    if (!acknowledged) {
      if ("" + bytes.slice(1) !== "0,0,255,0,255,0") return CRC;
      acknowledged = true;
      return -POLL_MS;
    }
    const data = payload(bytes, command[0][0]);
    if (typeof data === "number") return data;
    take(data);
    if (++step === COMMANDS.length) return result;
    send();
    return -POLL_MS;
  };

  return {
    quantities: [CARD_HIGH, CARD_LOW],
    start() {
      step = 0;
      result = 0;
      try {
        send();
      } catch (e) {
        return -busFault(e);
      }
      return POLL_MS;
    },
    read() {
      let out: readonly number[] | number;
      try {
        out = proceed();
        // whatever failed, the field must not stay on; its answer does not matter any more
        if (typeof out === "number" && out > 0 && step < 3) port.writeTo(ADDRESS, frame(COMMANDS[3][0]));
      } catch (e) {
        out = busFault(e);
      }
      return out;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "NXP PN532",
  measures: ["cardHigh", "cardLow"],
  datasheet: "PN532/C1 revision 3.6, November 2017; User Manual UM0701-02",
  bus: "I2C",
  addresses: [ADDRESS],
  clockHertz: 4e5,
  volts: [2.7, 5.5],
  startUpMs: figure(2, "oscillator, a few hundred µs, up to 2 ms with a bad quartz layout"),
  sleepMicroamps: figure(18, "soft power-down, RF detector off (40 maximum)"),
  measuringMicroamps: figure(91000, "25 mA digital, 6 mA analog, 60 mA transmitter"),
  measureMs: figure(30, "field on", "inferred"),
  check: "8-bit sums over length and data",
  accuracy: "one card of ISO 14443 type A, 4 or 7 bytes",
  notes: ["Wakes by its address and holds SCL low meanwhile: a software I2C that ignores that reads garbage."],
});
