/** SIMCom SIM7020E/G on a UART, with its power key on a pin. */
import type { PinName, Uart } from "../../boards/types.ts";
import { after, cancel, releasePin, serial, setPin } from "../platform/espruino.ts";
import { seconds, type Duration } from "../schedule/every.ts";
import type { ModemFactory } from "./modem.ts";
import { sim7020Driver } from "./sim7020-driver.ts";

export interface Sim7020Options {
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
  /** Default 57600: the module detects the rate, and at this one no burst overflows Espruino's UART buffer. */
  readonly baud?: number;
}

export function sim7020(uart: Uart, options: Sim7020Options = {}): ModemFactory {
  const key = options.powerKey;
  const pressed = options.keyPressed === 0 ? 0 : 1;
  const psm = options.psm || {};
  return (settings) =>
    sim7020Driver({
      port: serial(uart, options.baud || 57600),
      timers: { after, cancel },
      key: key && ((down) => (down ? setPin(key, pressed) : releasePin(key))),
      apn: "" + (settings["apn"] || ""),
      tauSeconds: seconds(psm.tau || "310h"),
      activeSeconds: seconds(psm.active || "2s"),
      registerMs: seconds(options.registerLimit || "90s") * 1000,
    });
}
