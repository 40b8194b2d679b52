/**
 * A hall of a logistics park: water and electricity by its meters, the air under its roof. Shifts from six to ten, a night
 * load of the emergency lights and chargers; on the twentieth day the heating fails. A charger by the meter keeps the cell
 * full by day. The pattern is stated, not recorded.
 */
import * as board from "hibernode/boards/lilygo-t-sim7000g";
import { constant, noise, scenario, sine, steps, sum } from "hibernode/simulator";

const shifts = (idle: number, busy: number) =>
  steps(
    [
      ["0s", idle],
      ["6h", busy],
      ["14h30m", busy * 0.6],
      ["15h", busy],
      ["22h", idle],
    ],
    { repeat: "1d" },
  );
const failure = steps([
  ["0s", 0],
  ["19d3h", -15],
  ["20d1h", 0],
]);

export default scenario({
  decides: "frost, damp, mains gone",
  board,
  cell: "li-ion-18650",
  cellPlace: "hall",
  harvester: "charger",
  parts: {
    air: { part: "sht4x", sda: "D21", scl: "D22", place: "hall" },
    water: { part: "pcf8583", sda: "D21", scl: "D22", place: "hall", quantity: "flow", pulsesPerUnit: 0.1 },
    mains: { part: "modbus-meter", tx: "D18", rx: "D19", de: "D32", re: "D33", pulledUp: ["re"], place: "mains" },
    battery: { part: "battery-divider", pin: "D35", ratio: 2 },
    modem: { part: "sim7000", tx: "D27", rx: "D26", powerKey: "D4", dtr: "D25", powerKeyWiring: "npn" },
  },
  world: {
    hall: {
      temperature: sum(
        sine({ mean: 14, amplitude: 2, period: "1d", phase: "9h" }),
        noise({ deviation: 0.4, every: "1h" }),
        failure,
      ),
      humidity: sine({ mean: 55, amplitude: 8, period: "1d", phase: "20h" }),
      flow: shifts(0, 6),
    },
    mains: {
      voltage: noise({ mean: 231, deviation: 2, every: "10m" }),
      power: sum(shifts(900, 7400), noise({ deviation: 150, every: "5m" })),
      powerFactor: constant(0.93),
      frequency: noise({ mean: 50, deviation: 0.02, every: "1m" }),
    },
    // 150 mA at 4 V, while the lights are on
    charger: { power: shifts(0, 0.6) },
    frost: {
      temperature: steps([
        ["0s", 14],
        ["19d3h", -1],
        ["20d1h", 14],
      ]),
    },
  },
  network: "vodafone-es",
  settings: { id: "hall-2", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: { lasts: "30d", faults: ["no-coverage@6d+5h", "nak:air@10d+3h", "power-cut@13d+2h", "broker-down@23d+1h"] },
  clockDriftPpm: 5000,
});
