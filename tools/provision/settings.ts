/** A device's settings: what they are called, what they may be, and the file in Storage that holds them. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { UserError } from "../errors.ts";
import { unknownName } from "../suggest.ts";
import { withCloud } from "./cloud.ts";

/** JSON in Storage must not be read slowly at every wake. */
const LARGEST_BYTES = 1000;

const text = (name: string, longest: number) =>
  v.pipe(
    v.string(`${name} must be text`),
    v.regex(/^[\x21-\x7e]+$/, `${name} must be printable ASCII without blanks`),
    v.maxLength(longest, `${name} has more than ${longest} characters`),
  );

const period = (name: string) =>
  v.optional(
    v.pipe(
      v.number(`${name} must be a number of seconds`),
      v.integer(`${name} must be whole seconds`),
      v.minValue(10, `${name} must be 10 to 604800 seconds`),
      v.maxValue(604800, `${name} must be 10 to 604800 seconds`),
    ),
  );

/** What the library reads from them. */
const fields = {
  /** MQTT client id, and `{id}` in topics. */
  id: v.pipe(text("id", 64), v.regex(/^[^/+#]+$/, "id stands in topics: no / + #")),
  broker: v.pipe(
    text("broker", 100),
    v.regex(/^[^:/]+$/, "broker is a host name or address, without mqtt:// and port"),
  ),
  port: v.optional(
    v.pipe(
      v.number("port must be a number"),
      v.integer("port must be whole"),
      v.minValue(1, "port must be 1 to 65535"),
      v.maxValue(65535, "port must be 1 to 65535"),
    ),
  ),
  user: v.optional(text("user", 256)),
  password: v.optional(text("password", 400)),
  apn: v.optional(text("apn", 63)),
  /** Of the access point, for a node that reports by Wi-Fi. */
  ssid: v.optional(
    v.pipe(v.string("ssid must be text"), v.regex(/^[\x20-\x7e]{1,32}$/, "ssid must be 1 to 32 printable characters")),
  ),
  passphrase: v.optional(
    v.pipe(
      v.string("passphrase must be text"),
      v.regex(/^[\x20-\x7e]{8,63}$/, "passphrase must be 8 to 63 printable characters"),
    ),
  ),
  /** Of messages that are sealed (lib/seal), and its number. */
  key: v.optional(
    v.pipe(
      v.string("key must be text"),
      v.regex(/^([0-9a-fA-F]{2}){16}$/, "key must be 16 bytes in hexadecimal digits"),
    ),
  ),
  keyId: v.optional(
    v.pipe(
      v.number("keyId must be a number"),
      v.integer("keyId must be whole"),
      v.minValue(1, "keyId must be 1 to 255"),
      v.maxValue(255, "keyId must be 1 to 255"),
    ),
  ),
  /** MQTT client id and topics, where a broker wants others than `id` and the firmware's. */
  client: v.optional(text("client", 256)),
  topic: v.optional(v.pipe(text("topic", 200), v.regex(/^[^+#]*$/, "topic is one topic: no + #"))),
  commands: v.optional(text("commands", 200)),
  /** Periods in seconds in place of the firmware's: of firmware that takes commands. */
  sample: period("sample"),
  report: period("report"),
};
const schema = v.object(fields);
export type Settings = v.InferOutput<typeof schema> & Readonly<Record<string, string | number>>;

/** Never shown, logged, or taken from the command line. */
export const SECRETS = ["password", "passphrase", "key"] as const;

/** @param where file and line, for the errors */
export function checkSettings(given: unknown, where: string): Settings {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new UserError("settings are an object", {
      where,
      fix: 'for instance { "id": "truck-17", "broker": "mqtt.example" }',
    });
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(fields, name)) {
      if (typeof value === "string" || typeof value === "number") continue;
      throw new UserError(`${name} must be text or a number`, { where, fix: "correct it" });
    }
    throw unknownName("setting", name, Object.keys(fields), where);
  }
  const result = v.safeParse(schema, given);
  if (!result.success) {
    const issue = result.issues[0];
    const name = String(issue.path?.[0]?.key ?? "");
    const missing = !(name in given);
    // the message never quotes a value: it may be a secret
    throw new UserError(missing ? `${name} is missing` : issue.message, {
      where,
      fix: missing ? `add "${name}"` : `correct ${name}`,
    });
  }
  const settings = given as Settings;
  if (JSON.stringify(settings).length > LARGEST_BYTES)
    throw new UserError(`the settings take more than ${LARGEST_BYTES} bytes`, { where, fix: "leave some out" });
  return settings;
}

/** Some settings, to change them in the field. @param where for the errors */
export function checkChanges(given: unknown, where: string): Readonly<Record<string, string | number>> {
  const dummy = { id: "id", broker: "broker" };
  checkSettings(typeof given === "object" && given && !Array.isArray(given) ? { ...dummy, ...given } : given, where);
  return given as Record<string, string | number>;
}

/** @param cloud name of a preset (clouds/presets.ts)  @param say hears what a person must know of it */
export function readSettings(file: string, cloud?: string, say?: (note: string) => void): Settings {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw error;
    // the parser's own message would quote the file
    throw new UserError("the file is no JSON", { where: file, fix: 'write { "id": "...", "broker": "..." }' });
  }
  const { settings, notes } = withCloud(given, file, cloud);
  for (const note of notes) say?.(note);
  return checkSettings(settings, file);
}

/** For people and logs. */
export function withoutSecrets(settings: Settings): Record<string, string | number> {
  const shown = Object.entries(settings).map(([name, value]) => [name, isSecret(name) ? "(secret)" : value]);
  return Object.fromEntries(shown) as Record<string, string | number>;
}

const isSecret = (name: string): boolean =>
  (SECRETS as readonly string[]).includes(name) || /pass|key$|secret|token/i.test(name);
