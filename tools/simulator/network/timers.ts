/**
 * The 3GPP timers that device and network exchange as bit strings: T3412 extended (GPRS timer 3), T3324 (GPRS timer 2),
 * eDRX cycle and paging time window (TS 24.008 10.5.7.4a, 10.5.7.4, 10.5.5.32).
 */

/** Seconds per step by unit code; `undefined` = timer deactivated. */
type Units = readonly (number | undefined)[];

const periodicTauUnits: Units = [600, 3600, 36_000, 2, 30, 60, 1_152_000, undefined];
/** Unit codes 3 to 6 are read as 1 min (TS 24.008 10.5.7.3). */
const activeTimeUnits: Units = [2, 60, 360, 60, 60, 60, 60, undefined];

/** What the network sends for a timer that it does not grant. */
export const deactivated = "11100000";

export interface TimerCode {
  /** Eight binary digits. */
  readonly code: string;
  /** What the code means, which may be less than what was asked. */
  readonly seconds: number;
}

function decode(units: Units, code: string): number | undefined {
  if (!/^[01]{8}$/.test(code)) throw new RangeError(`timer code "${code}": expected eight binary digits`);
  const unit = units[parseInt(code.slice(0, 3), 2)];
  return unit === undefined ? undefined : unit * parseInt(code.slice(3), 2);
}

/** Greatest representable time that is not above `seconds`; the finest unit where several codes mean the same. */
function encode(units: Units, seconds: number): TimerCode {
  if (!(seconds >= 0)) throw new RangeError(`a timer of ${seconds} s`);
  let best: { unit: number; code: number; steps: number } | undefined;
  units.forEach((unit, code) => {
    if (unit === undefined || units.indexOf(unit) !== code) return;
    const steps = Math.min(31, Math.floor(seconds / unit));
    const gain = best ? steps * unit - best.steps * best.unit : 1;
    if (gain > 0 || (gain === 0 && unit < best!.unit)) best = { unit, code, steps };
  });
  const { unit, code, steps } = best!;
  return { code: code.toString(2).padStart(3, "0") + steps.toString(2).padStart(5, "0"), seconds: steps * unit };
}

/** T3412 extended in seconds; undefined when deactivated. */
export const decodePeriodicTau = (code: string): number | undefined => decode(periodicTauUnits, code);
export const encodePeriodicTau = (seconds: number): TimerCode => encode(periodicTauUnits, seconds);

/** T3324 in seconds; undefined when deactivated, which means that PSM is not possible. */
export const decodeActiveTime = (code: string): number | undefined => decode(activeTimeUnits, code);
export const encodeActiveTime = (seconds: number): TimerCode => encode(activeTimeUnits, seconds);

/** eDRX cycles of NB-S1 mode in seconds, by code. */
const edrxCycles: Readonly<Record<string, number>> = {
  "0010": 20.48,
  "0011": 40.96,
  "0101": 81.92,
  "1001": 163.84,
  "1010": 327.68,
  "1011": 655.36,
  "1100": 1310.72,
  "1101": 2621.44,
  "1110": 5242.88,
  "1111": 10_485.76,
};

/** eDRX cycle in NB-S1 mode, in seconds: 0000 and 0001 count as absent (undefined), the WB-S1 codes as 0010. */
export function decodeEdrx(code: string): number | undefined {
  if (!/^[01]{4}$/.test(code)) throw new RangeError(`eDRX code "${code}": expected four binary digits`);
  return code === "0000" || code === "0001" ? undefined : (edrxCycles[code] ?? 20.48);
}

/** Paging time window in NB-S1 mode, in seconds: steps of 2.56 s. */
export function decodePagingWindow(code: string): number {
  if (!/^[01]{4}$/.test(code)) throw new RangeError(`paging window code "${code}": expected four binary digits`);
  return (parseInt(code, 2) + 1) * 2.56;
}
