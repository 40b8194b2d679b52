import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { energyNeutral } from "hibernode/schedule/energy-neutral";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { tmp117 } from "hibernode/sensors/tmp117";

export default node({
  board,
  sensors: { rail: tmp117(board.i2c.main), store: batteryVoltage(board.battery) },
  sample: every("15m", { slack: "1m" }),
  report: every("6h", { slack: "20m" }),
  // a rail that is much warmer than it was laid at may buckle
  sendNow: ({ rail }) => rail.temperature > 50,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "rails/{id}/telemetry" } },
  use: energyNeutral((r) => r.store.voltage, {
    // the divider is one percent off: stop that much before the board does
    emptyVolts: 3.55,
    fullVolts: 4.2,
    farads: 100,
    sampleCoulombs: 0.032,
    reportCoulombs: 1.15,
    dayCoulombs: 3.5,
    slowest: [every("2h"), every("1d", { slack: "20m" })],
    fastest: [every("5m"), every("1h", { slack: "5m" })],
  }),
});
