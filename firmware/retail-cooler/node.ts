import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { all } from "hibernode/schedule/extensions";
import { pcf8563 } from "hibernode/schedule/pcf8563";
import { remember } from "hibernode/schedule/remember";
import { onPin } from "hibernode/schedule/wake-pin";
import { contactInput } from "hibernode/sensors/contact-input";
import { hx711 } from "hibernode/sensors/hx711";
import { pcf8583 } from "hibernode/sensors/pcf8583";
import { tmp117 } from "hibernode/sensors/tmp117";
import { shelf, type ShelfRules } from "./shelf.ts";

const i2c = board.i2c.main;
const memo = remember();
// zero and countsPerKg: from the empty shelf and a known weight on it
const left = hx711({ data: "D13", clock: "D14", zero: 0, countsPerKg: 214748.3648 });
const right = hx711({ data: "D25", clock: "D26", zero: 0, countsPerKg: 214748.3648 });
const cans: ShelfRules = { products: [0.355], still: 0.05, tolerance: 0.2, most: 24 };
const bottles: ShelfRules = { products: [0.53, 1.09], still: 0.05, tolerance: 0.15, most: 12 };

export default node({
  board,
  sensors: {
    air: tmp117(i2c),
    cans: shelf(left, memo, 0, cans),
    bottles: shelf(right, memo, 1, bottles),
    door: contactInput({ pin: "D27" }),
    // S0 pulses of the plug's meter, a thousand per kWh
    energy: pcf8583(i2c),
  },
  sample: every("10m", { slack: "30s" }),
  report: every("2h", { slack: "10m" }),
  sendNow: ({ air }) => air.temperature > 10,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "coolers/{id}/telemetry" } },
  // the door's contact closes when it opens, on the pin of the clock's alarm
  use: all([memo.use, onPin("D27", { level: 0, alarm: pcf8563(i2c), quiet: "1m" })]),
});
