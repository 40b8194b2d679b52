/**
 * A batch as SenML in CBOR (RFC 8428) instead of our own columns, for receivers that know nothing of Hibernode. Some eight
 * times the bytes; a fault has no place in it and is left out, and so is what tells a repeated message.
 */
import { FAULT } from "../faults.ts";
import type { Batch } from "./batch.ts";
import { array, int, map, text } from "./cbor.ts";

/** Name, unit (RFC 8428, table 1: `Cel`, `%RH`, `V` …) and decimals of a column: 2 where 21.50 is stored as 2150. */
export type SenmlColumn = readonly [name: string, unit: string, decimals: number];

const BASE_NAME = int(-2);
const BASE_TIME = int(-3);
const NAME = int(0);
const UNIT = int(1);
const VALUE = int(2);
const TIME = int(6);

/** A whole number, or a decimal fraction (RFC 8949, tag 4). */
const decimal = (value: number, decimals: number) =>
  decimals ? "\xc4" + array(2) + int(-decimals) + int(value) : int(value);

/**
 * For `uplink.encode` of `node()`.
 * @param columns in the order of the sensors and their quantities
 * @param base prefix of all names, `urn:dev:…:`; where there is none, the topic alone tells the device
 */
export function senml(columns: readonly SenmlColumn[], base?: string): (batch: Batch) => string {
  return ({ count, codes, column, offset }) => {
    const times = column(0);
    const values = columns.slice(0, codes.length).map((_, c) => column(c + 1));
    // without the network's time, relative to now: RFC 8428 section 4.5.3
    const zero = times[offset ? 0 : count - 1]!;
    let records = 0;
    let body = "";
    for (let row = 0; row < count; row++) {
      for (let c = 0; c < codes.length; c++) {
        const value = values[c]![row]!;
        if (value >= FAULT) continue;
        const [name, unit, decimals] = columns[c]!;
        const at = times[row]! - zero;
        const bases = records++ ? 0 : (base ? 1 : 0) + (offset ? 1 : 0);
        body +=
          map(3 + bases + (at ? 1 : 0)) +
          (bases && base ? BASE_NAME + text(base) : "") +
          (bases && offset ? BASE_TIME + int(zero + offset) : "") +
          NAME + text(name) + UNIT + text(unit) + VALUE + decimal(value, decimals) +
          (at ? TIME + int(at) : ""); // prettier-ignore
      }
    }
    return array(records) + body;
  };
}
