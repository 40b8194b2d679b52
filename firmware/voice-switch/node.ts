import { every, node } from "hibernode";
import board from "hibernode/boards/firebeetle2-esp32-e";
import { sim7020 } from "hibernode/modems/sim7020";
import { stayAwake } from "hibernode/schedule/stay-awake";
import { batteryVoltage } from "hibernode/sensors/battery-voltage";
import { listener } from "./listener.ts";
import { BANG } from "./sounds.ts";

export default node({
  board,
  sensors: {
    room: listener({ gate: D27, envelope: D36, relay: D26, margin: 6 }),
    battery: batteryVoltage(board.battery),
  },
  sample: every("5m"),
  report: every("6h", { slack: "10m" }),
  // a bang or a beeper; or the mains is gone: the charger holds 4.1 V and more
  sendNow: ({ room, battery }) => room.state >= BANG || battery.voltage < 4,
  modem: sim7020(board.uart.second, { powerKey: "D4" }),
  uplink: { mqtt: { topic: "rooms/{id}/telemetry" } },
  use: stayAwake(),
});
