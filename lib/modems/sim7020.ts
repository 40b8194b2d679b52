/** SIMCom SIM7020E/G on a UART, with its power key on a pin. */
import type { Uart } from "../../boards/types.ts";
import type { Duration } from "../schedule/every.ts";
import { attach, type ModemOptions } from "./attach.ts";
import { withEdrx } from "./edrx.ts";
import type { ModemFactory } from "./modem.ts";
import { sim7020Family } from "./sim7020-family.ts";

export function sim7020(uart: Uart, options?: ModemOptions): ModemFactory {
  return attach(uart, options, sim7020Family);
}

/** The same, where the network refuses PSM: asleep with eDRX between two reports, not off. Pays off below some one hour. */
export function sim7020WithEdrx(uart: Uart, cycle: Duration, options?: ModemOptions): ModemFactory {
  return attach(uart, options, withEdrx(sim7020Family, "AT+CSCLK=2", cycle));
}
