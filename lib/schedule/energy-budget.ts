/**
 * No wake spends more energy than this, as far as the node can tell: it knows what the board draws, what a modem draws
 * about, and what its jobs are said to cost. A search in bad coverage then ends before it has eaten a week of sleep.
 */
import type { Draw } from "../../boards/types.ts";
import { ENERGY } from "../faults.ts";
import { after, cancel, now } from "../platform/espruino.ts";
import type { Extension } from "./extensions.ts";

export interface EnergyBudgetOptions {
  /** Of one wake, its boot included. */
  readonly joules: number;
  /** The board's own figures: `import board, { draw } from …` */
  readonly draw: Draw;
  /** Mean while the modem searches, connects and sends. Default 0.2: a SIM7020 that mostly listens, 60 mA at 3.3 V. */
  readonly modemWatts?: number;
}

/** Ends a wake that costs too much, with the fault `energy`. What the chip sleeps through lightly is not counted. */
export function energyBudget<R>(options: EnergyBudgetOptions): Extension<R> {
  const draw = options.draw;
  return (host) => {
    let spent = draw.bootJoules;
    let watts = draw.awakeWatts;
    let since = now();
    let timer = 0;
    const spend = (joules: number) => {
      const at = now();
      spent += joules + (at - since) * watts;
      since = at;
      const left = options.joules - spent;
      cancel(timer);
      timer = after(Math.max(0, left / watts) * 1000, () => {
        // no timer's: this one's number goes to the next that is made
        timer = -1;
        host.end(ENERGY);
      });
      return left;
    };
    return {
      spend,
      working(reporting) {
        if (!reporting) {
          // another wake without a boot
          if (timer) spent = 0;
          since = now();
        }
        spend(0);
        watts = draw.awakeWatts + (reporting ? options.modemWatts || 0.2 : 0);
        spend(0);
      },
    };
  };
}
