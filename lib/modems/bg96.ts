/** Quectel BG96, BG95 or BG77 on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import type { Duration } from "../schedule/every.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { bg96Family, bg96Port } from "./bg96-family.ts";
import { withEdrx } from "./edrx.ts";
import type { ModemFactory } from "./modem.ts";

/** The rate at which it comes; it detects none. */
export const BAUD = 115200;

export function bg96(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, bg96Family, bg96Port, BAUD);
}

/** The same, where the network refuses PSM: asleep with eDRX between two reports, not off: dearer, but it can be called. */
export function bg96WithEdrx(uart: Uart, cycle: Duration, options?: ModemOptions): ModemFactory {
  return attach(uart, options, withEdrx(bg96Family, "AT+QSCLK=1", cycle), bg96Port, BAUD);
}
