/**
 * A household of three in a basement flat: water in the morning, at noon and in the evening (a stated pattern, 360 l a day),
 * a toilet that begins to run on the ninth day, and a pipe that bursts on the twentieth.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, scenario, steps, sum } from "hibernode/simulator";

const household = steps(
  [
    ["0s", 0],
    ["6h20m", 8],
    ["6h30m", 0],
    ["7h", 9],
    ["7h10m", 0],
    ["12h30m", 6],
    ["12h40m", 0],
    ["18h15m", 7],
    ["18h25m", 0],
    ["19h40m", 3],
    ["19h50m", 0],
    ["22h10m", 3],
    ["22h20m", 0],
  ],
  { repeat: "1d" },
);
const toilet = steps([
  ["0s", 0],
  ["8d9h", 0.4],
  ["12d15h", 0],
]);
const pipe = steps([
  ["0s", 0],
  ["19d2h", 60],
  ["19d9h", 0],
]);

export default scenario({
  decides: "leak, burst",
  board,
  cell: "er34615-hpc1550",
  cellPlace: "basement",
  parts: {
    water: { part: "pcf8583", sda: "D21", scl: "D22", place: "main", quantity: "flow", pulsesPerUnit: 1 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    main: { flow: sum(household, toilet, pipe) },
    leak: { flow: sum(toilet, pipe) },
    basement: { temperature: constant(12) },
  },
  alarm: { place: "leak", quantity: "flow", above: 0, tells: { quantity: "state", above: 0 } },
  network: "vodafone-es",
  settings: { id: "house-17", broker: "broker.example", apn: "iot.example" },
  knobs: { report: { from: "6h", to: "7d" } },
  lasts: "30d",
  // a whole day must pass before a trickle is no use, and up to an hour until it is seen
  trial: {
    lasts: "30d",
    faults: ["no-coverage@3d..5d", "power-cut@15d+2h", "broker-down@24d+12h"],
    alarmWithin: "26h",
    falseAlarms: 0,
    life: "10y",
  },
  clockDriftPpm: 5000,
});
