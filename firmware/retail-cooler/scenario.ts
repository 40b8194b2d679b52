/**
 * A beverage cooler in a kiosk: cans on the left shelf, bottles of half a litre and of a litre on the right, filled up every
 * morning; visits through the day. On the eighteenth day its compressor fails. The sales are made up.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, noise, scenario, sine, steps, sum } from "hibernode/simulator";

const CAN = 0.355;
const SMALL = 0.53;
const LARGE = 1.09;
/** When the door opens, and what is on the shelves once it has closed. */
const visits = [
  ["0s", 24 * CAN, 8 * SMALL + 2 * LARGE],
  ["9h14m", 23 * CAN, 8 * SMALL + 2 * LARGE],
  ["10h02m", 21 * CAN, 8 * SMALL + 2 * LARGE],
  ["12h07m", 21 * CAN, 7 * SMALL + 2 * LARGE],
  ["12h31m", 18 * CAN, 6 * SMALL + 2 * LARGE],
  ["15h45m", 18 * CAN, 6 * SMALL + 1 * LARGE],
  ["18h22m", 15 * CAN, 6 * SMALL + 1 * LARGE],
  // filled up
  ["22h30m", 24 * CAN, 8 * SMALL + 2 * LARGE],
] as const;
const door = visits.slice(1).flatMap(([at]) => [[at, 1] as const, [`${at}25s`, 0] as const]);

export default scenario({
  decides: "what was taken, how full; too warm",
  board,
  cell: "er34615-hpc1550",
  cellPlace: "air",
  parts: {
    air: { part: "tmp117", sda: "D21", scl: "D22", place: "air" },
    cans: { part: "hx711", sck: "D14", dout: "D13", place: "left", fullScaleKg: 20, pulledUp: ["sck"] },
    bottles: { part: "hx711", sck: "D26", dout: "D25", place: "right", fullScaleKg: 20, pulledUp: ["sck"] },
    door: { part: "contact", pin: "D27", place: "door" },
    clock: { part: "pcf8563", sda: "D21", scl: "D22", int: "D27", place: "air" },
    energy: { part: "pcf8583", sda: "D21", scl: "D22", place: "plug", quantity: "power", pulsesPerUnit: 1000 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    air: {
      temperature: sum(
        sine({ mean: 4.5, amplitude: 1, period: "40m" }),
        noise({ deviation: 0.3, every: "20m" }),
        steps([
          ["0s", 0],
          ["17d11h", 9],
          ["17d16h", 0],
        ]),
      ),
    },
    left: {
      mass: steps(
        visits.map(([at, cans]) => [at, cans] as const),
        { repeat: "1d" },
      ),
    },
    right: {
      mass: steps(
        visits.map(([at, , bottles]) => [at, bottles] as const),
        { repeat: "1d" },
      ),
    },
    door: { contact: steps([["0s", 0], ...door], { repeat: "1d" }) },
    plug: { power: constant(140) },
  },
  alarm: { place: "air", quantity: "temperature", above: 10 },
  network: "vodafone-es",
  settings: { id: "kiosk-7", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@4d+6h", "nak:cans@8d+4h", "power-cut@12d+1h", "broker-down@25d+5h"],
    alarmWithin: "15m",
    falseAlarms: 0,
    life: "3y",
  },
  clockDriftPpm: 5000,
});
