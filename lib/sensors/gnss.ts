/** A GNSS receiver that sends NMEA on a UART (u-blox M8, Quectel L76K, …): position. */
import type { Uart } from "../../boards/types.ts";
import { STUCK, TIMEOUT } from "../faults.ts";
import { serial } from "../platform/espruino.ts";
import type { SerialPort } from "../platform/ports.ts";
import { fixOf } from "./nmea.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ALTITUDE, LATITUDE, LONGITUDE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface GnssOptions {
  /** Default 9600. */
  readonly baud?: number;
  /** Longest search, in seconds. Default 90. */
  readonly limitSeconds?: number;
  /** Bytes that wake the receiver, and bytes that put it to sleep. Without them, give it a `powerGate`. */
  readonly wake?: string;
  readonly sleep?: string;
}

/** u-blox: any edge wakes it; UBX-RXM-PMREQ sends it to backup until then. */
export const UBLOX: GnssOptions = {
  wake: "\xff",
  sleep: "\xb5b\x02\x41\x08\x00\x00\x00\x00\x00\x02\x00\x00\x00\x4d\x3b",
};

/** A sentence has 82 characters; what grows beyond is noise. */
const LONGEST_LINE = 100;

export function gnss(uart: Uart, options?: GnssOptions): Sensor<"latitude" | "longitude" | "altitude"> {
  const given: GnssOptions = options || {};
  let port: SerialPort;
  let fix: number[] | undefined;
  /** The sentence under way; undefined = nothing was heard. */
  let text: string | undefined;
  let left = 0;
  return {
    quantities: [LATITUDE, LONGITUDE, ALTITUDE],
    start() {
      fix = text = undefined;
      left = given.limitSeconds || 90;
      port = serial(uart, given.baud || 9600);
      port.read(); // sentences after the last sleep command are old by now
      port.on("data", (data) => {
        const lines = ((text || "") + data).split("\n");
        text = lines.pop()!.slice(-LONGEST_LINE);
        for (const line of lines) fix = fixOf(line) || fix;
      });
      if (given.wake) port.write(given.wake);
      return 1000;
    },
    read() {
      if (!fix && --left > 0) return -1000;
      port.removeAllListeners("data");
      if (given.sleep) port.write(given.sleep);
      return fix || (text === undefined ? STUCK : TIMEOUT);
    },
  };
}

export const facts = (): PartFacts => ({
  title: "GNSS receivers with NMEA (u-blox NEO-M8N, Quectel L76K)",
  measures: ["latitude", "longitude", "altitude"],
  datasheet: "SAM-M8Q UBX-16012619 (page 17); Quectel L76K protocol specification V1.1",
  bus: "UART",
  clockHertz: 9600,
  volts: [2.7, 3.6],
  startUpMs: figure(1000, "first sentence", "inferred"),
  sleepMicroamps: figure(30, "M8, software backup", "memory"),
  measuringMicroamps: figure(32000, "SAM-M8Q, acquisition with GPS and GLONASS at 3 V (67 mA peak)"),
  measureMs: figure(26000, "cold start, open sky (1 s hot)", "reported"),
  check: "8-bit exclusive or per sentence",
  accuracy: "2.5 m (unverified)",
  notes: ["Cold starts dominate: keep its backup supply."],
});
