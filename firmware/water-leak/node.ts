import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { remember } from "hibernode/schedule/remember";
import { pcf8583 } from "hibernode/sensors/pcf8583";
import { report } from "./config.ts";
import { leakWatch } from "./leak.ts";

const memo = remember();

export default node({
  board,
  // a pulse a litre: a day without a dry hour, or more than 1.5 m³ in one
  sensors: { water: leakWatch(pcf8583(board.i2c.main), memo, { restless: 24, burst: 1500 }) },
  sample: every("1h", { slack: "5m" }),
  report: every(report, { slack: "20m" }),
  sendNow: ({ water }) => water.state > 0,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "water/{id}/telemetry" } },
  use: memo.use,
});
