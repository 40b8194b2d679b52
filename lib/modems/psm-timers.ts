/** PSM timers as 3GPP codes them: three bits of unit, five of value (TS 24.008 tables 10.5.163 and 10.5.163a). */

/** Seconds per step by unit code. GPRS timer 3, for T3412 extended (periodic TAU). */
export const TAU_UNITS = [600, 3600, 36000, 2, 30, 60, 1152000];
/** GPRS timer 2, for T3324 (active time); the codes after these are read as a minute. */
export const ACTIVE_UNITS = [2, 60, 360];

/** The greatest time that can be said and is not above the wanted one, as eight digits; of equal ones the finest. */
export function timerBits(seconds: number, units: readonly number[]): string {
  let best = -1;
  let code = 0;
  units.forEach((unit, i) => {
    const steps = Math.min(31, Math.floor(seconds / unit));
    const gain = steps * unit - best;
    if (gain > 0 || (!gain && unit < units[code >> 5]!)) {
      best = steps * unit;
      code = i * 32 + steps;
    }
  });
  return (256 + code).toString(2).slice(1);
}

/** What eight digits in quotes say, in seconds; NaN when the timer is deactivated, or the text is none. */
export function timerSeconds(quoted: string, units: readonly number[]): number {
  return units[parseInt(quoted.slice(1, 4), 2)]! * parseInt(quoted.slice(4), 2);
}
