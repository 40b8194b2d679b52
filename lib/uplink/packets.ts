/** MQTT 3.1.1 control packets (OASIS mqtt-v3.1.1, sections 2 and 3), as far as a publishing client needs them. */
const bytesOf = String.fromCharCode;

export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const SUBACK = 9;

export interface Connect {
  readonly clientId: string;
  readonly user?: string | undefined;
  /** Only together with `user`. */
  readonly password?: string | undefined;
  /** 0 = the broker never gives up on a silent client. */
  readonly keepAliveSeconds: number;
  /** Section 3.1.2.3, without those of user and password: `CLEAN`, and what `will` needs (mqtt-with.ts). */
  readonly flags: number;
  /** Topic and payload of the last will, each as `text`. */
  readonly will?: string | undefined;
}

/** The broker forgets the session when the connection ends. */
export const CLEAN = 2;

export function u16(value: number): string {
  return bytesOf(value >> 8, value & 255);
}

export function text(value: string): string {
  return u16(value.length) + value;
}

/** @param header type << 4 | flags */
export function packet(header: number, body: string): string {
  let out = bytesOf(header);
  let length = body.length;
  while (length > 127) {
    out += bytesOf((length & 127) | 128);
    length >>= 7;
  }
  return out + bytesOf(length) + body;
}

export function connect(o: Connect): string {
  let flags = o.flags;
  let payload = text(o.clientId) + (o.will || "");
  if (o.user) {
    flags |= 0x80;
    payload += text(o.user);
    if (o.password) {
      flags |= 0x40;
      payload += text(o.password);
    }
  }
  return packet(0x10, text("MQTT") + bytesOf(4, flags) + u16(o.keepAliveSeconds) + payload);
}

/** QoS 1, not retained. */
export function publish(topic: string, payload: string, id: number): string {
  return packet(0x32, text(topic) + u16(id) + payload);
}

/** One topic filter, QoS 1. */
export function subscribe(filter: string, id: number): string {
  return packet(0x82, u16(id) + text(filter) + "\x01");
}

export function puback(id: number): string {
  return packet(0x40, u16(id));
}

export const DISCONNECT = "\xe0\0";

/** Two bytes of a packet's body, most significant first; NaN-free: 0 where the body is too short. */
export function u16At(body: string, at: number): number {
  return (body.charCodeAt(at) << 8) | body.charCodeAt(at + 1);
}

/**
 * Cuts a stream of any chunks into packets. A PUBLISH longer than `limit` is passed over, so that one oversized retained
 * message cannot keep a node from reporting; any other long packet is malformed.
 * @param got header byte and body of a packet; false = malformed
 * @returns takes the next chunk; false = malformed, and so is everything after it
 */
export function packetReader(
  limit: number,
  got: (header: number, body: string) => boolean,
): (chunk: string) => boolean {
  let buffer = "";
  let skip = 0;
  return (chunk) => {
    buffer += chunk;
    for (;;) {
      if (skip) {
        const passed = Math.min(skip, buffer.length);
        skip -= passed;
        buffer = buffer.slice(passed);
      }
      let length = 0;
      let at = 1;
      let byte = 128;
      for (; byte > 127; at++) {
        if (at > 4) return false;
        if (at >= buffer.length) return true;
        byte = buffer.charCodeAt(at);
        length |= (byte & 127) << (7 * at - 7);
      }
      const header = buffer.charCodeAt(0);
      if (length > limit) {
        if (header >> 4 !== PUBLISH) return false;
        skip = at + length;
      } else {
        if (buffer.length < at + length) return true;
        const body = buffer.substr(at, length);
        buffer = buffer.slice(at + length);
        if (!got(header, body)) return false;
      }
    }
  };
}
