/**
 * A microphone with an envelope and a gate, as SparkFun's Sound Detector has them: the envelope is a voltage that follows how loud
 * it is, the gate is high while that is above its threshold. The sound itself never reaches the microcontroller.
 */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import type { Part, Wired } from "./part.ts";
import { facts } from "./sound-detector-facts.ts";

const { figures } = facts;

export interface SoundDetectorWiring extends Wired {
  /** Supply of the board, which its outputs cannot exceed. Default 5. */
  readonly volts?: number | undefined;
}

/** Pascals of root mean square at 0 dB. */
const REFERENCE = 20e-6;
const PEAK = Math.SQRT2;

export function soundDetector(context: PartContext, { name, lines, volts = 5 }: SoundDetectorWiring): Part {
  const { clock, nextChangeUs, random, world } = context;
  if (!nextChangeUs) throw new TypeError(`sound detector "${name}": its context has no nextChangeUs`);
  const supply = { ...figures.amplifiersMicroamps, value: figures.amplifiersMicroamps.value + figures.capsuleMicroamps.value }; // prettier-ignore
  const body = createBody(context, name, { listening: [supply, figures.capsuleMicroamps] });
  let envelope = 0;
  let atUs = 0;
  let open = false;
  let follower: Alarm | undefined;

  /** Volts of the envelope now: it rises at once and falls as a capacitor does. */
  function update(): number {
    const pressure = REFERENCE * 10 ** (world("soundLevel") / 20);
    const wanted = Math.min(pressure * PEAK * figures.voltsPerPascal.value * figures.gain.value, volts);
    const passed = (clock.nowUs - atUs) / 1000;
    const time = wanted > envelope ? figures.attackMs.value : figures.decayMs.value;
    envelope = wanted + (envelope - wanted) * Math.exp(-passed / time);
    atUs = clock.nowUs;
    return envelope;
  }

  function follow(): void {
    clock.cancel(follower);
    const level = update();
    open = level > (open ? figures.closeVolts.value : figures.openVolts.value);
    lines?.["gate"]?.drive(open ? 1 : 0);
    const nextUs = Math.max(nextChangeUs!("soundLevel"), clock.nowUs + 1);
    // what falls slowly is looked at again while the gate is open
    const untilUs = open ? Math.min(nextUs, clock.nowUs + figures.decayMs.value * 500) : nextUs;
    if (untilUs < Infinity) follower = clock.at(untilUs, follow);
  }

  const analog = {
    volts() {
      if (!body.powered) return 0;
      const noise = figures.floorVolts.value * (1 + 0.3 * random.normal());
      return Math.min(Math.max(update() + noise, 0), volts) * figures.dividerShare.value;
    },
  };
  return body.part(
    { analog },
    () => {
      envelope = 0;
      atUs = clock.nowUs;
      open = false;
      body.enter("listening");
      follow();
    },
    () => {
      clock.cancel(follower);
      lines?.["gate"]?.drive(0);
    },
  );
}
