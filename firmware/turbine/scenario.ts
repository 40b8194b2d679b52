/**
 * The bearing of a generator: the shaft at 24 Hz, the gear's mesh at 91 Hz, noise; calm hours on every third day, in which it
 * stands. From the twentieth day on a defect of the outer ring grows at 137 Hz. All of it is a stated model, no recording.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { constant, noise, scenario, steps } from "hibernode/simulator";

const DAY = 86400;
const runs = (seconds: number): boolean => !(Math.floor(seconds / DAY) % 3 === 2 && seconds % DAY < 8 * 3600);
const wave = (hertz: number, amplitude: number, seconds: number): number =>
  amplitude * Math.sin(2 * Math.PI * hertz * seconds);
const DEFECT_FROM = 19 * DAY;
const DEFECT_UNTIL = 26 * DAY;

/** Across the shaft, m/s². */
const vibration = {
  start(stream: string) {
    const rough = noise({ deviation: 0.25, every: "1s" }).start(stream);
    const fine = noise({ deviation: 0.3, every: "1s" }).start(`${stream} fine`);
    return {
      at(seconds: number) {
        if (!runs(seconds)) return 0;
        const defect = seconds > DEFECT_FROM && seconds < DEFECT_UNTIL ? 2.5 : 0;
        const load = 1 + 0.1 * rough.at(seconds);
        // noise within the band of the accelerometer: its spacing must be shorter than a sample
        const hiss = fine.at(seconds * 300);
        return wave(24, 1.2, seconds) * load + wave(91, 0.8, seconds) * load + wave(137, defect, seconds) + hiss;
      },
    };
  },
};

export default scenario({
  decides: "anomaly against what it learned on site, and which defect",
  board,
  cell: "er34615-hpc1550",
  cellPlace: "nacelle",
  parts: {
    bearing: { part: "lis3dh", sda: "D21", scl: "D22", address: 0x18, place: "bearing" },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    bearing: {
      accelerationX: vibration,
      accelerationY: constant(0),
      accelerationZ: constant(9.81),
      temperature: constant(35),
    },
    nacelle: { temperature: constant(18) },
    defect: {
      acceleration: steps([
        ["0s", 0],
        ["19d", 2.5],
        ["26d", 0],
      ]),
    },
  },
  // 1 to 4 = anomaly; 5 and 6 tell that nothing was judged
  alarm: { place: "defect", quantity: "acceleration", above: 0, tells: { quantity: "state", above: 0, upTo: 4 } },
  network: "vodafone-es",
  settings: { id: "wt-12", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@8d..9d", "nak:bearing@12d+6h", "power-cut@15d", "modem-silent@24d+12h"],
    // three odd hours, and the report
    alarmWithin: "4h",
    falseAlarms: 0,
    life: "5y",
  },
  clockDriftPpm: 5000,
});
