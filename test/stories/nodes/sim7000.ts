import { every, node } from "hibernode";
import board from "hibernode/boards/lilygo-t-sim7000g";
import { sim7000 } from "hibernode/modems/sim7000";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";

export default node({
  board,
  sensors: { battery: batteryVoltage(board.battery) },
  sample: every("1h"),
  report: every("6h"),
  modem: sim7000(board.uart.modem, board.modem),
  uplink: { mqtt: { topic: "story/{id}" } },
});
