/**
 * Listens by loudness alone: when the gate opens, the envelope is read for a second and a quarter, and a forest tells what made the
 * sound. Two claps switch the relay. Nothing that was heard is kept.
 */
import { decide } from "hibernode/classify/decide";
import { shape } from "hibernode/classify/envelope";
import { MODEL_DAMAGED } from "hibernode/faults";
import { COUNT, SCORE, STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";
import { CLAPS, NOISE, open } from "./sounds.ts";

export interface ListenerOptions {
  /** High while it is loud. */
  readonly gate: Pin;
  /** Analog: how loud. */
  readonly envelope: Pin;
  readonly relay: Pin;
  /** Scores by which a kind of sound must lead, of 255: below, it is noise. */
  readonly margin: number;
}

/** What the model was trained on. */
const LENGTH = 128;
const STEP_MS = 10;
/** Full scale of the converter. */
const VOLTS = 3.6;

/**
 * How often two claps switched since the last sample; the most urgent kind of sound meanwhile, by its place in the model (0: none);
 * and by how much it led.
 */
export function listener({ gate, envelope, relay, margin }: ListenerOptions): Sensor<"count" | "state" | "score"> {
  const model = open();
  const window = new Float32Array(LENGTH);
  let at = LENGTH;
  let on = false;
  let switched = 0;
  let kind = 0;
  let lead = 0;

  const judge = () => {
    if (typeof model === "number" || model.run(shape(window)) !== 0) return;
    const said = decide(model.scores, margin);
    if (said.rejected || said.best === NOISE) return;
    if (said.best === CLAPS) {
      switched++;
      on = !on;
      relay.write(on);
    }
    if (said.best >= kind) {
      kind = said.best;
      lead = said.margin;
    }
  };
  const listen = () => {
    if (at < LENGTH) return;
    at = 0;
    const timer = setInterval(() => {
      window[at++] = analogRead(envelope) * VOLTS;
      if (at < LENGTH) return;
      clearInterval(timer);
      judge();
    }, STEP_MS);
  };
  pinMode(gate, "input");
  setWatch(listen, gate, { repeat: true, edge: "rising" });
  return {
    quantities: [COUNT, STATE, SCORE],
    start: () => 0,
    read() {
      if (typeof model === "number") return MODEL_DAMAGED;
      const values = [switched, kind, lead];
      switched = kind = lead = 0;
      return values;
    },
  };
}
