import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { bg96 } from "hibernode/modems/bg96";
import { bg96Signal } from "hibernode/modems/signal";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

const radio = bg96Signal();

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery), radio },
  sample: every("1h"),
  report: every("6h"),
  modem: bg96(board.uart.second, { powerKey: "D4", signal: radio }),
  uplink: { mqtt: { topic: "story/{id}" } },
  use: radio.use,
});
