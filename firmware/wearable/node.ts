import { every, node } from "hibernode";
import board from "hibernode/boards/xiao-esp32c3";
import { sim7020 } from "hibernode/modems/sim7020";
import { all } from "hibernode/schedule/extensions";
import { remember } from "hibernode/schedule/remember";
import { untilMoved } from "hibernode/schedule/until-moved";
import { lis3dhMotion } from "hibernode/sensors/lis3dh-motion";
import { lis3dhWindow } from "hibernode/sensors/lis3dh-window";
import { max30102Window } from "hibernode/sensors/max30102-window";
import { OFF, RACING, wearer } from "./wearer.ts";

const i2c = board.i2c.main;
const memo = remember();
const { activity, heart, isIdle } = wearer(lis3dhWindow(i2c, { rate: 25, range: 8 }), max30102Window(i2c), memo, {
  moves: [0.4, 1.4, 5],
  rates: [60, 80, 100, 120],
  racing: 120,
  least: 2,
});

export default node({
  board,
  sensors: { activity, heart },
  sample: every("10m", { slack: "1m" }),
  report: every("4h", { slack: "20m" }),
  // what waits is sent before it sleeps until someone puts it on
  sendNow: ({ activity, heart }) => activity.state === OFF || heart.state === RACING,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "wearers/{id}/telemetry" } },
  // INT1 of the accelerometer
  use: all([memo.use, untilMoved("D3", { alarm: lis3dhMotion(i2c, { milliG: 96 }), isIdle })]),
});
