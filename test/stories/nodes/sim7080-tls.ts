import { every, node } from "hibernode";
import board from "hibernode/boards/lilygo-t-sim7080g-s3";
import { sim7080Tls } from "hibernode/modems/sim7080-tls";
import { sht4x } from "hibernode/sensors/sht4x";

export default node({
  board,
  sensors: { air: sht4x(board.i2c.power) },
  sample: every("1h"),
  report: every("6h"),
  modem: sim7080Tls(board.uart.modem, board.modem),
  uplink: { mqtt: { topic: "story/{id}" } },
});
