/**
 * The MQTT client of Quectel BG95 and BG77, whose AT+QMTPUB takes the message's length. BG96's ends a message at its first
 * byte 26: readings would be cut, so BG96 has none here.
 */
import type { Uart } from "../../boards/types.ts";
import type { ModemOptions } from "./attach.ts";
import { BAUD } from "./bg96.ts";
import { bg96Family, bg96Port } from "./bg96-family.ts";
import type { ModemFactory } from "./modem.ts";
import { attachMqtt } from "./own-mqtt.ts";
import { quectelMqttWords } from "./mqtt-quectel.ts";

export const bg95MqttWords = quectelMqttWords({
  // public drivers; the manual of BG95 allows 4096
  longest: 1024,
  version: 4,
  before: (link) => [`AT+QICSGP=1,1,"${link.apn}"`, "AT+QIACT=1"],
  after: [],
  // behind the prompt
  message: (payload) => "\n" + payload,
  release: [],
  asleep: [],
});

/** BG95 with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function bg95Mqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, bg96Family, bg95MqttWords, bg96Port, BAUD);
}
