/** SIMCom SIM7020E/G on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import type { ModemFactory } from "./modem.ts";
import { sim7020Family } from "./sim7020-family.ts";

export function sim7020(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, sim7020Family);
}
