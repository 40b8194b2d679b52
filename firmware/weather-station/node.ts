import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { batteryBands, never } from "hibernode/schedule/battery-bands";
import { all } from "hibernode/schedule/extensions";
import { remember } from "hibernode/schedule/remember";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { bme280 } from "hibernode/sensors/bme280";
import { pcf8583 } from "hibernode/sensors/pcf8583";
import { powerGate } from "hibernode/sensors/power-gate";
import { soilMoisture } from "hibernode/sensors/soil-moisture";
import { meanWind } from "./wind.ts";

const i2c = board.i2c.main;
const memo = remember();

export default node({
  board,
  sensors: {
    air: bme280(i2c),
    wind: meanWind(pcf8583(i2c), memo, 0.667),
    rain: pcf8583(i2c, { address: 0x51 }),
    soil: powerGate({ pin: "D26", settleMs: 300 }, soilMoisture({ pin: "D35", dry: 2.6, wet: 1.2 })),
    battery: batteryVoltage(board.battery),
  },
  sample: every("10m", { slack: "30s" }),
  report: every("1h", { slack: "10m" }),
  // a gale: Beaufort 8 begins at 17.2 m/s
  sendNow: ({ wind }) => wind.speed > 17.2,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "weather/{id}/telemetry" } },
  use: all([
    memo.use,
    batteryBands((r) => r.battery.voltage, {
      sample: every("10m", { slack: "30s" }),
      report: every("1h", { slack: "10m" }),
      bands: [
        { below: 3.7, sample: every("20m", { slack: "2m" }), report: every("6h", { slack: "20m" }) },
        { below: 3.6, sample: every("2h", { slack: "10m" }), report: never() },
      ],
    }),
  ]),
});
