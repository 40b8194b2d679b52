/** A truck in Seattle's weather: the cargo follows the air of NOAA's hourly normals, year after year. */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, packageFile, scenario, trace } from "hibernode/simulator";

export default scenario({
  decides: "too warm",
  board,
  cell: "er34615-hpc1550",
  parts: {
    cargo: { part: "sht4x", sda: "D21", scl: "D22", place: "cargo" },
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
  },
  traced: "cargo.temperature",
  alarm: { place: "cargo", quantity: "temperature", above: 27 },
  network: "vodafone-es",
  settings: { id: "truck-17", broker: "broker.example", apn: "iot.example" },
  trial: {
    lasts: "30d",
    faults: ["no-coverage@3d..4d", "nak:cargo@9d+6h", "broker-down@14d+12h", "power-cut@20d+1h"],
    life: "10y",
  },
  knobs: { sample: { from: "5m", to: "1h" }, report: { from: "2h", to: "1d" } },
  lasts: "1y",
  clockDriftPpm: 5000,
});
