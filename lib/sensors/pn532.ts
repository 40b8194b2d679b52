/** NXP PN532 on I2C: the number of the card before it. User Manual UM0701-02; data sheet revision 3.6, November 2017. */
import type { I2cBus } from "../../boards/types.ts";
import { CRC, RANGE, REFUSED, TIMEOUT } from "../faults.ts";
import { i2c, sum } from "../platform/espruino.ts";
import { busFault } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CARD_HIGH, CARD_LOW } from "./quantities.ts";
import { cardNumber, NO_CARD } from "./rfid.ts";
import type { Sensor } from "./sensor.ts";

const ADDRESS = 0x24;

/** Commands as normal information frames behind 00 00 FF (6.2.1): length, its complement, D4, code, data, sum, 00. */
export const FRAMES = [
  "\x05\xfb\xd4\x14\x01\x14\x00\x03\x00", // SAMConfiguration: normal mode; must come first after a reset
  "\x06\xfa\xd4\x32\x05\xff\x01\x02\xf3\x00", // RFConfiguration: look for a card three times, not for ever
  "\x04\xfc\xd4\x4a\x01\x00\xe1\x00", // InListPassiveTarget: one card of 106 kbit/s type A
  "\x03\xfd\xd4\x16\x80\x96\x00", // PowerDown until its address is called
];
const LIST = 2;
const POWER_DOWN = 3;

const POLL_MS = 5;
const POLLS = 60;
/** Ready byte and frame; a card that speaks ISO 14443-4 adds its answer to select, up to 20 bytes. */
const LONGEST = 64;

/** Data of the response to `command` (without code), or a fault. @param bytes as read: ready byte, then the frame */
export function payload(bytes: Uint8Array, command: number): number[] | number {
  const length = bytes[4]!;
  if (
    "" + bytes.slice(1, 4) !== "0,0,255" ||
    (length + bytes[5]!) & 255 ||
    length + 7 > bytes.length ||
    sum(bytes.slice(6, length + 7)) & 255
  )
    return CRC;
  return bytes[6] === 0xd5 && bytes[7] === command + 1 ? bytes.slice(8, 6 + length) : REFUSED;
}

export function pn532(bus: I2cBus): Sensor<"cardHigh" | "cardLow"> {
  const port = i2c(bus);
  let step = 0;
  let acknowledged = false;
  let polls = 0;
  let result: readonly number[] | number = 0;

  const send = (which: number) => {
    step = which;
    acknowledged = false;
    polls = 0;
    port.writeTo(ADDRESS, "\x00\x00\xff" + FRAMES[which]!);
  };
  const isReady = () => {
    try {
      return port.readFrom(ADDRESS, 1)[0]! & 1;
    } catch (e) {
      // right after an exchange it may not acknowledge at all
      return 0;
    }
  };
  /** What to read next: -ms, or the end of it all. */
  const proceed = (): readonly number[] | number => {
    if (!isReady()) return polls++ < POLLS ? -POLL_MS : TIMEOUT;
    // each read starts anew, with the ready byte
    const bytes = port.readFrom(ADDRESS, acknowledged ? LONGEST : 7);
    if (!acknowledged) {
      acknowledged = "" + bytes === "1,0,0,255,0,255,0";
      return acknowledged ? -POLL_MS : CRC;
    }
    const data = payload(bytes, FRAMES[step]!.charCodeAt(3));
    if (typeof data === "number") return data;
    // NbTg Tg SENS_RES(2) SEL_RES NFCIDLength NFCID
    if (step === LIST)
      result = !data[0] ? NO_CARD : data[5] === 4 || data[5] === 7 ? cardNumber(data, 6, data[5]) : RANGE;
    if (step === POWER_DOWN) return result;
    send(step + 1);
    return -POLL_MS;
  };

  return {
    quantities: [CARD_HIGH, CARD_LOW],
    start() {
      try {
        send(0);
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
        if (typeof out === "number" && out > 0 && step < POWER_DOWN) send(POWER_DOWN);
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
