/** A modem on a UART, with its power key on a pin: what all families have in common for the author of a firmware. */
import type { PinName, Uart } from "../../boards/types.ts";
import { after, cancel, releasePin, serial, setPin } from "../platform/espruino.ts";
import type { SerialPort } from "../platform/ports.ts";
import { seconds, type Duration } from "../schedule/every.ts";
import { modemDriver, type MakeFamily, type ModemSetup } from "./driver.ts";
import type { ModemFactory } from "./modem.ts";
import type { Signal } from "./signal.ts";

export interface ModemOptions {
  /** Pin that presses the power key. Without it the modem must always be on. */
  readonly powerKey?: PinName;
  /** Level that presses it: 1 through the usual transistor (default), 0 when the pin is wired to the key itself. */
  readonly keyPressed?: 0 | 1;
  readonly psm?: {
    /** Longest sleep before the modem reports to the network by itself; more than the report period. Default "310h". */
    readonly tau?: Duration;
    /** How long it listens for commands after a report. Default "2s". */
    readonly active?: Duration;
  };
  /** Longest search for a network. Default "90s". */
  readonly registerLimit?: Duration;
  /** `pause` of lib/schedule/light-sleep.ts: the chip sleeps lightly while the modem boots and searches. */
  readonly pause?: (ms: number, run: () => void) => void;
  /** Tells how it hears its cell: the `…Signal()` of its family (signal.ts). */
  readonly signal?: Pick<Signal, "family" | "modem">;
  /** Default 57600, which most detect, and at which no burst overflows Espruino's UART buffer; else as the family comes. */
  readonly baud?: number;
}

export function attach(
  uart: Uart,
  options: ModemOptions | undefined,
  family: MakeFamily,
  wrap?: (port: SerialPort) => SerialPort,
  baud?: number,
): ModemFactory {
  const given: ModemOptions = options || {};
  const key = given.powerKey;
  const pressed = given.keyPressed === 0 ? 0 : 1;
  const psm = given.psm || {};
  // made here, it holds on to nothing that a report made
  const press: ModemSetup["key"] = key && ((down) => (down ? setPin(key, pressed) : releasePin(key)));
  return (settings) => {
    const port = serial(uart, given.baud || baud || 57600);
    const signal = given.signal;
    const modem = modemDriver(
      {
        port: wrap ? wrap(port) : port,
        timers: { after, cancel },
        key: press,
        apn: "" + (settings["apn"] || ""),
        tauSeconds: seconds(psm.tau || "310h"),
        activeSeconds: seconds(psm.active || "2s"),
        registerMs: seconds(given.registerLimit || "90s") * 1000,
        pause: given.pause,
      },
      signal ? signal.family(family) : family,
    );
    return signal ? signal.modem(modem) : modem;
  };
}
