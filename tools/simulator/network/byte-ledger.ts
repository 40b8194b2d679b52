/**
 * Where the bytes on the air come from, layer by layer and report by report. The radio says what it carried, the
 * connections above it say what that was: the layers must sum to what was carried.
 */
import { Decoder } from "cbor-x";
import mqttPacket from "mqtt-packet";
import { join, uncovered, type Span } from "../../receive/spans.ts";
import { readPacket, TYPES } from "../../receive/mqtt-sn/packets.ts";

/** From the inside out. */
export const layers = ["payload", "cbor", "seal", "mqtt", "other", "again", "ip", "lookups", "signalling"] as const;
export type Layer = (typeof layers)[number];

export const layerWords: Readonly<Record<Layer, string>> = {
  payload: "columns of readings; commands",
  cbor: "CBOR around them",
  seal: "COSE",
  mqtt: "MQTT or MQTT-SN",
  other: "streams that are neither, TLS for instance",
  again: "sent again: lost segments, messages without a confirmation",
  ip: "TCP/IP or UDP/IP heads, acknowledgements",
  lookups: "names and time",
  signalling: "attach, tracking updates, connection setup",
};

/** Bytes up and down. */
export interface Bytes {
  up: number;
  down: number;
}
export type ByLayer = Record<Layer, Bytes>;

/** What one packet carried. */
export interface Carried {
  /** The connection, the same object for all its packets. */
  readonly stream: object;
  readonly kind: "tcp" | "udp" | "lookup";
  readonly direction: keyof Bytes;
  /** Without the heads; a number where only the length is known. */
  readonly content: Uint8Array | number;
  /** It was on the air before. */
  readonly again?: boolean;
}

/** One connection with its lookups: a report, as a rule. Signalling is the modem's own affair and not in it. */
export interface Uplink {
  readonly atSeconds: number;
  readonly bytes: ByLayer;
}

export interface ByteReport {
  /** As the radio counted them. */
  readonly carried: Bytes;
  readonly byLayer: ByLayer;
  readonly uplinks: number;
  /** The last of them. */
  readonly last: readonly Uplink[];
}

export interface ByteLedger {
  /** The radio's own count of everything it carried. */
  aired(direction: keyof Bytes, bytes: number): void;
  signalling(direction: keyof Bytes, bytes: number): void;
  /** Heads of the packet that `packet` tells of next. */
  heads(direction: keyof Bytes, bytes: number): void;
  packet(carried: Carried): void;
  report(): ByteReport;
}

const KEPT_UPLINKS = 20;

const none = (): ByLayer => Object.fromEntries(layers.map((layer) => [layer, { up: 0, down: 0 }])) as ByLayer;
export const sumOf = (bytes: ByLayer, direction: keyof Bytes): number =>
  layers.reduce((sum, layer) => sum + bytes[layer][direction], 0);

const cbor = new Decoder({ useRecords: false, mapsAsObjects: false });

interface Batch {
  readonly journal: number;
  readonly span: Span;
  /** Of the codes and the columns. */
  readonly columns: number;
}

/** Undefined for anything but a batch of version 2 (lib/encode/telemetry.cddl). */
function readBatch(plain: Uint8Array): Batch | undefined {
  try {
    const items: unknown = cbor.decode(plain);
    if (!Array.isArray(items) || items[0] !== 2) return undefined;
    const [, journal, seq, , , , , count, codes, body] = items as number[];
    const columns = [codes, body].reduce<number>((sum, part) => sum + (part as unknown as Uint8Array).length, 0);
    return { journal: journal!, span: { first: seq!, end: seq! + count! }, columns };
  } catch {
    return undefined;
  }
}

/**
 * @param nowSeconds virtual time
 * @param open the inside of a sealed message; it may throw for what cannot be opened
 */
export function createByteLedger(nowSeconds: () => number, open: (message: Uint8Array) => Uint8Array): ByteLedger {
  const carried: Bytes = { up: 0, down: 0 };
  const total = none();
  const last: Uplink[] = [];
  let uplinks = 0;
  /** Heads of the packet under way, and lookups of a connection to come. */
  const pendingHeads: Bytes = { up: 0, down: 0 };
  let pendingLookups = none();
  const sent = new Map<number, readonly Span[]>();
  const streams = new WeakMap<object, { readonly uplink: Uplink; readonly parsers: Partial<Record<string, Reader>> }>();
  type Reader = (content: Uint8Array) => void;

  const streamOf = (stream: object) => {
    let known = streams.get(stream);
    if (!known) {
      known = { uplink: { atSeconds: nowSeconds(), bytes: pendingLookups }, parsers: {} };
      pendingLookups = none();
      streams.set(stream, known);
      uplinks++;
      last.push(known.uplink);
      if (last.length > KEPT_UPLINKS) last.shift();
    }
    return known;
  };

  function book(into: ByLayer, layer: Layer, direction: keyof Bytes, bytes: number): void {
    total[layer][direction] += bytes;
    into[layer][direction] += bytes;
  }

  /** A message was counted as MQTT when it came: its parts get their own layers. */
  function split(into: ByLayer, direction: keyof Bytes, message: Uint8Array): void {
    const move = (layer: Layer, bytes: number): void => {
      book(into, "mqtt", direction, -bytes);
      book(into, layer, direction, bytes);
    };
    let plain = message;
    try {
      plain = open(message);
    } catch {
      // under a key that nobody here has: all of it counts as payload
    }
    const batch = direction === "up" ? readBatch(plain) : undefined;
    if (batch && batch.span.end > batch.span.first) {
      const known = sent.get(batch.journal) ?? [];
      sent.set(batch.journal, join(known, batch.span));
      if (!uncovered(batch.span, known).length) return move("again", message.length);
    }
    const columns = batch ? batch.columns : plain.length;
    move("seal", message.length - plain.length);
    move("cbor", plain.length - columns);
    move("payload", columns);
  }

  /** Reads one direction of a stream; what is no MQTT from the first byte on is booked as other. */
  function mqttReader(into: ByLayer, direction: keyof Bytes): Reader {
    const parser = mqttPacket.parser();
    let failed = false;
    parser.on("packet", (packet) => {
      if (packet.cmd === "publish") split(into, direction, new Uint8Array(packet.payload as Buffer));
    });
    parser.on("error", () => (failed = true));
    return (content) => {
      if (!failed) {
        book(into, "mqtt", direction, content.length);
        parser.parse(Buffer.from(content));
        if (!failed) return;
        book(into, "mqtt", direction, -content.length);
      }
      book(into, "other", direction, content.length);
    };
  }

  function datagram(into: ByLayer, direction: keyof Bytes, content: Uint8Array): void {
    const packet = readPacket(content);
    if (!packet) return book(into, "other", direction, content.length);
    book(into, "mqtt", direction, content.length);
    if (packet.type !== TYPES.PUBLISH) return;
    if (packet.flags?.dup) {
      book(into, "mqtt", direction, -content.length);
      book(into, "again", direction, content.length);
    } else split(into, direction, packet.rest);
  }

  return {
    aired(direction, bytes) {
      carried[direction] += bytes;
    },
    signalling(direction, bytes) {
      total.signalling[direction] += bytes;
    },
    heads(direction, bytes) {
      total.ip[direction] += bytes;
      pendingHeads[direction] += bytes;
    },
    packet({ stream, kind, direction, content, again }) {
      const isLookup = kind === "lookup";
      const known = isLookup ? undefined : streamOf(stream);
      const into = known ? known.uplink.bytes : pendingLookups;
      into.ip.up += pendingHeads.up;
      into.ip.down += pendingHeads.down;
      pendingHeads.up = pendingHeads.down = 0;
      const length = typeof content === "number" ? content : content.length;
      if (again) return book(into, "again", direction, length);
      if (isLookup) return book(into, "lookups", direction, length);
      if (typeof content === "number" || !known) return book(into, "other", direction, length);
      if (!length) return;
      if (kind === "udp") return datagram(into, direction, content);
      (known.parsers[direction] ??= mqttReader(into, direction))(content);
    },
    report: () => ({ carried, byLayer: total, uplinks, last }),
  };
}
