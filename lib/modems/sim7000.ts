/** SIMCom SIM7000 series on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { sim7000Family, sim7000Port } from "./sim7000-family.ts";
import type { ModemFactory } from "./modem.ts";

export function sim7000(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, sim7000Family, sim7000Port);
}
