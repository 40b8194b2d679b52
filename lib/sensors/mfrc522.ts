/** NXP MFRC522 on SPI: the number of the card before it. Data sheet: revision 3.9, 27 April 2016. */
import type { PinName, SpiBus } from "../../boards/types.ts";
import { CRC, NAK, TIMEOUT } from "../faults.ts";
import { spi } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CARD_HIGH, CARD_LOW } from "./quantities.ts";
import { cardNumber, NO_CARD } from "./rfid.ts";
import type { Sensor } from "./sensor.ts";

const COMMAND = 1;
const IRQ = 4;
const ERROR = 6;
const FIFO = 9;
const LEVEL = 0x0a;
const FRAMING = 0x0d;
const TX_CONTROL = 0x14;

const RESET = 1;
const FIELD = 2;
const REQUEST = 3;
const FIRST = 4;
const SECOND = 6;

export function mfrc522(bus: SpiBus, select: PinName): Sensor<"cardHigh" | "cardLow"> {
  const port = spi(bus);
  let step = 0;
  let polls = 0;
  let first: number[] = [];
  const put = (register: number, value: number) => port.send([register << 1, value], select);
  const take = (register: number) => port.send([0x80 | (register << 1), 0], select)[1]!;

  const transceive = (bytes: readonly number[], lastBits: number) => {
    put(COMMAND, 0);
    put(FRAMING, 0); // what starts a transmission must have been taken back
    put(IRQ, 0x7f);
    put(LEVEL, 0x80);
    port.send([FIFO << 1].concat(bytes), select);
    put(COMMAND, 0x0c);
    put(FRAMING, 0x80 | lastBits);
    return -2;
  };
  /** The part appends and checks the CRC itself. */
  const crc = (on: number) => {
    put(0x12, on);
    put(0x13, on);
  };

  const received = (): readonly number[] | number => {
    const irq = take(IRQ);
    // received, or ended; without an answer the timer runs out
    if (!(irq & 0x31)) return -2;
    if (!(irq & 0x30)) return step === REQUEST ? NO_CARD : TIMEOUT;
    const bytes: number[] = [];
    for (let left = take(LEVEL); left > 0; left--) bytes.push(take(FIFO));
    // to a request, to the first anticollision, to select, to the second anticollision
    if (take(ERROR) & 0x1f || bytes.length !== [2, 5, 1, 5][step++ - REQUEST]) return CRC;
    if (step === FIRST) return transceive([0x93, 0x20], 0);
    if (step === SECOND) {
      crc(0);
      return transceive([0x95, 0x20], 0);
    }
    // four bytes and their exclusive or
    if (bytes[0]! ^ bytes[1]! ^ bytes[2]! ^ bytes[3]! ^ bytes[4]!) return CRC;
    if (step > SECOND) return cardNumber(first.slice(1, 4).concat(bytes), 0, 7);
    if (bytes[0] !== 0x88) return cardNumber(bytes, 0, 4);
    // a cascade tag: three of seven bytes so far
    first = bytes;
    crc(0x80);
    return transceive([0x93, 0x70].concat(bytes), 0);
  };

  const proceed = (): readonly number[] | number => {
    if (step > FIELD) return received();
    if (step === FIELD) {
      step = REQUEST;
      return transceive([0x26], 7);
    }
    const version = take(0x37);
    if (!version || version === 255) return NAK;
    if (take(COMMAND) & 0x10) return -2;
    if (++step === RESET) {
      put(COMMAND, 0x0f);
      return -5;
    }
    // a timer of 25.5 ms that each transmission starts; 100 % ASK; CRC preset of type A; field on
    put(0x2a, 0x8d);
    put(0x2b, 0x3e);
    put(0x2d, 50);
    put(0x15, 0x40);
    put(0x11, 0x3d);
    put(TX_CONTROL, 0x83);
    return -6; // a card is ready 5 ms after the field came on
  };

  return {
    quantities: [CARD_HIGH, CARD_LOW],
    start() {
      step = polls = 0;
      put(COMMAND, 0);
      return 2;
    },
    read() {
      let result = proceed();
      if (typeof result === "number" && result < 0) {
        if (polls++ < 40) return result;
        result = TIMEOUT;
      }
      put(TX_CONTROL, 0x80);
      put(COMMAND, 0x10);
      return result;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "NXP MFRC522",
  measures: ["cardHigh", "cardLow"],
  datasheet: "MFRC522, revision 3.9, 27 April 2016",
  bus: "SPI",
  clockHertz: 1e7,
  volts: [2.5, 3.6],
  startUpMs: figure(50, "crystal start-up, as drivers wait", "reported"),
  sleepMicroamps: figure(10, "soft power-down, maximum"),
  measuringMicroamps: figure(73500, "6.5 mA digital, 7 mA analog, 60 mA transmitter at 3 V"),
  measureMs: figure(30, "field on", "inferred"),
  check: "exclusive or over the number, parity; none on SPI itself",
  accuracy: "one card of ISO 14443 type A, 4 or 7 bytes",
  notes: ["After power-on it draws 13 mA until the first reading has put it to sleep."],
});
