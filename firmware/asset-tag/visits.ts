/** Which card is there, since when, and for how long it stayed: a reader's answers without the repeats. */
import type { Memo } from "hibernode/schedule/remember";
import { CARD_HIGH, CARD_LOW, DURATION, STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

/** Nothing new; a card came (and another may have left with it); the card left. */
export const SAME = 0;
export const CAME = 1;
export const LEFT = 2;

/** With LEFT, card and duration are those of the card that left; otherwise of the card that is there. */
export function visits(
  reader: Sensor<"cardHigh" | "cardLow">,
  memo: Memo,
): Sensor<"cardHigh" | "cardLow" | "duration" | "state"> {
  return {
    quantities: [CARD_HIGH, CARD_LOW, DURATION, STATE],
    start: () => reader.start(),
    read() {
      const result = reader.read();
      if (typeof result === "number") return result;
      const at = Math.floor(getTime());
      const high = result[0]!;
      const low = result[1]!;
      const wasHigh = memo.get(0) || 0;
      const wasLow = memo.get(1) || 0;
      const since = memo.get(2) || 0;
      // a clock that started over cannot say how long
      const stayed = since <= at ? at - since : 0;
      if (high === wasHigh && low === wasLow) return [high, low, high || low ? stayed : 0, SAME];
      memo.set([high, low, at]);
      return high || low ? [high, low, 0, CAME] : [wasHigh, wasLow, stayed, LEFT];
    },
  };
}
