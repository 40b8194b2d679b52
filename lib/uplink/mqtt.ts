/**
 * One MQTT session per wake: connect, publish everything that waits (stop and wait, QoS 1), disconnect.
 * CONNECT and the first PUBLISH leave together without waiting for CONNACK (MQTT 3.1.1 section 3.1.4 allows it):
 * that spares a round trip, and over NB-IoT a round trip is seconds of the radio's current.
 */
import { BROKER_GARBLED, BROKER_REFUSED, BROKER_SILENT, CONNECTION_LOST } from "../faults.ts";
import type { Modem, Timers } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import type { Done } from "../platform/ports.ts";
import { CONNACK, connect, DISCONNECT, packetReader, PUBACK, publish, u16At, type Connect } from "./packets.ts";

/** Longest packet taken in: a command, not a download. */
const LONGEST = 1024;

/** Packet ids up to this are the inlet's. */
const RESERVED = 1;

/** What a session takes from the broker beside its answers (commands.ts). */
export interface Inlet {
  readonly topic: string;
  /** The subscription; it leaves with CONNECT. */
  readonly hello: string;
  /** Unseals what arrives: "" for what only somebody else can have sent. Without it everything is taken as it comes. */
  open?: (message: string) => string;
  /** Keeps a packet for `work`. False = malformed. */
  packet(header: number, body: string): boolean;
  /** Deals with what was kept, from a timer. Returns what goes back to the broker at once, or "". */
  work(): string;
  /** Nothing is left to publish: milliseconds to wait for more, 0 = for an answer that is still due. */
  lingerMs: number;
  /** How the session ends when everything else went well. */
  fault: number;
}

export interface Session extends Connect {
  readonly modem: Modem;
  readonly timers: Timers;
  readonly host: string;
  readonly port: number;
  readonly topic: string;
  readonly outbox: Outbox;
  /** Longest wait for any one answer of the broker. */
  readonly answerMs: number;
  /** Called exactly once, at the latest `answerMs` after the last progress. The modem is still up then. */
  done: Done;
}

/** Runs one session over a modem that is up. What is not confirmed stays where it is, for a later session. */
export function runSession(s: Session): void {
  const modem = s.modem;
  const outbox = s.outbox;
  const inlet = outbox.inlet;
  let connected = false;
  let over = false;
  let id = RESERVED;
  let inFlight = false;
  let acknowledged = false;
  let timer = 0;

  const finish = (fault: number) => {
    if (over) return;
    over = true;
    s.timers.cancel(timer);
    if (fault) s.done(fault);
    else modem.send(DISCONNECT, () => s.done(0));
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
    const payload = outbox.next();
    inFlight = !!payload;
    return payload && publish(s.topic, payload, ++id);
  };

  const proceed = () => {
    if (over) return;
    if (acknowledged) {
      acknowledged = inFlight = false;
      outbox.confirmed();
    }
    const reply = inlet && inlet.work();
    if (reply) modem.send(reply, () => {});
    if (inFlight) return;
    const bytes = take();
    if (bytes) send(bytes);
    else if (!inlet) finish(0);
    else if (inlet.lingerMs) {
      s.timers.cancel(timer);
      timer = s.timers.after(inlet.lingerMs, () => finish(inlet.fault));
    }
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
    } else if (!inlet || !inlet.packet(header, body)) return false;
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
      else send(connect(s) + (inlet ? inlet.hello : "") + take());
    },
  );
}
