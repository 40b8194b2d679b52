/**
 * A stated model of sounds as a Sound Detector's envelope shows them, 128 samples of 10 ms from the moment its gate opens, from which
 * the shipped model of `voice-switch` is trained: no recording is in it. A room has a distance, an echo and a noise of its own.
 *
 * Claps come in twos, 0.15 to 0.6 s apart, and die away with the room (0.04 to 0.25 s); a bang is a single one, longer and louder; a voice is
 * syllables, 3 to 7 a second, each 60 to 180 ms, of uneven strength; a beeper is steady or as regular as a clock; noise swells.
 */
import { SHAPE, shape } from "../../../lib/classify/envelope.ts";
import type { Random } from "../../simulator/hardware.ts";
import { randomFor } from "../../simulator/world/random.ts";
import type { Example, Examples } from "../train/examples.ts";

export const sounds = ["noise", "claps", "voice", "bang", "beeps"] as const;
export const LENGTH = 128;
const STEP = 0.01;
const EACH = 12;

/** Windows of that many rooms, each a group of its own. */
export function soundExamples(rooms: number, seed: number): Examples {
  const rows = Array.from({ length: rooms }, (_, room) => windowsOf(`room ${room}`, randomFor(seed, `room ${room}`)));
  return { featureNames: [...SHAPE], classes: sounds, rows: rows.flat() };
}

function windowsOf(group: string, random: Random): Example[] {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const room = { echo: between(0.04, 0.25), floor: between(0.005, 0.03), loud: between(0.5, 2) };
  return sounds.flatMap((name, label) =>
    Array.from({ length: EACH }, (_, n): Example => {
      const pulses = makers[name](between);
      const loud = room.loud * between(0.6, 1.4) * (name === "bang" ? 2 : 1);
      const echo = name === "claps" || name === "bang" ? room.echo : 0.25 * room.echo;
      return { features: shape(envelope(pulses, loud, echo, room.floor, random)), label, group, event: `${group} ${name} ${n}` }; // prettier-ignore
    }),
  );
}

/** Seconds, and how strong: rises at once, holds, and dies away. */
interface Pulse {
  readonly at: number;
  readonly lasts: number;
  readonly strength: number;
  readonly rise: number;
}
type Between = (low: number, high: number) => number;

const makers: Readonly<Record<(typeof sounds)[number], (between: Between) => Pulse[]>> = {
  noise: (between) => [{ at: 0, lasts: between(1, 6), strength: 1, rise: between(0.3, 4) }],
  claps: (between) => [
    { at: 0, lasts: 0.01, strength: between(0.8, 1), rise: 0.005 },
    { at: between(0.15, 0.6), lasts: 0.01, strength: between(0.7, 1), rise: 0.005 },
  ],
  voice(between) {
    const pulses: Pulse[] = [];
    const rate = between(3, 7);
    for (let at = 0; at < between(0.5, 1.6); at += between(0.7, 1.3) / rate)
      pulses.push({ at, lasts: between(0.06, 0.18), strength: between(0.35, 1), rise: between(0.02, 0.06) });
    return pulses;
  },
  bang: (between) => [{ at: 0, lasts: between(0.01, 0.08), strength: 1, rise: 0.005 }],
  beeps(between) {
    const [on, off] = between(0, 1) < 0.4 ? [2, 0.1] : [between(0.08, 0.5), between(0.08, 0.5)];
    const pulses: Pulse[] = [];
    for (let at = 0; at < 1.4; at += on + off) pulses.push({ at, lasts: on, strength: 1, rise: 0.01 });
    return pulses;
  },
};

/** Volts behind the divider at which the gate opens. */
const OPENS = 0.125;

/** Volts behind the divider, as the chip's converter has them, from a moment after the gate has opened. */
function envelope(pulses: readonly Pulse[], loud: number, echo: number, floor: number, random: Random): Float32Array {
  const levelAt = (time: number): number =>
    pulses.reduce((most, { at, lasts, strength, rise }) => {
      const into = time - at;
      if (into < 0) return most;
      const tail = into > lasts ? Math.exp(-(into - lasts) / (echo + 0.02)) : 1;
      return Math.max(most, loud * strength * Math.min(1, into / rise) * tail);
    }, 0);
  let opened = 0;
  while (levelAt(opened) < OPENS && opened < 3) opened += 0.002;
  const late = opened + 0.01 * random.next();
  return Float32Array.from({ length: LENGTH }, (_, n) => {
    const level = levelAt(late + n * STEP) * (1 + 0.08 * random.normal());
    return Math.min(Math.max(level + floor * (1 + 0.5 * random.normal()), 0), 2.5);
  });
}
