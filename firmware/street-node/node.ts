import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { stayAwake } from "hibernode/schedule/stay-awake";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { traffic } from "./traffic.ts";

export default node({
  board,
  sensors: {
    corner: traffic({ sensor: D27, lamp: D26, lampMs: 4000 }),
    battery: batteryVoltage(board.battery),
  },
  sample: every("5m"),
  report: every("1h", { slack: "5m" }),
  // the mains is gone: the charger holds 4.1 V and more
  sendNow: ({ battery }) => battery.voltage < 4,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "street/{id}/telemetry" } },
  use: stayAwake(),
});
