/** For `uplink.session` of `node()`: a report over the modem's own MQTT client, where the modem was chosen with it. */
import { MODEM_ERROR } from "../faults.ts";
import type { Modem, Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import { after } from "../platform/espruino.ts";
import type { Done } from "../platform/ports.ts";

const KEEP_ALIVE_S = 60;

/**
 * Settings as those of `publish`. One message after the other, each released when the broker has confirmed it. It takes no
 * commands: what the broker sends stays in the modem.
 */
export function modemMqtt(modem: Modem, settings: Settings, topic: string, outbox: Outbox, done: Done): void {
  const own = modem.mqtt;
  if (!own) return done(MODEM_ERROR);
  const id = "" + settings["id"];
  const name = ("" + (settings["topic"] || topic)).replace("{id}", id);
  const proceed = () => {
    let most = 128;
    let payload = outbox.next();
    while (payload.length > own.longest && (most >>= 1)) payload = outbox.next(most);
    if (!payload) return done(0);
    own.publish(name, payload, (fault) => {
      if (fault) return done(fault);
      // from a timer: the journal's and the encoder's calls would come on top of the UART's and ours
      after(0, () => {
        outbox.confirmed();
        proceed();
      });
    });
  };
  own.connect(
    {
      host: "" + settings["broker"],
      port: +(settings["port"] || 1883),
      clientId: "" + (settings["client"] || id),
      user: settings["user"] as string | undefined,
      password: settings["password"] as string | undefined,
      keepAliveSeconds: KEEP_ALIVE_S,
    },
    (fault) => {
      if (fault) done(fault);
      else after(0, proceed);
    },
  );
}
