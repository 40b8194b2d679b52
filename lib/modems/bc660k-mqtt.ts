/** The MQTT client of Quectel BC660K-GL: MQTT Application Note V1.2. A message stands in its command, as digits. */
import type { Uart } from "../../boards/types.ts";
import type { ModemOptions } from "./attach.ts";
import { bc660kFamily } from "./bc660k-family.ts";
import { toHex } from "./hex.ts";
import type { ModemFactory } from "./modem.ts";
import { attachMqtt } from "./own-mqtt.ts";
import { quectelMqttWords } from "./mqtt-quectel.ts";

/** @param version what MQTT 3.1.1 is called  @param release as in bc660k-family.ts */
export const bc660kMqttWords = (version: number, release: number) =>
  quectelMqttWords({
    // the note allows 730 bytes as digits (3.3.8); no longer command is known to pass
    longest: 512,
    version,
    // ten seconds without a command would let it sleep, and lose the next one
    before: () => ["AT+QSCLK=0"],
    // sent as digits: text could hold a quotation mark or a line's end
    after: ['AT+QMTCFG="dataformat",0,1,0'],
    message: (payload) => `,"${toHex(payload)}"`,
    release: ["AT+QNBIOTRAI=" + release],
    asleep: ["AT+QSCLK=1"],
  });

/** BC660K with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function bc660kMqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, bc660kFamily("", 1), bc660kMqttWords(1, 1));
}
