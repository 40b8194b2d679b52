/** Lets the expensive work begin only when something happens: opens above one level, closes after a calm time below another. */

export interface GateOptions {
  readonly openAbove: number;
  readonly closeBelow: number;
  /** Values in a row below `closeBelow` after which it closes. */
  readonly calm: number;
}

/** Feed it a cheap measure, such as the RMS of a frame; true while the gate is open. */
export function gate({ openAbove, closeBelow, calm }: GateOptions): (value: number) => boolean {
  let isOpen = false;
  let below = 0;
  return (value) => {
    if (value > openAbove) isOpen = true;
    below = value < closeBelow ? below + 1 : 0;
    if (below >= calm) isOpen = false;
    return isOpen;
  };
}
