/** Quectel BG96, BG95 or BG77 on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { bg96Family } from "./bg96-family.ts";
import type { ModemFactory } from "./modem.ts";

export function bg96(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, bg96Family);
}
