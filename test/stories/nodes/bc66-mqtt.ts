import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { bc66Mqtt } from "hibernode/modems/bc66-mqtt";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { modemMqtt } from "hibernode/uplink/modem-mqtt";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: bc66Mqtt(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}" }, session: modemMqtt },
});
