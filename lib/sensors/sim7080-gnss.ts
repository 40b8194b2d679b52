/**
 * The GNSS receiver inside SIMCom's SIM7080G and SIM7000: position by AT commands. A SIM7080G has one radio for both: it hears
 * no satellite while it talks to a cell, and opens no connection while it looks for satellites. So the search comes before
 * the report, as a node does it. SIM7070_SIM7080_SIM7090 Series AT Command Manual V1.05, 8.2; GNSS Application Note V1.02.
 */
import type { PinName, Uart } from "../../boards/types.ts";
import { MODEM_ERROR, MODEM_SILENT, TIMEOUT } from "../faults.ts";
import { atSession, type AtSession } from "../modems/at.ts";
import { after, cancel, releasePin, serial, setPin } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ALTITUDE, LATITUDE, LONGITUDE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface Sim7080GnssOptions {
  /** Pin that presses the power key, as for the modem. Without it the modem must be awake. */
  readonly powerKey?: PinName;
  /** Longest search, in seconds. Default 90. */
  readonly limitSeconds?: number;
  /** Default 57600, as the modem's. */
  readonly baud?: number;
  /**
   * Switches the mobile radio off meanwhile (AT+CFUN=4): for places where it would search for a cell all the time. It must
   * register anew then.
   */
  readonly alone?: boolean;
  /** Command that switches the supply of an active antenna, but for its last digit. LilyGO T-SIM7000G: "AT+CGPIO=0,48,1," */
  readonly antenna?: string;
}

const POLL_MS = 2000;
const ANSWER_MS = 1500;
const KEY_MS = 1100;
const CLOSE_MS = 100;
/** Polls that a modem has to answer its first AT, before and after its key was pressed. */
const PATIENCE = 8;

/**
 * The fix in the fields of +CGNSINF (run, fix, time, latitude, longitude, altitude, …), or undefined. Before a fix a place stands
 * there as well: zeros, or the last one.
 */
export function fixOfReport(line: string): number[] | undefined {
  const fields = line.slice(line.indexOf(":") + 1).split(",");
  if (fields[1] !== "1" || !fields[3] || !fields[4]) return undefined;
  const fix = [
    within(+fields[3], -90, 90),
    within(+fields[4], -180, 180),
    within(parseFloat(fields[5]!), -1000, 60000),
  ];
  return fix.some(isNaN) ? undefined : fix;
}

export function sim7080Gnss(uart: Uart, options?: Sim7080GnssOptions): Sensor<"latitude" | "longitude" | "altitude"> {
  const given: Sim7080GnssOptions = options || {};
  const key = given.powerKey;
  let at: AtSession;
  let fix: number[] | undefined;
  let fault = 0;
  let answers = false;
  let pressed = false;
  let closing = false;
  let polls = 0;

  const nothing = () => {};
  const on = () => {
    at.ask("ATE0", ANSWER_MS, nothing);
    if (given.alone) at.ask("AT+CFUN=4", ANSWER_MS, nothing);
    if (given.antenna) at.ask(given.antenna + 1, ANSWER_MS, nothing);
    at.ask("AT+CGNSPWR=1", ANSWER_MS, (error) => {
      answers = !error;
      if (error === MODEM_ERROR) fault = error;
    });
  };
  const press = () => {
    pressed = true;
    setPin(key!, 1);
    after(KEY_MS, () => releasePin(key!));
  };

  return {
    quantities: [LATITUDE, LONGITUDE, ALTITUDE],
    start() {
      fix = undefined;
      answers = pressed = closing = false;
      fault = polls = 0;
      at = atSession(serial(uart, given.baud || 57600), { after, cancel }, (line) => {
        if (line.startsWith("+CGNSINF:")) fix = fixOfReport(line);
        return false;
      });
      on();
      return POLL_MS;
    },
    read() {
      polls++;
      if (!closing && !fix && !fault && polls * POLL_MS < (given.limitSeconds || 90) * 1000) {
        if (answers) at.ask("AT+CGNSINF", ANSWER_MS, nothing);
        else if (polls > PATIENCE) fault = MODEM_SILENT;
        else if (key && !pressed) press();
        else on();
        if (!fault) return -POLL_MS;
      }
      if (!closing) {
        closing = true;
        at.abort();
        if (answers) {
          if (given.antenna) at.ask(given.antenna + 0, ANSWER_MS, nothing);
          if (given.alone) at.ask("AT+CFUN=1", ANSWER_MS, nothing);
          // the modem's own driver may use the line only when this has been answered
          at.ask("AT+CGNSPWR=0", ANSWER_MS, () => (answers = false));
        }
      }
      return answers ? -CLOSE_MS : fix || fault || TIMEOUT;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "SIMCom SIM7080G, SIM7070G, SIM7000G (built-in GNSS)",
  measures: ["latitude", "longitude", "altitude"],
  datasheet:
    "SIM7070_SIM7080_SIM7090 Series AT Command Manual V1.05, table 8-1; GNSS Application Note V1.02; hardware designs",
  bus: "UART",
  volts: [2.7, 4.8],
  startUpMs: figure(2000, "power key to UART", "inferred"),
  sleepMicroamps: figure(0, "part of the modem", "inferred"),
  measuringMicroamps: figure(54000, "SIM7070 hardware design, GNSS (SIM7000: 30 mA)", "reported"),
  measureMs: figure(31000, "cold start below 31 s (SIM7070), hot (within 2 h of the last fix) below 1 s", "reported"),
  check: "none beyond the AT line",
  accuracy: "2.5 m (unverified)",
  notes: [
    "SIM7080G: one radio for both. Searching for a cell, attaching and transmitting stop the search for satellites.",
    "Leaves the modem awake for the report that follows; without one it falls back into PSM by itself, where it has been granted PSM.",
    'An active antenna needs its supply: LilyGO T-SIM7000G { antenna: "AT+CGPIO=0,48,1," }; T-SIM7080G-S3: rail BLDO2 of its AXP2101.',
  ],
});
