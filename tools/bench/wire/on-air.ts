/** IP packets of one session, both ways, as they leave the modem and come to it: nothing lost, acknowledgements included. */
import { CLEAN, connect, DISCONNECT, publish } from "../../../lib/uplink/packets.ts";

/** IPv4 and TCP without options; IPv4 and UDP. RFC 791, 9293, 768. */
const TCP = 40;
const UDP = 28;
/** Payload of a segment, of a datagram that every modem sends. */
const SEGMENT = 1360;
export const DATAGRAM = 512;

const TOPIC = "cold-chain/truck-17/telemetry";
const CONNACK = 4;
const PUBACK = 4;

/** AES-CCM in COSE_Encrypt0 as lib/seal writes it: tags, headers, key number, IV, length and authentication tag. */
export const sealBytes = (payload: number): number =>
  payload + 8 > 255 ? 27 + 3 + 8 : payload + 8 > 23 ? 27 + 2 + 8 : 27 + 1 + 8;

export interface OnAir {
  readonly up: number;
  readonly down: number;
  /** Of them: the protocol of messages without their payload, and the headers below it. */
  readonly mqtt: number;
  readonly ip: number;
}

const sum = (...bytes: number[]): number => bytes.reduce((all, one) => all + one, 0);

/** Connect, publish each payload with QoS 1, disconnect: MQTT 3.1.1 in a TCP connection of its own. */
export function overMqtt(payloads: readonly number[]): OnAir {
  const greeting = connect({ clientId: "truck-17", keepAliveSeconds: 60, flags: CLEAN }).length;
  const packets = payloads.map((payload) => publish(TOPIC, " ".repeat(payload), 1).length);
  // the first message leaves with CONNECT; each later one carries the acknowledgement of the PUBACK before it
  const flights = packets.map((packet, i) => packet + (i ? 0 : greeting));
  const segments = flights.reduce((all, flight) => all + Math.ceil(flight / SEGMENT), 0);
  const up = { ip: TCP * (2 + segments + 1 + 1 + 1 + 1), mqtt: sum(...flights) + DISCONNECT.length };
  const down = { ip: TCP * (1 + 1 + payloads.length + 1), mqtt: CONNACK + PUBACK * payloads.length };
  return {
    up: up.ip + up.mqtt,
    down: down.ip + down.mqtt,
    mqtt: up.mqtt + down.mqtt - sum(...payloads),
    ip: up.ip + down.ip,
  };
}

/** Payloads of datagrams: what is longer than one leaves as several messages. */
const LONGEST = DATAGRAM - 9;
const pieces = (payload: number): number[] => (payload > LONGEST ? [LONGEST, ...pieces(payload - LONGEST)] : [payload]);

/** The same over MQTT-SN 1.2: CONNECT, PUBLISH with a predefined topic, DISCONNECT, each answered; QoS -1 is PUBLISH alone. */
export function overMqttSn(payloads: readonly number[], qos: -1 | 1): OnAir {
  const messages = payloads.flatMap(pieces).map((piece) => piece + (piece > 248 ? 9 : 7));
  const [connecting, disconnect, connack, puback] = [6 + 8, 2, 3, 7];
  const upward = qos === 1 ? [connecting, ...messages, disconnect] : messages;
  const downward = qos === 1 ? [connack, ...messages.map(() => puback), disconnect] : [];
  const up = sum(...upward) + UDP * upward.length;
  const down = sum(...downward) + UDP * downward.length;
  const ip = UDP * (upward.length + downward.length);
  return { up, down, ip, mqtt: up + down - ip - sum(...payloads) };
}
