import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { pcf8563 } from "hibernode/schedule/pcf8563";
import { all } from "hibernode/schedule/extensions";
import { remember } from "hibernode/schedule/remember";
import { onPin } from "hibernode/schedule/wake-pin";
import { mfrc522 } from "hibernode/sensors/mfrc522";
import { LEFT, visits } from "./visits.ts";

const spi = { bus: "SPI1", sck: "D18", mosi: "D23", miso: "D19" } as const;
const memo = remember();

export default node({
  board,
  sensors: { gate: visits(mfrc522(spi, "D5"), memo) },
  sample: every("30m", { slack: "5m" }),
  report: every("6h", { slack: "20m" }),
  // a crate that leaves is news, one that came can wait
  sendNow: ({ gate }) => gate.state === LEFT,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "gates/{id}/telemetry" } },
  // the gate's contact shares the wake pin with the clock's alarm
  use: all([memo.use, onPin("D27", { level: 0, alarm: pcf8563(board.i2c.main), quiet: "30s" })]),
});
