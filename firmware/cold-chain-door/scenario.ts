/** The truck of cold-chain in Seattle's weather, unloaded twice a day: its door is open for some minutes each time. */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, packageFile, scenario, steps, trace } from "hibernode/simulator";

export default scenario({
  decides: "the door is open; too warm",
  board,
  cell: "er34615-hpc1550",
  parts: {
    cargo: { part: "sht4x", sda: "D21", scl: "D22", place: "cargo" },
    door: { part: "contact", pin: "D27", place: "door" },
    clock: { part: "pcf8563", sda: "D21", scl: "D22", int: "D27", place: "cargo" },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
  },
  world: {
    cargo: {
      temperature: trace({
        file: packageFile("vega-datasets", "data/seattle-weather-hourly-normals.csv", import.meta.url),
        column: "temperature",
        unit: "°C",
        after: "repeat",
      }),
      humidity: constant(60),
    },
    door: {
      contact: steps(
        [
          ["0s", 0],
          ["9h12m", 1],
          ["9h20m", 0],
          ["16h41m", 1],
          ["16h46m", 0],
        ],
        { repeat: "1d" },
      ),
    },
  },
  traced: "cargo.temperature",
  alarm: { place: "door", quantity: "contact", above: 0.5 },
  network: "vodafone-es",
  settings: { id: "truck-18", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@3d+9h", "nak:cargo@9d+6h", "broker-down@14d+9h", "power-cut@20d+1h"],
    alarmWithin: "2m",
    falseAlarms: 0,
    life: "8y",
  },
  clockDriftPpm: 5000,
});
