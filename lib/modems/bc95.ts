/** Quectel BC95 or u-blox SARA-N2 (UDP alone) on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { bc95Family } from "./bc95-family.ts";
import type { ModemFactory } from "./modem.ts";

export function bc95(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, bc95Family);
}
