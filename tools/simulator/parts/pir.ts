/** A passive infrared motion sensor: its pin is high during motion and for a while after it; while warming up it lies. */
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import { createBody } from "./body.ts";
import type { Part, PinWiring } from "./part.ts";
import { models } from "./pir-facts.ts";

export interface PirWiring extends PinWiring {
  /** "am312" unless stated. */
  readonly model?: keyof typeof models | undefined;
}

export function pir(context: PartContext, { name, line, model = "am312" }: PirWiring): Part {
  const { clock, nextChangeUs, random, world } = context;
  if (!nextChangeUs) throw new TypeError(`motion sensor "${name}": its context has no nextChangeUs`);
  const { idleMicroamps, activeMicroamps, onMs, warmUpMs } = models[model];
  const body = createBody(context, name, { idle: idleMicroamps, active: activeMicroamps });
  let warmAtUs = 0;
  let follower: Alarm | undefined;

  function show(high: boolean): void {
    line.drive(high ? 1 : 0);
    body.enter(high ? "active" : "idle");
  }

  /** High while something moves; motion that ends holds the pin for the on-time, and new motion starts that over. */
  function follow(): void {
    clock.cancel(follower);
    if (clock.nowUs >= warmAtUs && world("motion") !== 0) {
      body.abort();
      show(true);
    } else if (clock.nowUs > warmAtUs) body.occupy(onMs.value * 1000, () => show(false));
    const nextUs = Math.max(nextChangeUs!("motion"), clock.nowUs + 1);
    const untilUs = clock.nowUs < warmAtUs ? warmAtUs : nextUs;
    if (untilUs < Infinity) follower = clock.at(untilUs, follow);
  }

  return body.part(
    {},
    () => {
      warmAtUs = clock.nowUs + warmUpMs.value * 1000;
      // One or two false alarms while it warms up.
      show(false);
      const falseAtUs = warmUpMs.value * 1000 * random.next() * 0.5;
      body.occupy(falseAtUs, () => {
        show(true);
        body.occupy(onMs.value * 1000, () => show(false));
      });
      follow();
    },
    () => {
      clock.cancel(follower);
      line.drive(0);
    },
  );
}
