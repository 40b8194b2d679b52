/**
 * MQTT-SN 1.2 over UDP, for networks where TCP costs too much: no handshake, no acknowledgements of acknowledgements, a
 * number in the topic's place. `hibernode receive --mqtt-sn` is the gateway to any broker. Numbers of sections are those of
 * the specification.
 */
import { BROKER_REFUSED, BROKER_SILENT, CONNECTION_LOST } from "../faults.ts";
import type { Modem, Settings, Timers } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import { after, cancel } from "../platform/espruino.ts";
import type { Done } from "../platform/ports.ts";
import type { Inlet } from "./mqtt.ts";
import { PUBLISH as MQTT_PUBLISH, packetReader, text, u16, u16At } from "./packets.ts";

const CONNECT = 4;
const CONNACK = 5;
const REGISTER = 10;
const REGACK = 11;
const PUBLISH = 12;
const PUBACK = 13;
const SUBSCRIBE = 18;
const SUBACK = 19;
const DISCONNECT = 24;

/** Flags (5.3.4). */
const DUP = 128;
const QOS1 = 32;
const QOS_MINUS_1 = 96;
const RETAIN = 16;
const CLEAN = 4;
const PREDEFINED = 1;

/** T_retry and N_retry (7.2). Over NB-IoT an answer takes 2 to 10 s. */
const RETRY_MS = 12000;
const RETRIES = 3;

/** What a modem sends as one datagram, less the longest head of a PUBLISH. */
const LONGEST = 512 - 9;

/** Whatever the gateway has kept for a sleeping node follows its answers at once. */
const LINGER_MS = 500;

export interface MqttSn {
  /** 1: each message is acknowledged. 0: lost messages are lost. -1: without a session, nothing is ever answered. */
  readonly qos: 1 | 0 | -1;
  /**
   * Seconds until the next session at the latest: the gateway keeps the session and what is published for the node
   * meanwhile (6.14). Without it each session is a new one, and only retained commands reach the node.
   */
  readonly sleepSeconds?: number;
}

export interface MqttSnSession extends MqttSn {
  readonly modem: Modem;
  readonly timers: Timers;
  readonly host: string;
  readonly port: number;
  /** At most 23 characters. */
  readonly clientId: string;
  readonly topic: string;
  /** A predefined topic id (6.6); 0: the topic is registered by name in each session. QoS -1 needs one. */
  readonly topicId: number;
  readonly outbox: Outbox;
  /** Called exactly once. The modem is still up then. */
  done: Done;
}

/** @param body what follows the type */
function message(type: number, body: string): string {
  const length = body.length + 2;
  return (
    (length < 256 ? String.fromCharCode(length, type) : "\x01" + u16(length + 2) + String.fromCharCode(type)) + body
  );
}

const flagged = (type: number, flags: number, body: string) => message(type, String.fromCharCode(flags) + body);

/** Runs one session over a modem that is up. What is not confirmed stays where it is, for a later session. */
export function runMqttSn(s: MqttSnSession): void {
  const modem = s.modem;
  // without a session there is nobody to subscribe
  const inlet = s.qos >= 0 ? s.outbox.inlet : undefined;
  const awaits = s.qos >= 0;
  let topicId = s.topicId;
  const kind = topicId ? PREDEFINED : 0;
  let over = false;
  let timer = 0;
  let id = 0;
  /** The type that answers what was sent last, and what to do then. */
  let awaited = 0;
  let then: () => void = () => {};
  /** Nothing is left to publish. */
  let lingering = false;

  /** One thing is waited for at a time; 0 ms = nothing. */
  const wait = (ms: number, run: () => void) => {
    s.timers.cancel(timer);
    timer = ms
      ? s.timers.after(ms, () => {
          timer = 0;
          run();
        })
      : 0;
  };

  const finish = (fault: number) => {
    if (over) return;
    over = true;
    wait(0, then);
    s.done(fault);
  };

  /** Sends until the answer comes. @param again the same as a repetition */
  const ask = (bytes: string, again: string, type: number, next: () => void, tries?: number) => {
    awaited = type;
    then = next;
    wait(RETRY_MS, () => {
      if (tries === 0) finish(BROKER_SILENT);
      else ask(again, again, type, next, (tries || RETRIES) - 1);
    });
    modem.send(bytes, (fault) => {
      if (fault) finish(fault);
    });
  };

  const tell = (bytes: string, next: () => void) => modem.send(bytes, (fault) => (fault ? finish(fault) : next()));

  const leave = () => {
    lingering = false;
    const bytes = message(DISCONNECT, s.sleepSeconds ? u16(s.sleepSeconds) : "");
    if (awaits) ask(bytes, bytes, DISCONNECT, () => finish(0));
    else finish(0);
  };

  const proceed = () => {
    if (over) return;
    lingering = false;
    let most = 128;
    let payload = s.outbox.next();
    while (payload.length > LONGEST && (most >>= 1)) payload = s.outbox.next(most);
    if (!payload) {
      awaited = 0;
      lingering = !!inlet;
      if (inlet) wait(LINGER_MS, leave);
      else leave();
      return;
    }
    const confirmed = () => {
      s.outbox.confirmed();
      proceed();
    };
    const number = s.qos > 0 ? ++id : 0;
    const rest = u16(topicId) + u16(number) + payload;
    const flags = kind + (s.qos > 0 ? QOS1 : awaits ? 0 : QOS_MINUS_1);
    const bytes = flagged(PUBLISH, flags, rest);
    if (number) ask(bytes, flagged(PUBLISH, flags + DUP, rest), PUBACK, confirmed);
    else tell(bytes, confirmed);
  };

  const listen = () => {
    if (!inlet) return proceed();
    const rest = u16(++id) + inlet.topic;
    ask(flagged(SUBSCRIBE, QOS1, rest), flagged(SUBSCRIBE, QOS1 + DUP, rest), SUBACK, proceed);
  };

  const greeted = () => {
    if (topicId) return listen();
    const bytes = message(REGISTER, "\0\0" + u16(++id) + s.topic);
    ask(bytes, bytes, REGACK, listen);
  };

  /** The inlet speaks MQTT: it is told, and answered for, in its own words. The topic can only be that of the commands. */
  const hand = (to: Inlet, body: string) => {
    const flags = body.charCodeAt(0);
    const number = flags & QOS1 ? body.slice(3, 5) : "";
    const header = (MQTT_PUBLISH << 4) | (number ? 2 : 0) | (flags & RETAIN ? 1 : 0);
    if (!to.packet(header, text(to.topic) + number + body.slice(5))) return;
    // from a timer: obeying takes calls of its own
    s.timers.after(0, () => {
      packetReader(LONGEST, (type) => {
        // an acknowledgement, or a retained message is cleared
        const bytes =
          type >> 4 === MQTT_PUBLISH
            ? flagged(PUBLISH, RETAIN, body.slice(1, 3) + "\0\0")
            : message(PUBACK, body.slice(1, 5) + "\0");
        modem.send(bytes, () => {});
        return true;
      })(to.work());
      if (lingering) proceed();
    });
  };

  const received = (bytes: string) => {
    const head = bytes.charCodeAt(0) === 1 ? 3 : 1;
    const type = bytes.charCodeAt(head);
    const body = bytes.slice(head + 1);
    if (over || !type) return;
    if (type === PUBLISH) {
      if (inlet) hand(inlet, body);
    } else if (type === REGISTER) modem.send(message(REGACK, body.slice(0, 4) + "\0"), () => {});
    else if (type === awaited) {
      // the return code stands last (5.4); a repeated answer to an earlier message is not ours
      if (type !== CONNACK && type !== DISCONNECT && u16At(body, type === SUBACK ? 3 : 2) !== id) return;
      if (type !== DISCONNECT && body.charCodeAt(body.length - 1)) return finish(BROKER_REFUSED);
      if (type === REGACK) topicId = u16At(body, 0);
      awaited = 0;
      wait(0, then);
      // from a timer: the journal's and the encoder's calls would come on top of the UART's and ours
      s.timers.after(0, then);
    } else if (type === DISCONNECT) finish(CONNECTION_LOST);
  };

  modem.open(
    s.host,
    s.port,
    received,
    () => finish(CONNECTION_LOST),
    (fault) => {
      if (fault) return finish(fault);
      if (!awaits) return proceed();
      const bytes = flagged(CONNECT, s.sleepSeconds ? 0 : CLEAN, "\x01" + u16(s.sleepSeconds || 60) + s.clientId);
      ask(bytes, bytes, CONNACK, greeted);
    },
    true,
  );
}

/**
 * For `uplink.session` of `node()`. Settings: `id`, `broker` (the gateway's address), `port` (default 1885), and `topic-id`
 * where the gateway knows the topic by number.
 */
export function mqttSn(options: MqttSn) {
  return (modem: Modem, settings: Settings, topic: string, outbox: Outbox, done: Done): void => {
    const id = "" + settings["id"];
    runMqttSn({
      modem,
      timers: { after, cancel },
      host: "" + settings["broker"],
      port: +(settings["port"] || 1885),
      clientId: id,
      topic: topic.replace("{id}", id),
      topicId: +(settings["topic-id"] || 0),
      outbox,
      done,
      qos: options.qos,
      sleepSeconds: options.sleepSeconds || 0,
    });
  };
}
