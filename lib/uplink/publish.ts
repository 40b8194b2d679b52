/** A report: one MQTT session with the broker of the device's settings, for all that waits in the outbox. */
import type { Modem, Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import { after, cancel } from "../platform/espruino.ts";
import type { Done } from "../platform/ports.ts";
import { runSession, type Session } from "./mqtt.ts";
import { CLEAN } from "./packets.ts";

/** NB-IoT answers after 2 to 10 s at every coverage level; a TCP retransmission doubles that. */
const ANSWER_MS = 30000;

/**
 * Publishes over a modem that is up, in a clean session with QoS 1. Settings: `id`, `broker`, and where needed `port`, `user`,
 * `password`, `client` (the MQTT client id, where it is not `id`) and `topic` (in place of the firmware's). `{id}` in the topic
 * stands for the device's id. `done` is called once; the modem is still up then.
 * @param run makes another session of it
 */
export function publish(
  modem: Modem,
  settings: Settings,
  topic: string,
  outbox: Outbox,
  done: Done,
  run?: (session: Session) => void,
): void {
  const id = "" + settings["id"];
  (run || runSession)({
    modem,
    timers: { after, cancel },
    host: "" + settings["broker"],
    port: +(settings["port"] || 1883),
    clientId: "" + (settings["client"] || id),
    user: settings["user"] as string | undefined,
    password: settings["password"] as string | undefined,
    // the broker drops a node that vanished after one and a half times this
    keepAliveSeconds: ANSWER_MS / 500,
    flags: CLEAN,
    topic: ("" + (settings["topic"] || topic)).replace("{id}", id),
    outbox,
    answerMs: ANSWER_MS,
    done,
  });
}
