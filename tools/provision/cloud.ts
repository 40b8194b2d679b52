/**
 * Settings for the broker of a cloud: what a device needs of it is worked out here and written like any other setting, so
 * that the device carries no secret of the cloud's but the finished password.
 *
 *   { "id": "truck-17", "apn": "iot", "cloud": { "name": "tencent", "productId": "…", "deviceName": "…", "psk": "…" } }
 */
import { connectionOf, presets } from "../clouds/presets.ts";
import { UserError } from "../errors.ts";

export interface Worked {
  readonly settings: unknown;
  /** What a person must know: an end of life, TLS, how far the preset was checked. */
  readonly notes: readonly string[];
}

/**
 * @param given settings as read; without `cloud` they are returned as they are
 * @param cloud name given on the command line, in place of `cloud.name`
 * @throws UserError that names what is missing or unknown, never a value
 */
export function withCloud(given: unknown, where: string, cloud?: string): Worked {
  const all = (typeof given === "object" && given && !Array.isArray(given) ? given : {}) as Record<string, unknown>;
  const { cloud: nested, ...own } = all;
  if (nested === undefined && cloud === undefined) return { settings: given, notes: [] };
  if (typeof nested !== "object" || nested === null || Array.isArray(nested))
    throw new UserError("the parameters of the cloud are missing", {
      where,
      fix: `add "cloud": { ${Object.keys(presets[cloud ?? ""]?.needs ?? { name: "" })
        .map((name) => `"${name}": "…"`)
        .join(", ")} }`,
    });
  const { name: ownName, ...rest } = nested as Record<string, unknown>;
  const name = cloud ?? String(ownName ?? "");
  const parameters: Record<string, string> = {};
  for (const [parameter, value] of Object.entries(rest)) {
    if (typeof value !== "string")
      throw new UserError(`cloud.${parameter} must be text`, { where, fix: "write it in quotes" });
    parameters[parameter] = value;
  }
  const connection = connectionOf(name, parameters);
  const preset = presets[name]!;
  const { broker, port, clientId, user, password, telemetryTopic, commandTopic } = connection;
  const expires = preset.needs["expires"] && (parameters["expires"] ?? preset.defaults?.["expires"]);
  const notes = [
    ...(expires
      ? [`${preset.title}: the password ends on ${expires}; provision the device, or send it new settings, before`]
      : []),
    ...(connection.tls ? [`${preset.title} speaks TLS only: the modem or the build of Espruino must bring it`] : []),
    ...(preset.checked === "example"
      ? []
      : [
          `${preset.title}: ${preset.checked === "formula" ? "made from the vendor's description, which has no example to check against" : "not checked against the vendor's documents"}`,
        ]),
  ];
  return {
    settings: {
      broker,
      port,
      client: clientId,
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      topic: telemetryTopic,
      commands: commandTopic,
      ...own,
    },
    notes,
  };
}
