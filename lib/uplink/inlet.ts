/** The subscription of a session: takes messages for the device, acknowledges them once they are dealt with. */
import { BROKER_REFUSED } from "../faults.ts";
import type { Inlet } from "./mqtt.ts";
import { packet, puback, PUBLISH, SUBACK, subscribe, text, u16At } from "./packets.ts";

/** A retained command follows SUBACK in the same burst; the rest of that burst is worth waiting for. */
const LINGER_MS = 500;
const SUBSCRIPTION = 1;

/**
 * @param topic that only this device reads
 * @param take a message, unsealed where the session unseals ("" = forged), and whether nobody else could read it. What
 * it returns from is acknowledged; a retained message is cleared at the broker.
 */
export function inletFor(topic: string, take: (message: string, secret: boolean) => void): Inlet {
  const kept: [header: number, body: string][] = [];
  const inlet: Inlet = {
    topic,
    hello: subscribe(topic, SUBSCRIPTION),
    lingerMs: 0,
    fault: 0,
    packet(header, body) {
      if (header >> 4 === SUBACK) {
        if (body.charCodeAt(2) > 127) inlet.fault = BROKER_REFUSED;
        inlet.lingerMs = LINGER_MS;
        return body.length === 3;
      }
      const qos = header & 6;
      const end = 2 + u16At(body, 0);
      kept.push([header, body]);
      // a topic, and a packet id with QoS 1; QoS 2 was never granted
      return (
        header >> 4 === PUBLISH && end > 2 && qos < 3 && body.length >= end + qos && (!qos || u16At(body, end) > 0)
      );
    },
    work() {
      let reply = "";
      for (const [header, body] of kept.splice(0, kept.length)) {
        const qos = header & 6;
        const end = 2 + u16At(body, 0);
        const message = body.slice(end + qos);
        // its own clearing comes back empty
        if (message) {
          take(inlet.open ? inlet.open(message) : message, !!inlet.open && message.charCodeAt(0) === 0xd0);
          if (header & 1) reply += packet(0x31, text(body.slice(2, end)));
        }
        if (qos) reply += puback(u16At(body, end));
      }
      return reply;
    },
  };
  return inlet;
}
