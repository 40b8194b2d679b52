import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { encrypted } from "hibernode/seal/encrypted";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { sht4x } from "hibernode/sensors/sht4x";
import { commands } from "hibernode/uplink/commands";
import { mqttSn } from "hibernode/uplink/mqtt-sn";

export default node({
  board,
  sensors: { cargo: sht4x(board.i2c.main), battery: batteryVoltage(board.battery) },
  sample: every("15m"),
  report: every("2h", { slack: "5m" }),
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: {
    mqtt: { topic: "story/{id}/telemetry" },
    seal: encrypted(),
    session: mqttSn({ qos: 1, sleepSeconds: 10_800 }),
  },
  use: commands("story/{id}/command", { most: "12h", stay: "1h" }),
});
