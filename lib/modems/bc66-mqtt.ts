/** The MQTT client of Quectel BC66 and BC26: as BC660K's, with other numbers (public drivers). */
import type { Uart } from "../../boards/types.ts";
import type { ModemOptions } from "./attach.ts";
import { bc660kFamily } from "./bc660k-family.ts";
import { bc660kMqttWords } from "./bc660k-mqtt.ts";
import type { ModemFactory } from "./modem.ts";
import { attachMqtt } from "./own-mqtt.ts";

/** BC66 with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function bc66Mqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, bc660kFamily("1,", 2), bc660kMqttWords(4, 2));
}
