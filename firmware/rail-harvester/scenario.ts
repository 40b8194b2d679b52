/**
 * A regional line: trains from five to midnight by a timetable with delays, fewer on Sundays, and none at all for four days of
 * track works. While a train passes, an electromagnetic harvester at the rail gives 150 mW: this is assumed; what published ones
 * give reaches from 4.9 mW (piezoelectric, Gao 2016) to watts.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { capacitor, noise, scenario, sine, steps, sum } from "hibernode/simulator";

const HOUR = 3600;
const DAY = 24 * HOUR;
const WATTS = 0.15;
const CONVERTER = 0.8;
/** A train of 120 m at 60 km/h, and what the track rings after it. */
const PASS_S = 12;
const works = (day: number): boolean => day >= 11 && day < 15;

const trains = {
  start: () => ({
    at(seconds: number) {
      const day = Math.floor(seconds / DAY);
      const second = seconds % DAY;
      if (works(day) || second < 5 * HOUR) return 0;
      const headway = day % 7 === 6 ? HOUR : HOUR / 3;
      // each train has its own delay of up to three minutes
      const train = Math.floor(second / headway);
      const delay = (train * 97 + day * 31) % 180;
      const since = (second % headway) - delay;
      return since >= 0 && since < PASS_S ? WATTS * CONVERTER : 0;
    },
  }),
};

/** What arrives in a minute, as the charge of the capacitor is followed in such steps. */
const harvest = {
  start() {
    const signal = trains.start();
    return {
      at(seconds: number) {
        const minute = Math.floor(seconds / 60) * 60;
        let joules = 0;
        for (let second = 0; second < 60; second += 2) joules += signal.at(minute + second) * 2;
        return joules / 60;
      },
    };
  },
};

export default scenario({
  decides: "rates by what trains bring; a hot rail",
  board,
  cell: capacitor({ farads: 100, fullVolts: 4.2, emptyVolts: 3.5, restartVolts: 3.7, leakageMicroamps: 9 }),
  charge: 0.6,
  cellPlace: "rail",
  harvester: "track",
  parts: {
    rail: { part: "tmp117", sda: "D21", scl: "D22", place: "rail" },
    store: { part: "battery-divider", pin: "D34", ratio: 2 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    track: { power: harvest },
    rail: {
      temperature: sum(
        sine({ mean: 22, amplitude: 14, period: "1d", phase: "9h" }),
        noise({ deviation: 1, every: "2h" }),
        steps([
          ["0s", 0],
          ["21d10h", 18],
          ["21d17h", 0],
        ]),
      ),
    },
  },
  traced: "rail.temperature",
  alarm: { place: "rail", quantity: "temperature", above: 50 },
  network: "vodafone-es",
  settings: { id: "km-112.4", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@6d+8h", "nak:rail@9d+5h", "broker-down@26d+6h"],
    // at the slowest rates a sample is two hours apart
    alarmWithin: "2h30m",
    falseAlarms: 0,
  },
  clockDriftPpm: 5000,
});
