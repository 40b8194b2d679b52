/**
 * How many JsVars a bundle will take, from its text alone. On Espruino a function is an object in RAM whose code stays in
 * flash, so RAM goes with the number of functions: their objects, parameters, scopes, and what they hold while a report runs.
 */
import { parse } from "acorn";
import { full } from "acorn-walk";

export interface RamEstimate {
  /** After load, and while a report is sent with a backlog. */
  readonly loaded: number;
  readonly peak: number;
}

/**
 * JsVars per function, chosen to fit nine firmwares measured on the interpreter (`hibernode ram`): 3.9 to 6.0 after load,
 * 7.6 to 9.7 at the peak.
 */
const LOADED = 4.7;
const PEAK = 8.6;

/**
 * Within 13 % of those nine at the peak, within 21 % after load. What a firmware's own lists and texts take comes on top,
 * and what a program that never sleeps piles up.
 */
export function estimateRam(bundle: string): RamEstimate {
  let functions = 0;
  full(parse(bundle, { ecmaVersion: "latest", allowReturnOutsideFunction: true }), ({ type }) => {
    if (/Function/.test(type)) functions++;
  });
  return { loaded: Math.round(functions * LOADED), peak: Math.round(functions * PEAK) };
}
