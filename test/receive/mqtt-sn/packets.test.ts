/** MQTT-SN 1.2 messages byte for byte: the vectors are those of Eclipse Paho's encoder. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPacket, TYPES, writePacket } from "../../../tools/receive/mqtt-sn/packets.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const text = (content: string) => new Uint8Array(Buffer.from(content));
type Fields = Parameters<typeof writePacket>[1];

const vectors: [name: string, type: number, fields: Fields, hex: string][] = [
  ["CONNECT, clean, 60 s", TYPES.CONNECT, { flags: { clean: true }, duration: 60, rest: text("dev1") }, "0a 04 04 01 003c 64657631"], // prettier-ignore
  ["CONNECT with a will", TYPES.CONNECT, { flags: { clean: true, will: true }, duration: 60, rest: text("dev1") }, "0a 04 0c 01 003c 64657631"], // prettier-ignore
  ["CONNACK", TYPES.CONNACK, { code: 0 }, "03 05 00"],
  ["REGISTER", TYPES.REGISTER, { topicId: 0, id: 1, rest: text("a/b") }, "09 0a 0000 0001 612f62"],
  ["REGACK", TYPES.REGACK, { topicId: 5, id: 1, code: 0 }, "07 0b 0005 0001 00"],
  ["PUBLISH, QoS 0", TYPES.PUBLISH, { topicId: 5, id: 0, rest: text("hi") }, "09 0c 00 0005 0000 6869"],
  ["PUBLISH, QoS 1, retained", TYPES.PUBLISH, { flags: { qos: 1, retain: true }, topicId: 5, id: 7, rest: text("hi") }, "09 0c 30 0005 0007 6869"], // prettier-ignore
  ["PUBLISH, QoS -1, short topic", TYPES.PUBLISH, { flags: { qos: -1, topicType: 2 }, topicId: 0x6162, rest: text("hi") }, "09 0c 62 6162 0000 6869"], // prettier-ignore
  ["PUBLISH, QoS -1, predefined", TYPES.PUBLISH, { flags: { qos: -1, topicType: 1 }, topicId: 1, rest: text("hi") }, "09 0c 61 0001 0000 6869"], // prettier-ignore
  ["PUBLISH, 249 bytes", TYPES.PUBLISH, { topicId: 5, rest: new Uint8Array(249) }, `01 0102 0c 00 0005 0000 ${"00".repeat(249)}`], // prettier-ignore
  ["PUBACK", TYPES.PUBACK, { topicId: 5, id: 7, code: 0 }, "07 0d 0005 0007 00"],
  ["PUBACK, invalid topic", TYPES.PUBACK, { topicId: 5, id: 7, code: 2 }, "07 0d 0005 0007 02"],
  ["SUBSCRIBE, QoS 1", TYPES.SUBSCRIBE, { flags: { qos: 1 }, id: 9, rest: text("a/#") }, "08 12 20 0009 612f23"],
  ["SUBACK", TYPES.SUBACK, { flags: { qos: 1 }, topicId: 0, id: 9, code: 0 }, "08 13 20 0000 0009 00"],
  ["UNSUBSCRIBE", TYPES.UNSUBSCRIBE, { id: 10, rest: text("a/#") }, "08 14 00 000a 612f23"],
  ["UNSUBACK", TYPES.UNSUBACK, { id: 10 }, "04 15 000a"],
  ["PINGREQ", TYPES.PINGREQ, {}, "02 16"],
  ["PINGREQ of a sleeping client", TYPES.PINGREQ, { rest: text("dev1") }, "06 16 64657631"],
  ["PINGRESP", TYPES.PINGRESP, {}, "02 17"],
  ["DISCONNECT", TYPES.DISCONNECT, {}, "02 18"],
  ["DISCONNECT for 300 s", TYPES.DISCONNECT, { rest: bytes("012c") }, "04 18 012c"],
  ["SEARCHGW", TYPES.SEARCHGW, { code: 1 }, "03 01 01"],
  ["GWINFO", TYPES.GWINFO, {}, "03 02 01"],
];

describe("an MQTT-SN message", () => {
  test.each(vectors)("%s is written as Paho writes it, and read back", (_, type, fields, hex) => {
    expect(Buffer.from(writePacket(type, fields)).toString("hex")).toBe(hex.replaceAll(" ", ""));
    const packet = readPacket(bytes(hex));
    expect(packet?.type).toBe(type);
    for (const field of ["topicId", "id", "code", "duration"] as const)
      if (fields?.[field] !== undefined) expect(packet?.[field]).toBe(fields[field]);
    if (fields?.flags) expect(packet?.flags).toMatchObject(fields.flags);
    if (fields?.rest) expect(packet?.rest).toEqual(fields.rest);
  });

  test.each([
    ["nothing", ""],
    ["a length alone", "02"],
    ["a length beyond the datagram", "09 0c 00"],
    ["bytes behind the message", "02 16 00"],
    ["an unknown type", "02 7f"],
    ["a header cut short", "05 0c 00 00 05"],
    ["another protocol", "0a 04 04 02 003c 64657631"],
  ])("is refused: %s", (_, hex) => expect(readPacket(bytes(hex))).toBeUndefined());

  test("of random bytes is refused or read, never more, 20,000 times", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (datagram) => {
        const packet = readPacket(datagram);
        expect(packet === undefined || packet.rest.length < datagram.length).toBe(true);
      }),
      { numRuns: 20000 },
    );
  });
});
