/** Plantower PMS7003: particles in air. Data sheet: version 2.5. Its fan needs 5 V; the UART has 3.3 V levels. */
import type { Uart } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { serial } from "../platform/espruino.ts";
import type { SerialPort } from "../platform/ports.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { PM1, PM10, PM25 } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

const FRAME = 32;
const HEAD = "BM\x00\x1c";

/** PM1, PM2.5, PM10 in air of the newest whole frame in `text`, or undefined. */
export function newestFrame(text: string): number[] | undefined {
  for (let at = text.lastIndexOf(HEAD); at >= 0; at = at ? text.lastIndexOf(HEAD, at - 1) : -1) {
    if (at + FRAME > text.length) continue;
    const word = (i: number) => text.charCodeAt(at + i) * 256 + text.charCodeAt(at + i + 1);
    let sum = 0;
    for (let i = 0; i < FRAME - 2; i++) sum += text.charCodeAt(at + i);
    if (sum === word(FRAME - 2)) return [word(10), word(12), word(14)];
  }
  return undefined;
}

export function pms7003(uart: Uart): Sensor<"pm1" | "pm25" | "pm10"> {
  let port: SerialPort;
  let text = "";
  let polls = 0;
  return {
    quantities: [PM1, PM25, PM10],
    start() {
      polls = 0;
      port = serial(uart, 9600);
      port.write("BM\xe4\x00\x01\x01\x74"); // wake
      return 30000; // until its readings are stable
    },
    read() {
      if (!polls) {
        port.removeAllListeners("data");
        port.read(); // nobody has listened since the last measurement
        // two frames less a byte always hold a whole one
        text = "";
        port.on("data", (data) => (text = (text + data).slice(1 - 2 * FRAME)));
      }
      const values = newestFrame(text);
      // a frame comes every 2.3 s at least
      if (!values && polls++ < 6) return -1000;
      port.removeAllListeners("data");
      port.write("BM\xe4\x00\x00\x01\x73"); // sleep
      return values || TIMEOUT;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Plantower PMS7003",
  measures: ["pm1", "pm25", "pm10"],
  datasheet: "PMS7003, version 2.5",
  bus: "UART",
  clockHertz: 9600,
  volts: [4.5, 5.5],
  startUpMs: figure(30000, "stable data after wake"),
  sleepMicroamps: figure(200, "standby, maximum"),
  measuringMicroamps: figure(100000, "active, maximum, at 5 V"),
  measureMs: figure(31000, "30 s and one frame"),
  check: "16-bit sum over the frame",
  accuracy: "10 µg/m³ up to 100 µg/m³, 10 % above",
  notes: ["Fed with 5 V; the laser lives for about three years of measuring."],
});
