/** The same in a persistent session. */
import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { sht4x } from "hibernode/sensors/sht4x";
import { updates } from "hibernode/update/updates";
import { mqttWith } from "hibernode/uplink/mqtt-with";
import { report } from "./config.ts";

export default node({
  board,
  sensors: { cargo: sht4x(board.i2c.main), battery: batteryVoltage(board.battery) },
  sample: every("15m"),
  report: every(report, { slack: "5m" }),
  sendNow: ({ cargo }) => cargo.temperature > 27,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "story/{id}/telemetry" }, session: mqttWith({ persistent: true }) },
  use: updates("story/{id}/update"),
});
