/**
 * One MQTT session per wake: connect, publish everything that waits (stop and wait, QoS 1), take commands, disconnect.
 * CONNECT, SUBSCRIBE and the first PUBLISH leave together without waiting for CONNACK (MQTT 3.1.1 section 3.1.4 allows it):
 * that spares a round trip, and over NB-IoT a round trip is seconds of the radio's current.
 */
import { BROKER_GARBLED, BROKER_REFUSED, BROKER_SILENT, CONNECTION_LOST } from "../faults.ts";
import type { Modem, Timers } from "../modems/modem.ts";
import type { Done } from "../platform/ports.ts";
import {
  CONNACK,
  connect,
  DISCONNECT,
  packetReader,
  PUBACK,
  puback,
  PUBLISH,
  publish,
  SUBACK,
  subscribe,
  u16At,
  type Connect,
} from "./packets.ts";

/** Longest packet taken in: a command, not a download. */
const LONGEST = 1024;

const SUBSCRIPTION = 1;

/** A retained command follows SUBACK in the same burst; the rest of that burst is worth waiting for. */
const LINGER_MS = 500;

export interface Session extends Connect {
  readonly modem: Modem;
  readonly timers: Timers;
  readonly host: string;
  readonly port: number;
  readonly topic: string;
  /** The next message, or "" when nothing waits. */
  next(): string;
  /** The broker has the message that `next` returned last. */
  confirmed(): void;
  /** Where commands arrive: a filter that only this device reads. */
  readonly commandTopic?: string | undefined;
  command?(payload: string, topic: string): void;
  /** Longest wait for any one answer of the broker. */
  readonly answerMs: number;
  /** Called exactly once, at the latest `answerMs` after the last progress. The modem is still up then. */
  done: Done;
}

/** Runs one session over a modem that is up. What is not confirmed stays where it is, for a later session. */
export function runSession(s: Session): void {
  const modem = s.modem;
  let connected = false;
  let over = false;
  let id = SUBSCRIPTION;
  let inFlight = false;
  let acknowledged = false;
  let subscribing = !!s.commandTopic;
  let refused = 0;
  let timer = 0;

  const finish = (fault: number) => {
    if (over) return;
    over = true;
    s.timers.cancel(timer);
    if (fault) s.done(fault);
    else modem.send(DISCONNECT, () => s.done(refused));
  };

  const send = (bytes: string) => {
    s.timers.cancel(timer);
    timer = s.timers.after(s.answerMs, () => finish(BROKER_SILENT));
    modem.send(bytes, (fault) => {
      if (fault) finish(fault);
    });
  };

  /** The next message as a packet, or "". */
  const take = () => {
    const payload = s.next();
    inFlight = !!payload;
    return payload && publish(s.topic, payload, ++id);
  };

  const proceed = () => {
    if (over) return;
    if (acknowledged) {
      acknowledged = inFlight = false;
      s.confirmed();
    }
    if (inFlight) return;
    const bytes = take();
    if (bytes) send(bytes);
    else if (!s.commandTopic) finish(0);
    else if (!subscribing) {
      s.timers.cancel(timer);
      timer = s.timers.after(LINGER_MS, () => finish(0));
    }
  };

  const inbound = (header: number, body: string) => {
    const qos = header & 6;
    const end = 2 + u16At(body, 0);
    // a topic, and a packet id with QoS 1; QoS 2 was never granted
    if (end < 3 || qos > 2 || body.length < end + qos) return false;
    if (qos) {
      const received = u16At(body, end);
      if (!received) return false;
      modem.send(puback(received), () => {});
    }
    if (s.command) s.command(body.slice(end + qos), body.slice(2, end));
    return true;
  };

  const reader = packetReader(LONGEST, (header, body) => {
    if (over) return true;
    const type = header >> 4;
    if (!connected) {
      if (type !== CONNACK || body.length !== 2) return false;
      if (body.charCodeAt(1)) finish(BROKER_REFUSED);
      connected = true;
    } else if (type === PUBACK) {
      if (body.length !== 2) return false;
      if (u16At(body, 0) === id) acknowledged = inFlight;
    } else if (type === PUBLISH) return inbound(header, body);
    else if (type === SUBACK) {
      if (body.length !== 3) return false;
      if (body.charCodeAt(2) > 127) refused = BROKER_REFUSED;
      subscribing = false;
    } else return false;
    // from a timer: the journal's and the encoder's calls would come on top of six of the UART's and ours
    s.timers.after(0, proceed);
    return true;
  });

  modem.open(
    s.host,
    s.port,
    (bytes) => {
      if (!over && !reader(bytes)) finish(BROKER_GARBLED);
    },
    () => finish(CONNECTION_LOST),
    (fault) => {
      if (fault) finish(fault);
      else send(connect(s) + (subscribing ? subscribe(s.commandTopic!, SUBSCRIPTION) : "") + take());
    },
  );
}
