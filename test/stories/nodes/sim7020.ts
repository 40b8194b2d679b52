import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}" } },
});
