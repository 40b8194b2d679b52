/** Eastron SDM120/SDM230 energy meters and the RS-485 transceiver before them, as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const meter = figuresFrom("Eastron SDM120/SDM230 Modbus, drivers agree (reaper7 SDM, ESPHome)");
const transceiver = figuresFrom("MAX3485 class transceiver");

export const facts = {
  title: "Eastron SDM120/SDM230, energy meter with Modbus RTU on RS-485",
  quantities: ["voltage", "power", "powerFactor", "frequency"],
  faults: ["nak", "crc"],
  supplyVolts: [transceiver(3, "supply voltage", "memory"), transceiver(3.6, "supply voltage", "memory")],
  figures: {
    shutdownMicroamps: transceiver(1, "shutdown", "memory"),
    receivingMicroamps: transceiver(300, "supply current, driver off", "memory"),
    drivingMicroamps: transceiver(25_000, "driving 60 ohm", "memory"),
    baud: meter(2400, "factory default", "reported"),
    answerMs: meter(40, "response time, short end", "reported"),
    answerLongestMs: meter(200, "response time, long end", "reported"),
    voltsAccuracy: meter(0.005, "voltage accuracy", "memory"),
    powerAccuracy: meter(0.01, "active power accuracy, class 1", "memory"),
  },
} as const satisfies PartFacts;

export type Electrical =
  | "voltage"
  | "current"
  | "power"
  | "apparent"
  | "reactive"
  | "factor"
  | "frequency"
  | "imported"
  | "exported"
  | "total";

/** Input registers (function 04): a float32 each, high word first. */
export const inputRegisters: ReadonlyMap<number, Electrical> = new Map<number, Electrical>([
  [0x0000, "voltage"],
  [0x0006, "current"],
  [0x000c, "power"],
  [0x0012, "apparent"],
  [0x0018, "reactive"],
  [0x001e, "factor"],
  [0x0046, "frequency"],
  [0x0048, "imported"],
  [0x004a, "exported"],
  [0x0156, "total"],
]);

/** Holding registers (functions 03 and 10) and their values as delivered. */
export const holdingRegisters: readonly (readonly [address: number, value: number])[] = [
  [0x0000, 0], [0x0002, 60], [0x000c, 100], [0x0012, 0], [0x0014, 1], [0x001c, 0], [0x0056, 4],
]; // prettier-ignore
export const METER_ID = 0x0014;
export const BAUD_CODE = 0x001c;
export const baudCodes: Readonly<Record<number, number>> = { 0: 2400, 1: 4800, 2: 9600, 5: 1200 };

/** The last register of the map; a request beyond it is refused. */
export const LAST_REGISTER = 0x0185;
/** Most registers of one request. */
export const MOST_REGISTERS = 80;
