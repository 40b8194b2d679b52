/** Numbers as Espruino writes and reads them: digit by digit in double arithmetic, about eleven decimals, rounding included. */

/** What is left below this is not written. */
const CLOSE = 1e-7;
const DECIMALS = 11;
const INT_LIMIT = 2 ** 31;

/** `String(x)`; whole numbers up to 2^53 read as everywhere. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value || 0);
  return format(value, 10, undefined);
}

/** `x.toString(radix)`. */
export function formatRadix(value: number, radix: number): string {
  return (value | 0) === value ? value.toString(radix) : format(value, radix, undefined);
}

/** `x.toFixed(decimals)`: cuts off instead of rounding when there are none. */
export function formatFixed(value: number, decimals: number): string {
  return format(value, 10, Math.min(Math.max(decimals | 0, 0), 20));
}

function format(given: number, radix: number, decimals: number | undefined): string {
  if (!Number.isFinite(given)) return String(given);
  let rest = Math.abs(given);
  let exponent = 0;
  if (radix === 10 && decimals === undefined && rest > 0) [rest, exponent] = scale(rest);
  // a number just below a whole one is taken for it, where a C int can hold it
  const whole = Math.trunc(rest);
  if (rest + CLOSE < INT_LIMIT && Math.trunc(rest + CLOSE) === whole + 1) rest = whole + 1;
  let text = given < 0 ? "-" : "";
  let place = 1;
  while (place * radix <= rest) place *= radix;
  for (; place >= 1; place /= radix) {
    const digit = Math.trunc(rest / place);
    rest -= digit * place;
    text += symbol(digit);
  }
  rest *= radix;
  let left = decimals ?? DECIMALS;
  if (left > 0 && (decimals !== undefined || rest > CLOSE)) text += ".";
  for (; left > 0 && (decimals !== undefined || rest > CLOSE); left--) {
    const digit = Math.trunc(rest + (decimals !== undefined && left === 1 ? 0.5 : 1e-8));
    rest = (rest - digit) * radix;
    text += symbol(Math.min(digit, radix - 1));
  }
  return exponent ? `${text}e${exponent > 0 ? "+" : ""}${exponent}` : text;
}

/** Into the range that is written without an exponent, by the same steps as the interpreter. */
function scale(value: number): [number, number] {
  let exponent = 0;
  if (value >= 1e21) {
    for (; value > 1e5; exponent += 5) value /= 1e5;
    for (; value > 10; exponent++) value /= 10;
  } else if (value < 1e-6) {
    for (; value < 1e-5; exponent -= 5) value *= 1e5;
    for (; value < 1; exponent--) value *= 10;
  }
  return [value, exponent];
}

const symbol = (digit: number): string => "0123456789abcdefghijklmnopqrstuvwxyz"[digit] ?? "?";

/** `[digits].[digits]e[digits]`, without a sign before it; an exponent needs no digits, and nothing before it. */
const DECIMAL = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d*))?$/;

/** The value of a decimal literal, often one bit beside the nearest double; undefined for any other text. */
export function parseDecimal(text: string): number | undefined {
  // whole numbers that a double holds are the same everywhere
  if (text.length < 16 && /^\d+$/.test(text)) return Number(text);
  const found = DECIMAL.exec(text);
  if (!found || text === "" || text === ".") return undefined;
  const [, whole = "", decimals = "", exponent = ""] = found;
  let value = 0;
  for (const digit of whole) value = value * 10 + Number(digit);
  let weight = 0.1;
  for (const digit of decimals) {
    value += weight * Number(digit);
    weight /= 10;
  }
  let power = Number(exponent.replace(/^[+-]$/, ""));
  for (; power > 0; power--) value *= 10;
  for (; power < 0; power++) value /= 10;
  return value;
}
