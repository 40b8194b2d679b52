/** A switching converter of which no curve is known, as comparable ones are: for boards' facts. */
import type { Figure, Regulator } from "./types.ts";

const share = (value: number, source: string): Figure => ({ value, confidence: "inferred", source });

export const usualConverter: NonNullable<Regulator["efficiency"]> = [
  {
    milliamps: 0.1,
    share: share(
      0.77,
      "as the TPS63031: 65 % at 100 µA with its quiescent 25 µA, 77 % without (TI's support, e2e.ti.com 820528)",
    ),
  },
  {
    milliamps: 1,
    share: share(0.8, "as the TPS63031: 80 % besides its quiescent current (TI's support, e2e.ti.com 820528)"),
  },
  { milliamps: 300, share: share(0.9, "as the TPS61200: over 90 % at 300 mA, 3.3 V from at least 2.4 V (SLVS577)") },
];
