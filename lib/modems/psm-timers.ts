/** PSM timers as 3GPP codes them: three bits of unit, five of value (TS 24.008 tables 10.5.163 and 10.5.163a). */

/** Unit code, seconds per step; finest first. GPRS timer 3, for T3412 extended (periodic TAU). */
const TAU_UNITS = [3, 2, 4, 30, 5, 60, 0, 600, 1, 3600, 2, 36000, 6, 1152000];
/** GPRS timer 2, for T3324 (active time). */
const ACTIVE_UNITS = [0, 2, 1, 60, 2, 360];

/** The greatest time that can be said and is not above the wanted one, as eight digits. */
function timerBits(seconds: number, units: readonly number[]): string {
  let best = -1;
  let code = 0;
  for (let i = 0; i < units.length; i += 2) {
    const steps = Math.min(31, Math.floor(seconds / units[i + 1]!));
    if (steps * units[i + 1]! > best) {
      best = steps * units[i + 1]!;
      code = units[i]! * 32 + steps;
    }
  }
  return (256 + code).toString(2).slice(1);
}

/** T3412 extended: how long the modem may sleep before it reports to the network by itself. */
export function periodicTauBits(seconds: number): string {
  return timerBits(seconds, TAU_UNITS);
}

/** T3324: how long it still listens after a connection, before PSM. */
export function activeTimeBits(seconds: number): string {
  return timerBits(seconds, ACTIVE_UNITS);
}
