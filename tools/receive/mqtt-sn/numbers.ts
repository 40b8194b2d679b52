/** Predefined topic ids of MQTT-SN: which device means which number. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { UserError } from "../../errors.ts";

const number = v.pipe(v.string(), v.regex(/^([2-9]|[1-9]\d{1,4})$/), v.check((text) => Number(text) < 65535)); // prettier-ignore
const schema = v.record(number, v.pipe(v.string(), v.regex(/^[^+#/]+$/)));

/**
 * @param file JSON: `{ "17": "truck-17" }`; 1 stands for each client's own topic and cannot be given
 * @throws UserError that names what is wrong
 */
export function readTopicNumbers(file: string): Map<number, string> {
  const refuse = (what: string): never => {
    throw new UserError(what, { where: file, fix: 'write { "NUMBER": "DEVICE" }, numbers from 2 to 65534' });
  };
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return refuse((error as Error).message);
  }
  const parsed = v.safeParse(schema, document);
  if (!parsed.success) return refuse("not an object of topic ids and device ids");
  return new Map(Object.entries(parsed.output).map(([id, device]) => [Number(id), device]));
}
