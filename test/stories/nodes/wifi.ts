import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { wifi } from "hibernode/modems/wifi";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { sht4x } from "hibernode/sensors/sht4x";

export default node({
  board,
  sensors: { cargo: sht4x(board.i2c.main), battery: batteryVoltage(board.battery) },
  sample: every("15m"),
  report: every("1h", { slack: "5m" }),
  modem: wifi(),
  uplink: { mqtt: { topic: "story/{id}/telemetry" } },
});
