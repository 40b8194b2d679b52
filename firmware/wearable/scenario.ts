/**
 * A wearer's days: asleep, up, under the shower without it, at a desk, on foot, and a run on every second evening; on every sixth
 * evening it lies on its charger for two hours. On the third day the heart races at rest. Movement, rates and light are stated
 * models, no recordings.
 */
import * as board from "hibernode/boards/xiao-esp32c3";
import { constant, noise, scenario } from "hibernode/simulator";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const G = 9.80665;

export type Doing = "off" | "rest" | "light" | "walk" | "run";

const runs = (day: number): boolean => day % 2 === 1;
const charges = (day: number): boolean => day % 6 === 5;

/** From which hour on, what, and beats a minute. Putting it on is a minute of walking. */
const plan = (day: number): readonly (readonly [hour: number, doing: Doing, rate: number])[] => [
  [0, "rest", 52],
  [6.5, "light", 78],
  [7, "off", 0],
  [7.4, "walk", 88],
  [7.5, "light", 80],
  [8, "walk", 102],
  [8.5, "rest", 70],
  [10, "light", 76],
  [10.5, "rest", 68],
  [12, "walk", 98],
  [12.5, "rest", 74],
  [15, "light", 80],
  [15.5, "rest", 70],
  [17.5, "walk", 100],
  ...(runs(day) ? ([[18, "run", 152]] as const) : []),
  [18.75, "light", 86],
  ...(charges(day) ? ([[19.5, "off", 0]] as const) : []),
  [21.5, "walk", 90],
  [21.6, "rest", 64],
];

interface Span {
  readonly doing: Doing;
  readonly rate: number;
  /** Beats a minute of what was done before. */
  readonly before: number;
  readonly from: number;
  readonly until: number;
}
let newest: Span = { doing: "off", rate: 0, before: 0, from: 0, until: 0 };

/** What is done at a time, the beats a minute of it, since when and until when. */
export function doingAt(seconds: number): Span {
  if (seconds >= newest.from && seconds < newest.until) return newest;
  const day = Math.floor(seconds / DAY);
  const hours = plan(day);
  const hour = (seconds - day * DAY) / HOUR;
  let at = 0;
  while (at + 1 < hours.length && hours[at + 1]![0] <= hour) at++;
  const [begins, doing, rate] = hours[at]!;
  const until = day * DAY + (hours[at + 1]?.[0] ?? 24) * HOUR;
  const before = at > 0 ? hours[at - 1]![2] || 80 : rate;
  return (newest = { doing, rate, before, from: day * DAY + begins * HOUR, until });
}

export const racing = { from: 2 * DAY + 13 * HOUR, until: 2 * DAY + 14 * HOUR, rate: 136 };
const races = (seconds: number): boolean => seconds >= racing.from && seconds < racing.until;

/** A heart follows within minutes: two until it has come half the way. */
const HALF_S = 120;
const heartRate = {
  start(stream: string) {
    const wander = noise({ deviation: 1.5, every: "5m" }).start(stream);
    return {
      at(seconds: number) {
        if (races(seconds)) return racing.rate + wander.at(seconds);
        const { rate, before, from } = doingAt(seconds);
        if (rate === 0) return 0;
        return rate + (before - rate) * Math.pow(0.5, (seconds - from) / HALF_S) + wander.at(seconds);
      },
    };
  },
};

/** Hertz of the steps, m/s² of them and of the arm that swings with every second one, and m/s² of what is irregular. */
const movements: Readonly<Record<Doing, readonly [hertz: number, steps: number, swing: number, rough: number]>> = {
  off: [0, 0, 0, 0],
  rest: [0, 0, 0, 0.04],
  light: [0, 0, 0, 0.45],
  walk: [1.85, 2.2, 1.6, 0.6],
  run: [2.7, 9, 4, 2],
};

const axis = (gravity: number, stepShare: number, swingShare: number) => ({
  start(stream: string) {
    const rough = noise({ deviation: 1, every: "1s" }).start(stream);
    return {
      at(seconds: number) {
        const { doing } = doingAt(seconds);
        if (doing === "off") return gravity;
        const [hertz, steps, swing, irregular] = movements[doing];
        const turn = 2 * Math.PI * hertz * seconds;
        const regular = steps * stepShare * Math.sin(turn) + swing * swingShare * Math.sin(turn / 2);
        return gravity + regular + irregular * rough.at(seconds * 5);
      },
      nextChange(seconds: number) {
        const { doing, until } = doingAt(seconds);
        return doing === "off" ? until : seconds;
      },
    };
  },
});

const charger = {
  start: () => ({
    at: (seconds: number) =>
      charges(Math.floor(seconds / DAY)) && doingAt(seconds).doing === "off" && seconds % DAY > DAY / 2 ? 1.4 : 0,
  }),
};

export default scenario({
  decides: "rests, walks, runs, not worn; the heart's class; racing at rest",
  board,
  cell: "li-po-500",
  cellPlace: "wrist",
  harvester: "charger",
  parts: {
    activity: { part: "lis3dh", sda: "D6", scl: "D7", address: 0x18, int1: "D3", place: "wrist" },
    heart: { part: "max30102", sda: "D6", scl: "D7", place: "wrist" },
    modem: { part: "sim7020", tx: "D21", rx: "D20", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    wrist: {
      heartRate,
      accelerationX: axis(0, 0.3, 1),
      accelerationY: axis(0, 0.5, 0.3),
      accelerationZ: axis(G, 1, 0.2),
      temperature: constant(29),
    },
    charger: { power: charger },
    illness: {
      heartRate: { start: () => ({ at: (seconds: number) => (races(seconds) ? racing.rate : 0) }) },
    },
  },
  alarm: { place: "illness", quantity: "heartRate", above: 0, tells: { quantity: "state", above: 8 } },
  network: "vodafone-es",
  settings: { id: "wearer-3", broker: "broker.example", apn: "iot.example" },
  lasts: "30d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@4d+15h", "nak:heart@8d+10h", "power-cut@15d+1h", "broker-down@20d+6h"],
    // two samples at rest, and the report
    alarmWithin: "25m",
    falseAlarms: 0,
  },
  clockDriftPpm: 5000,
});
