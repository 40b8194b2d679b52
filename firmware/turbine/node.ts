import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { remember } from "hibernode/schedule/remember";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { lis3dhWindow } from "hibernode/sensors/lis3dh-window";
import { condition, HEALTHY, STILL } from "./condition.ts";

const memo = remember();

export default node({
  board,
  sensors: {
    bearing: condition(lis3dhWindow(board.i2c.main, { rate: 400 }), memo, {
      learn: 100,
      still: 0.3,
      odd: 6,
      least: 3,
      margin: 20,
    }),
    battery: batteryVoltage(board.battery),
  },
  sample: every("1h", { slack: "5m" }),
  report: every("12h", { slack: "20m" }),
  sendNow: ({ bearing }) => bearing.state > HEALTHY && bearing.state < STILL,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "turbines/{id}/telemetry" } },
  use: memo.use,
});
