/**
 * A delivery van: out at seven, back at three, two drives of forty minutes with brakings, starts and turns at known seconds, idle
 * and parked between. Its charger feeds the 18650 while it drives. All of it is a stated model, no recording.
 */
import * as board from "hibernode/boards/lilygo-t-sim7000g";
import { constant, noise, scenario, sine, steps } from "hibernode/simulator";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const G = 9.80665;
const drives = [7 * HOUR + 3 * MINUTE, 15 * HOUR + 12 * MINUTE].map((from) => ({ from, until: from + 40 * MINUTE }));

/** Seconds into a drive, what happens, m/s² and for how long: what the firmware must find. */
export const manoeuvres = [
  { at: 330, axis: "x", peak: 3.6, lasts: 2.5 },
  { at: 410, axis: "y", peak: 4.2, lasts: 2 },
  { at: 655, axis: "x", peak: -4.5, lasts: 2 },
  { at: 1200, axis: "x", peak: -5.5, lasts: 2.5 },
  { at: 1790, axis: "y", peak: -4.4, lasts: 2.2 },
] as const;

const driveAt = (seconds: number) => drives.find(({ from, until }) => seconds % DAY >= from && seconds % DAY < until);

/** Calm driving shakes; a manoeuvre is half a sine on top. Parked, nothing moves, until the next drive. */
const axis = (name: "x" | "y" | "z", gravity: number) => ({
  start(stream: string) {
    const rough = noise({ deviation: 0.35, every: "1s" }).start(stream);
    return {
      at(seconds: number) {
        const drive = driveAt(seconds);
        if (!drive) return gravity;
        const into = (seconds % DAY) - drive.from;
        const now = manoeuvres.find((one) => one.axis === name && into >= one.at && into < one.at + one.lasts);
        const strength = now ? now.peak * Math.sin((Math.PI * (into - now.at)) / now.lasts) : 0;
        return gravity + strength + rough.at(seconds * 8);
      },
      nextChange(seconds: number) {
        if (driveAt(seconds)) return seconds;
        const day = Math.floor(seconds / DAY) * DAY;
        return day + (drives.find(({ from }) => seconds - day < from)?.from ?? DAY + drives[0]!.from);
      },
    };
  },
});

/** Out to 21 km east and back. */
const longitude = {
  start: () => ({
    at(seconds: number) {
      const second = seconds % DAY;
      const [out, home] = drives as [(typeof drives)[number], (typeof drives)[number]];
      const share = (drive: (typeof drives)[number]): number =>
        Math.min(1, Math.max(0, (second - drive.from) / (drive.until - drive.from)));
      return 21.01 + 0.3 * (share(out) - share(home));
    },
  }),
};

export default scenario({
  decides: "how it is driven; outside of its area; cargo too warm",
  staysAwake: true,
  board,
  cell: "li-ion-18650",
  cellPlace: "cab",
  harvester: "charger",
  parts: {
    place: { part: "gnss", tx: "D18", rx: "D19", place: "van", backup: true },
    driving: { part: "lis3dh", sda: "D21", scl: "D22", address: 0x18, int1: "D32", place: "van" },
    cargo: { part: "sht4x", sda: "D21", scl: "D22", place: "cargo" },
    fuel: { part: "ads1115", sda: "D21", scl: "D22", place: "tank" },
    battery: { part: "battery-divider", pin: "D35", ratio: 2 },
    modem: { part: "sim7000", tx: "D27", rx: "D26", powerKey: "D4", dtr: "D25", powerKeyWiring: "npn" },
  },
  world: {
    van: {
      accelerationX: axis("x", 0),
      accelerationY: axis("y", 0),
      accelerationZ: axis("z", G),
      temperature: constant(15),
      latitude: constant(52.23),
      longitude,
      altitude: constant(110),
    },
    cab: { temperature: constant(15) },
    cargo: {
      temperature: sine({ mean: 5, amplitude: 1.5, period: "1d", phase: "9h" }),
      humidity: constant(70),
    },
    tank: {
      ain0: steps(
        [
          ["0s", 2.4],
          ["7h30m", 2.25],
          ["15h30m", 2.1],
          ["15h50m", 2.4],
        ],
        { repeat: "1d" },
      ),
      ain1: constant(0),
      ain2: constant(0),
      ain3: constant(0),
    },
    charger: {
      power: steps(
        [
          ["0s", 0],
          ["7h3m", 2],
          ["7h43m", 0],
          ["15h12m", 2],
          ["15h52m", 0],
        ],
        { repeat: "1d" },
      ),
    },
  },
  network: "vodafone-es",
  settings: { id: "van-9", broker: "broker.example", apn: "iot.example" },
  lasts: "7d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@3d+9h", "no-fix:place@6d+4h", "power-cut@10d+1h", "broker-down@13d+5h"],
  },
  clockDriftPpm: 5000,
});
