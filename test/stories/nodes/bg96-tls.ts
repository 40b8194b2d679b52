import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { bg96Tls } from "hibernode/modems/bg96-tls";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: bg96Tls(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}" } },
});
