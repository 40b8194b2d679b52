import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { pcf8563 } from "hibernode/schedule/pcf8563";
import { onPin } from "hibernode/schedule/wake-pin";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { contactInput } from "hibernode/sensors/contact-input";
import { sht4x } from "hibernode/sensors/sht4x";

const i2c = board.i2c.main;

export default node({
  board,
  sensors: { cargo: sht4x(i2c), door: contactInput({ pin: "D27" }), battery: batteryVoltage(board.battery) },
  sample: every("15m", { slack: "2m" }),
  report: every("6h", { slack: "20m" }),
  sendNow: ({ cargo, door }) => door.contact === 1 || cargo.temperature > 27,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "cold-chain/{id}/telemetry" } },
  // the door's contact closes when it opens, on the pin of the clock's alarm
  use: onPin("D27", { level: 0, alarm: pcf8563(i2c), quiet: "5m" }),
});
