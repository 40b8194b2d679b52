import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { bg96WithEdrx } from "hibernode/modems/bg96";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: bg96WithEdrx(board.uart.second, "655s", { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}" } },
});
