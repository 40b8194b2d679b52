import { every, node } from "hibernode";
import board from "hibernode/boards/lilygo-t-sim7000g";
import { sim7000 } from "hibernode/modems/sim7000";
import { pollPin } from "hibernode/schedule/wake-pin";
import { ads1115 } from "hibernode/sensors/ads1115";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { gnss, UBLOX } from "hibernode/sensors/gnss";
import { lis3dhMotion } from "hibernode/sensors/lis3dh-motion";
import { lis3dhWindow } from "hibernode/sensors/lis3dh-window";
import { sht4x } from "hibernode/sensors/sht4x";
import { driving } from "./driving.ts";
import { fuelLevel } from "./fuel.ts";
import { geofence, OUTSIDE } from "./geofence.ts";

const i2c = board.i2c.main;
const receiver = gnss({ port: "Serial2", tx: "D18", rx: "D19" }, UBLOX);
// x along the vehicle, y across it; INT1 at D32
const style = driving(lis3dhWindow(i2c, { rate: 25 }), lis3dhMotion(i2c, { milliG: 48 }), {
  margin: 10,
  still: 0.3,
  parked: 60,
});

export default node({
  board,
  sensors: {
    place: geofence(receiver, { latitude: 52.23, longitude: 21.01, metres: 40000 }),
    driving: style.sensor,
    cargo: sht4x(i2c),
    fuel: fuelLevel(ads1115(i2c), 0.2, 2.8),
    battery: batteryVoltage(board.battery),
  },
  sample: every("5m", { slack: "30s" }),
  report: every("30m", { slack: "5m" }),
  sendNow: ({ place, cargo }) => place.state === OUTSIDE || cargo.temperature > 8,
  modem: sim7000(board.uart.modem, board.modem),
  uplink: { mqtt: { topic: "fleet/{id}/telemetry" } },
  use: style.during(pollPin("D32", { level: 1, every: "2m" })),
});
