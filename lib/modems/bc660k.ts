/** Quectel BC660K-GL on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { bc660kFamily } from "./bc660k-family.ts";
import type { ModemFactory } from "./modem.ts";

export function bc660k(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, bc660kFamily("", 1));
}
