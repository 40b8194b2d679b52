/** Topics with `{id}` for the device: what to subscribe to, and which device a topic names. */
import { UserError } from "../errors.ts";

export interface TopicPattern {
  /** MQTT filter with `+` in the place of `{id}`. */
  readonly filter: string;
  /** The device's id, undefined for a topic that does not fit. */
  deviceOf(topic: string): string | undefined;
  /** The topic of one device. */
  topicOf(device: string): string;
}

/** @throws UserError unless `{id}` is exactly one whole level of the topic */
export function parseTopic(pattern: string, where = "topic"): TopicPattern {
  const levels = pattern.split("/");
  const at = levels.indexOf("{id}");
  if (at < 0 || levels.lastIndexOf("{id}") !== at || /[+#]/.test(pattern))
    throw new UserError("a topic needs {id} as one whole level, and no wildcards", {
      where: `${where}: ${pattern}`,
      fix: "write it as in the firmware's node.ts, for instance cold-chain/{id}/telemetry",
    });
  return {
    filter: levels.map((level) => (level === "{id}" ? "+" : level)).join("/"),
    deviceOf(topic) {
      const own = topic.split("/");
      const fits = own.length === levels.length && own.every((level, i) => i === at || level === levels[i]);
      return (fits && own[at]) || undefined;
    },
    topicOf: (device) => levels.map((level) => (level === "{id}" ? device : level)).join("/"),
  };
}
