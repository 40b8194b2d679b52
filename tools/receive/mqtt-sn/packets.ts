/** MQTT-SN 1.2 messages (section 5), written from the specification; shares no code with lib/uplink/mqtt-sn.ts. */

export const TYPES = {
  ADVERTISE: 0x00,
  SEARCHGW: 0x01,
  GWINFO: 0x02,
  CONNECT: 0x04,
  CONNACK: 0x05,
  REGISTER: 0x0a,
  REGACK: 0x0b,
  PUBLISH: 0x0c,
  PUBACK: 0x0d,
  SUBSCRIBE: 0x12,
  SUBACK: 0x13,
  UNSUBSCRIBE: 0x14,
  UNSUBACK: 0x15,
  PINGREQ: 0x16,
  PINGRESP: 0x17,
  DISCONNECT: 0x18,
} as const;

export const ACCEPTED = 0;
export const INVALID_TOPIC = 2;
export const NOT_SUPPORTED = 3;

export const TOPIC_NORMAL = 0;
export const TOPIC_PREDEFINED = 1;

export interface Flags {
  readonly dup: boolean;
  readonly qos: -1 | 0 | 1 | 2;
  readonly retain: boolean;
  readonly will: boolean;
  readonly clean: boolean;
  /** 0 an id given by REGISTER (in SUBSCRIBE: a name), 1 predefined, 2 two characters. */
  readonly topicType: number;
}

export interface Packet {
  readonly type: number;
  readonly flags?: Flags;
  readonly duration?: number;
  readonly topicId?: number;
  readonly id?: number;
  readonly code?: number;
  /** Client id, topic name or payload: what ends the message. */
  readonly rest: Uint8Array;
}

/** Fields between the type and the rest, in order (sections 5.4.1 to 5.4.21). */
type Field = "flags" | "protocol" | "duration" | "topicId" | "id" | "code" | "gateway";
const layouts: Readonly<Record<number, readonly Field[]>> = {
  [TYPES.SEARCHGW]: ["code"],
  [TYPES.GWINFO]: ["gateway"],
  [TYPES.CONNECT]: ["flags", "protocol", "duration"],
  [TYPES.CONNACK]: ["code"],
  [TYPES.REGISTER]: ["topicId", "id"],
  [TYPES.REGACK]: ["topicId", "id", "code"],
  [TYPES.PUBLISH]: ["flags", "topicId", "id"],
  [TYPES.PUBACK]: ["topicId", "id", "code"],
  [TYPES.SUBSCRIBE]: ["flags", "id"],
  [TYPES.SUBACK]: ["flags", "topicId", "id", "code"],
  [TYPES.UNSUBSCRIBE]: ["flags", "id"],
  [TYPES.UNSUBACK]: ["id"],
  [TYPES.PINGREQ]: [],
  [TYPES.PINGRESP]: [],
  [TYPES.DISCONNECT]: [],
};
const sizes: Readonly<Record<Field, number>> = { flags: 1, protocol: 1, duration: 2, topicId: 2, id: 2, code: 1, gateway: 1 }; // prettier-ignore
const PROTOCOL = 1;

const readFlags = (byte: number): Flags => ({
  dup: (byte & 0x80) !== 0,
  qos: ([0, 1, 2, -1] as const)[(byte >> 5) & 3]!,
  retain: (byte & 0x10) !== 0,
  will: (byte & 0x08) !== 0,
  clean: (byte & 0x04) !== 0,
  topicType: byte & 3,
});

const flagByte = ({ dup, qos, retain, will, clean, topicType }: Partial<Flags>): number =>
  (dup ? 0x80 : 0) |
  (((qos ?? 0) & 3) << 5) |
  (retain ? 0x10 : 0) |
  (will ? 0x08 : 0) |
  (clean ? 0x04 : 0) |
  (topicType ?? 0);

/** One datagram as a message, or undefined when it is none that a client or gateway of these types sends. */
export function readPacket(datagram: Uint8Array): Packet | undefined {
  const bytes = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  if (bytes.length < 2) return undefined;
  const isLong = bytes[0] === 1;
  if (isLong && bytes.length < 4) return undefined;
  const length = isLong ? bytes.readUInt16BE(1) : bytes[0]!;
  if (length !== bytes.length) return undefined;
  let at = isLong ? 3 : 1;
  const type = bytes[at++]!;
  const layout = layouts[type];
  if (!layout) return undefined;
  const packet: Record<string, unknown> = { type };
  for (const field of layout) {
    const size = sizes[field];
    if (at + size > bytes.length) return undefined;
    const value = bytes.readUIntBE(at, size);
    at += size;
    if (field === "protocol" && value !== PROTOCOL) return undefined;
    packet[field] = field === "flags" ? readFlags(value) : value;
  }
  packet["rest"] = new Uint8Array(bytes.subarray(at));
  return packet as unknown as Packet;
}

export function writePacket(
  type: number,
  fields: Partial<Omit<Packet, "flags">> & { flags?: Partial<Flags> } = {},
): Uint8Array {
  const body = (layouts[type] ?? []).map((field) => {
    const bytes = Buffer.alloc(sizes[field]);
    const value = field === "flags" ? flagByte(fields.flags ?? {}) : field === "protocol" ? PROTOCOL : field === "gateway" ? 1 : (fields[field] ?? 0); // prettier-ignore
    bytes.writeUIntBE(value, 0, bytes.length);
    return bytes;
  });
  const content = Buffer.concat([Buffer.from([type]), ...body, fields.rest ?? Buffer.alloc(0)]);
  const length = content.length + 1;
  if (length < 256) return new Uint8Array(Buffer.concat([Buffer.from([length]), content]));
  const head = Buffer.from([1, 0, 0]);
  head.writeUInt16BE(length + 2, 1);
  return new Uint8Array(Buffer.concat([head, content]));
}
