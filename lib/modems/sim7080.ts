/** SIMCom SIM7080G, SIM7070G or SIM7090G on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { sim7080Family, sim7080Port } from "./sim7080-family.ts";
import type { ModemFactory } from "./modem.ts";

export function sim7080(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, sim7080Family, sim7080Port);
}
