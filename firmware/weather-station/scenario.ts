/**
 * A field in November at 52° north: short days under clouds, a front with a gale and 24 mm of rain on the twelfth day. The
 * air, the wind and the rain are stated models; the panel's light follows from latitude and season.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { noise, scenario, sine, solar, steps, sum } from "hibernode/simulator";

export default scenario({
  decides: "gale; slower when the cell is low",
  board,
  cell: "li-ion-18650",
  cellPlace: "air",
  harvester: "panel",
  parts: {
    air: { part: "bme280", sda: "D21", scl: "D22", place: "air" },
    wind: { part: "pcf8583", sda: "D21", scl: "D22", place: "air", quantity: "speed", pulsesPerUnit: 1.5 },
    rain: {
      part: "pcf8583",
      sda: "D21",
      scl: "D22",
      address: 0x51,
      place: "air",
      quantity: "rain",
      pulsesPerUnit: 1 / 0.2794,
    },
    soil: { part: "soil", pin: "D35", powerPin: "D26", place: "soil" },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    air: {
      temperature: sum(
        sine({ mean: 6, amplitude: 4, period: "1d", phase: "9h" }),
        noise({ deviation: 1, every: "6h" }),
      ),
      humidity: sine({ mean: 80, amplitude: 15, period: "1d", phase: "21h" }),
      pressure: noise({ mean: 1005, deviation: 8, every: "1d" }),
      speed: sum(
        noise({ mean: 4, deviation: 1, every: "1h" }),
        steps([
          ["0s", 0],
          ["11d14h", 18],
          ["11d20h", 0],
        ]),
      ),
      rain: steps([
        ["0s", 0],
        ["11d15h", 8],
        ["11d18h", 0],
        ["20d4h", 1.5],
        ["20d12h", 0],
      ]),
    },
    soil: { soilMoisture: noise({ mean: 28, deviation: 3, every: "3d" }) },
    panel: {
      power: solar({ squareCentimetres: 100, efficiency: 0.17, latitude: 52, clearness: 0.35, startsOnDay: 315 }),
    },
    gale: {
      speed: steps([
        ["0s", 0],
        ["11d14h", 22],
        ["11d20h", 0],
      ]),
    },
  },
  alarm: { place: "gale", quantity: "speed", above: 0, tells: { quantity: "speed", above: 17.2 } },
  network: "vodafone-es",
  settings: { id: "field-3", broker: "broker.example", apn: "iot.example" },
  startsAt: 1_794_268_800,
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@5d..6d", "nak:air@8d+1d", "power-cut@17d+1h", "broker-silent@22d+6h"],
    // one sample that holds the gale for its whole time, and a report
    alarmWithin: "30m",
    falseAlarms: 0,
  },
  clockDriftPpm: 5000,
});
