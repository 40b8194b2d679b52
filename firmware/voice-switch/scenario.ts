/**
 * A workshop by day: claps at the light, voices, a door that slams, a smoke alarm's beeps, a lorry that passes. The sounds are made up,
 * with other shapes than those that the model was trained on. Mains but for one night.
 */
import * as board from "hibernode/boards/firebeetle2-esp32-e";
import { scenario, steps } from "hibernode/simulator";

const DAY = 86400;
const QUIET = 38;
/** Steps of a sound's loudness, in seconds. */
const FINE = 0.005;

interface Sound {
  readonly at: number;
  readonly kind: "claps" | "voice" | "bang" | "beeps" | "noise";
}

/** Seconds of the day: what the firmware must find. */
export const heard: readonly Sound[] = [
  { at: 7 * 3600 + 65, kind: "claps" },
  { at: 7 * 3600 + 1330, kind: "voice" },
  { at: 9 * 3600 + 2, kind: "noise" },
  { at: 10 * 3600 + 410, kind: "bang" },
  { at: 11 * 3600 + 1205, kind: "voice" },
  { at: 12 * 3600 + 7, kind: "claps" },
  { at: 14 * 3600 + 700, kind: "beeps" },
  { at: 17 * 3600 + 30, kind: "claps" },
];

/** Decibels, so many seconds into a sound. A tail falls by 60 dB in half a second. */
const tail = (into: number): number => (into < 0 ? -99 : -120 * into);
const shapes: Readonly<Record<Sound["kind"], (into: number) => number>> = {
  claps: (into) => 92 + Math.max(tail(into - 0.008), tail(into - 0.35) - 1.5),
  voice: (into) => (into > 1.1 ? QUIET : 68 + 16 * Math.abs(Math.sin(12.5 * into)) - 5 * into),
  bang: (into) => 98 + (into < 0.04 ? 0 : tail(into - 0.04)),
  beeps: (into) => (into % 0.5 < 0.25 && into < 5 ? 88 : QUIET),
  noise: (into) => 66 + 20 * Math.sin((Math.PI * Math.min(into, 6)) / 6),
};
const LASTS = 6;

const soundLevel = {
  start: () => ({
    at(seconds: number) {
      const now = heard.find(({ at }) => seconds % DAY >= at && seconds % DAY < at + LASTS);
      return now ? Math.max(QUIET, shapes[now.kind]((seconds % DAY) - now.at)) : QUIET;
    },
    nextChange(seconds: number) {
      const second = seconds % DAY;
      if (heard.some(({ at }) => second >= at && second < at + LASTS)) return seconds + FINE;
      const next = heard.find(({ at }) => at > second)?.at ?? DAY + heard[0]!.at;
      return seconds - second + next;
    },
  }),
};

export default scenario({
  decides: "claps that switch; a bang, a beeper, a voice",
  staysAwake: true,
  board,
  cell: "li-ion-18650",
  harvester: "charger",
  parts: {
    room: { part: "sound-detector", pin: "D36", gate: "D27", place: "room", supply: { volts: 5, efficiency: 0.9 } },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
    modem: { part: "sim7020", tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
  },
  world: {
    room: { soundLevel },
    charger: {
      power: steps([
        ["0s", 2],
        ["4d22h", 0],
        ["5d8h", 2],
      ]),
    },
  },
  network: "vodafone-es",
  settings: { id: "workshop-2", broker: "broker.example", apn: "iot.example" },
  lasts: "7d",
  trial: {
    lasts: "30d",
    faults: ["no-coverage@2d+6h", "power-cut@9d+1h", "broker-down@12d+3h", "modem-silent@20d+5h"],
  },
  clockDriftPpm: 5000,
});
