/**
 * An energy meter with Modbus RTU behind an RS-485 transceiver: one pair of wires, so that only one end may speak at a
 * time. The meter lives from the mains; the node pays for its transceiver.
 */
import type { Alarm } from "../clock.ts";
import type { Level, PartContext, SerialTarget } from "../hardware.ts";
import { createBody } from "./body.ts";
import * as data from "./modbus-meter-facts.ts";
import { between, type Part, type SerialWiring, within } from "./part.ts";

const { figures } = data.facts;

export interface ModbusMeterWiring extends SerialWiring {
  /** The meter's address on the bus; 1 unless stated. */
  readonly unit?: number | undefined;
  readonly baud?: number | undefined;
  /** Energy counted before the run, in kWh. */
  readonly importedKwh?: number | undefined;
  /** The transceiver turns by itself: it has no direction pins. */
  readonly automatic?: boolean | undefined;
}

const [READ_HOLDING, READ_INPUT, WRITE_HOLDING] = [0x03, 0x04, 0x10];
const [ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE] = [1, 2, 3];
/** Silence that ends a frame, in characters of ten bits. */
const SILENCE_CHARACTERS = 3.5;
const COUNT_SECONDS = 60;

export function modbusMeter(context: PartContext, wiring: ModbusMeterWiring): Part {
  const { name, line, automatic = false, importedKwh = 0 } = wiring;
  const { clock, fault, random, world } = context;
  const body = createBody(context, name, {
    receiving: figures.receivingMicroamps,
    driving: figures.drivingMicroamps,
    shutdown: figures.shutdownMicroamps,
  });
  const voltsError = 1 + within(random, figures.voltsAccuracy.value);
  const powerError = 1 + within(random, figures.powerAccuracy.value);
  const holding = new Map(data.holdingRegisters);
  holding.set(data.METER_ID, wiring.unit ?? 1);
  let baud = wiring.baud ?? figures.baud.value;
  let imported = importedKwh;
  let exported = 0;
  let countedAt = clock.now;
  let lastWatts = 0;
  let heard: number[] = [];
  let silence: Alarm | undefined;
  let driving = false;
  let listening = true;

  const unit = (): number => holding.get(data.METER_ID)!;

  /** The meter counts energy all the time, in steps of the mean power. */
  function count(): void {
    const watts = world("power") * powerError;
    const kwh = (((watts + lastWatts) / 2) * (clock.now - countedAt)) / 3.6e6;
    if (kwh > 0) imported += kwh;
    else exported -= kwh;
    countedAt = clock.now;
    lastWatts = watts;
  }

  function value(of: data.Electrical): number {
    const volts = world("voltage") * voltsError;
    const watts = world("power") * powerError;
    const factor = Math.max(0.01, Math.abs(world("powerFactor")));
    const apparent = Math.abs(watts) / factor;
    switch (of) {
      case "voltage":
        return volts;
      case "current":
        return apparent / volts;
      case "power":
        return watts;
      case "apparent":
        return apparent;
      case "reactive":
        return Math.sqrt(Math.max(0, apparent ** 2 - watts ** 2));
      case "factor":
        return world("powerFactor");
      case "frequency":
        return world("frequency");
      case "imported":
        return imported;
      case "exported":
        return exported;
      case "total":
        return imported + exported;
    }
  }

  function registers(kind: number, from: number, words: number): number[] | undefined {
    if (words === 0 || words % 2 || words > data.MOST_REGISTERS || from % 2) return undefined;
    const bytes: number[] = [];
    for (let at = from; at < from + words; at += 2) {
      const of = data.inputRegisters.get(at);
      const number = kind === READ_INPUT ? (of ? value(of) : 0) : (holding.get(at) ?? 0);
      bytes.push(...float(number));
    }
    return bytes;
  }

  function answerTo(frame: readonly number[]): readonly number[] | undefined {
    const [to, kind, high = 0, low = 0, wordsHigh = 0, words = 0] = frame as [number, number, ...number[]];
    // What arrives broken, or for another unit, meets silence.
    if (to !== unit() || !crcFits(frame)) return undefined;
    const from = high * 256 + low;
    const refuse = (code: number): number[] => [to, kind | 0x80, code];
    if (kind === READ_INPUT || kind === READ_HOLDING) {
      count();
      if (from + words - 1 > data.LAST_REGISTER) return refuse(ILLEGAL_ADDRESS);
      const bytes = registers(kind, from, wordsHigh * 256 + words);
      return bytes ? [to, kind, bytes.length, ...bytes] : refuse(ILLEGAL_VALUE);
    }
    if (kind !== WRITE_HOLDING) return refuse(ILLEGAL_FUNCTION);
    if (!holding.has(from)) return refuse(ILLEGAL_ADDRESS);
    if (words !== 2 || frame[6] !== 4) return refuse(ILLEGAL_VALUE);
    const written = new DataView(Uint8Array.from(frame.slice(7, 11)).buffer).getFloat32(0);
    holding.set(from, written);
    return [to, kind, high, low, wordsHigh, words];
  }

  function respond(): void {
    const frame = heard;
    heard = [];
    const answer = answerTo(frame);
    if (!answer || fault("nak")) return;
    const ms = between(figures.answerMs.value, figures.answerLongestMs.value, random.next());
    body.occupy(ms * 1000, () => {
      // While the node still drives the wires, nothing of the answer gets through.
      if (driving || !listening) return;
      const bytes = Uint8Array.from([...answer, ...crc(answer)]);
      if (fault("crc")) bytes[Math.floor(random.next() * bytes.length)]! ^= 1 << Math.floor(random.next() * 8);
      line.transmit(bytes, baud);
      // The answer to a change of speed still comes at the old one.
      if (frame[1] === WRITE_HOLDING && frame[3] === data.BAUD_CODE)
        baud = data.baudCodes[holding.get(data.BAUD_CODE)!] ?? baud;
    });
  }

  function show(): void {
    if (!body.powered) return;
    body.enter(driving ? "driving" : listening ? "receiving" : "shutdown");
  }

  const serial: SerialTarget = {
    listensAt: () => baud,
    receive(bytes, rate) {
      body.settle();
      if (!body.powered || (!driving && !automatic) || Math.abs(rate / baud - 1) > 0.04) return;
      heard.push(...bytes);
      clock.cancel(silence);
      silence = clock.after((SILENCE_CHARACTERS * 1e7) / baud, respond);
    },
  };
  /** Driver enable: high = the node speaks. */
  const de = {
    changed(level: Level) {
      driving = level === 1;
      show();
    },
  };
  /** Receiver enable, active low; with the driver off as well the transceiver shuts down. */
  const re = {
    changed(level: Level) {
      listening = level !== 1;
      show();
    },
  };

  const keepCounting = (): void => {
    count();
    clock.after(COUNT_SECONDS * 1e6, keepCounting);
  };
  lastWatts = world("power") * powerError;
  keepCounting();
  return body.part({ serial, pins: { de, re } }, show, () => {
    clock.cancel(silence);
    heard = [];
  });
}

function float(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [0, 1, 2, 3].map((index) => view.getUint8(index));
}

/** Modbus CRC-16: polynomial 0xA001 reflected, initial value 0xFFFF, low byte first. */
export function crc(bytes: readonly number[]): [low: number, high: number] {
  let value = 0xffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xa001 : value >> 1;
  }
  return [value & 0xff, value >> 8];
}

function crcFits(frame: readonly number[]): boolean {
  if (frame.length < 4) return false;
  const [low, high] = crc(frame.slice(0, -2));
  return frame[frame.length - 2] === low && frame[frame.length - 1] === high;
}
