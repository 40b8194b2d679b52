/**
 * A gate of a packaging pool: crates with cards come in through the day, stand from minutes to hours on the reader, and leave.
 * A lever closes the gate's contact for three seconds when a crate passes, in or out. The timetable is made up, the reader's field is ISO 14443 A.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, scenario, steps } from "hibernode/simulator";

/** Which card stands there, from when; 0 = none. */
const timetable = [
  ["0s", 0],
  ["6h12m", 1],
  ["6h47m", 0],
  ["9h05m", 2],
  ["11h40m", 0],
  ["11h58m", 3],
  ["12h03m", 0],
  ["15h20m", 1],
  ["19h31m", 0],
] as const;

export default scenario({
  decides: "which crate came, which left, for how long it stayed",
  board,
  cell: "er34615-hpc1550",
  parts: {
    gate: {
      part: "mfrc522",
      sck: "D18",
      mosi: "D23",
      miso: "D19",
      cs: "D5",
      place: "gate",
      cards: ["deadbeef", "04a1b2c3d4e5f6", "c0ffee01"],
    },
    contact: { part: "contact", pin: "D27", place: "gate" },
    clock: { part: "pcf8563", sda: "D21", scl: "D22", int: "D27", place: "hall" },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    hall: { temperature: constant(15) },
    gate: {
      card: steps(timetable, { repeat: "1d" }),
      contact: steps(
        [["0s", 0], ...timetable.slice(1).flatMap(([at]) => [[at, 1] as const, [`${at}3s`, 0] as const])],
        {
          repeat: "1d",
        },
      ),
    },
  },
  network: "vodafone-es",
  settings: { id: "gate-3", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: { lasts: "30d", faults: ["no-coverage@3d..4d", "power-cut@9d+1h"], life: "5y" },
  clockDriftPpm: 5000,
});
