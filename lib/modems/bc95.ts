/** Quectel BC95 or u-blox SARA-N2 (UDP alone) on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { bc95Family } from "./bc95-family.ts";
import type { ModemFactory } from "./modem.ts";

/** The rate at which it comes; it detects none. */
const BAUD = 9600;

export function bc95(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, bc95Family, undefined, BAUD);
}
