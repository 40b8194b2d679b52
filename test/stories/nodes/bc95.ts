import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { bc95 } from "hibernode/modems/bc95";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { mqttSn } from "hibernode/uplink/mqtt-sn";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: bc95(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}" }, session: mqttSn({ qos: 1 }) },
});
