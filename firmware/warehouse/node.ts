import { every, node } from "hibernode";
import board from "hibernode/boards/lilygo-t-sim7000g";
import { sim7000 } from "hibernode/modems/sim7000";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { pcf8583 } from "hibernode/sensors/pcf8583";
import { sdm120 } from "hibernode/sensors/sdm120";
import { sht4x } from "hibernode/sensors/sht4x";

const rs485 = { port: "Serial2", tx: "D18", rx: "D19" } as const;

export default node({
  board,
  sensors: {
    air: sht4x(board.i2c.main),
    water: pcf8583(board.i2c.main),
    mains: sdm120(rs485, { enable: "D32", receiver: "D33" }),
    battery: batteryVoltage(board.battery),
  },
  sample: every("5m", { slack: "15s" }),
  report: every("15m", { slack: "1m" }),
  // frost, a flood's damp air, or the mains gone
  sendNow: ({ air, mains }) => air.temperature < 3 || air.humidity > 90 || mains.fault > 0,
  modem: sim7000(board.uart.modem, board.modem),
  uplink: { mqtt: { topic: "warehouse/{id}/telemetry" } },
});
