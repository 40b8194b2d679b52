import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { sim7020Signal } from "hibernode/modems/signal";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

const radio = sim7020Signal();

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery), radio },
  sample: every("1h"),
  report: every("6h"),
  modem: sim7020(board.uart.second, { powerKey: "D4", signal: radio }),
  uplink: { mqtt: { topic: "story/{id}" } },
  use: radio.use,
});
