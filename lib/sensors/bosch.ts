/** What BME280 and BMP280 share: calibration and compensation of temperature and pressure, in floating point as in section 8.1. */
import { TIMEOUT, UNREADY } from "../faults.ts";
import { i16, u16 } from "../platform/bytes.ts";
import { within } from "./sensor.ts";

/** Registers 0xF3 (status) to 0xFC or 0xFE (results). */
const STATUS = 0;
const PRESSURE_AT = 4;

export interface Compensated {
  readonly fine: number;
  readonly values: readonly [celsius: number, hectopascals: number];
}

/** @param answer registers from 0xF3 on. Returns a fault when the measurement has not ended, or never started. */
export function compensate(answer: Uint8Array, calibration: Uint8Array): Compensated | number {
  const raw = (at: number) => ((answer[at]! << 16) | (answer[at + 1]! << 8) | answer[at + 2]!) >> 4;
  const adcP = raw(PRESSURE_AT);
  const adcT = raw(PRESSURE_AT + 3);
  // still measuring, or both results at their reset value
  if (answer[STATUS]! & 8 || (adcP === 0x80000 && adcT === 0x80000)) return TIMEOUT;
  const dig = (n: number) => i16(calibration, n * 2);

  const t1 = u16(calibration, 0);
  // erased or unreadable: 65535 would give plausible values
  if (!t1 || t1 === 65535) return UNREADY;
  const t = adcT / 131072 - t1 / 8192;
  const fine = (adcT / 16384 - t1 / 1024) * dig(1) + t * t * dig(2);

  let a = fine / 2 - 64000;
  const b = ((a * a * dig(8)) / 32768 + a * dig(7) * 2) / 4 + dig(6) * 65536;
  a = (1 + ((dig(5) * a * a) / 524288 + dig(4) * a) / 524288 / 32768) * u16(calibration, 6);
  // a calibration of zero gives infinity, which lies outside of the range
  let p = ((1048576 - adcP - b / 4096) * 6250) / a;
  p += ((dig(11) * p * p) / 2147483648 + (p * dig(10)) / 32768 + dig(9)) / 16;
  return { fine, values: [within(fine / 5120, -41, 86), within(p / 100, 298, 1102)] };
}
