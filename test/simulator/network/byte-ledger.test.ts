/** Bytes by layer: what each packet is booked as, and that nothing is booked twice or lost. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { beforeEach, describe, expect, it } from "vitest";
import { encodeBatch } from "../../../lib/encode/batch.ts";
import { readSealed, sealEncrypt0 } from "../../../tools/receive/cose.ts";
import { TYPES, writePacket } from "../../../tools/receive/mqtt-sn/packets.ts";
import { createByteLedger, layers, sumOf, type ByteLedger } from "../../../tools/simulator/network/byte-ledger.ts";

const KEY = new Uint8Array(16).fill(7);
const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const batch = (seq: number, count = 4): Uint8Array =>
  latin(
    encodeBatch({
      journal: 9,
      seq,
      offset: 1.7e9,
      age: 60,
      count,
      codes: "\x01",
      column: (index) => Int32Array.from({ length: count }, (_, i) => (index ? 400 + 7 * i : i * 600)),
      skipped: [],
    }),
  );
const mqtt = (packet: Packet): Uint8Array => new Uint8Array(mqttPacket.generate(packet));
const publish = (payload: Uint8Array): Uint8Array =>
  mqtt({ cmd: "publish", topic: "t", payload: Buffer.from(payload), qos: 1, messageId: 2, dup: false, retain: false });

let ledger: ByteLedger;
beforeEach(() => {
  ledger = createByteLedger(
    () => 5,
    (message) => (message[0] === 0xd0 ? readSealed(message).open(KEY) : message),
  );
});

/** What is booked, up and down, without what is not. */
function booked(): Record<string, readonly [up: number, down: number]> {
  const { byLayer } = ledger.report();
  return Object.fromEntries(
    layers.map((layer) => [layer, [byLayer[layer].up, byLayer[layer].down]] as const).filter(([, [up, down]]) => up || down), // prettier-ignore
  );
}

describe("a message over TCP", () => {
  it("is payload, CBOR, seal and MQTT, whatever chunks it comes in", () => {
    const plain = batch(0);
    const sealed = sealEncrypt0(KEY, 1, new Uint8Array(13), plain);
    const bytes = publish(sealed);
    for (const part of [bytes.subarray(0, 7), bytes.subarray(7, 30), bytes.subarray(30)])
      ledger.packet({ stream: ledger, kind: "tcp", direction: "up", content: part });
    const { payload, cbor, seal, mqtt: rest } = ledger.report().byLayer;
    expect([seal.up, rest.up]).toEqual([sealed.length - plain.length, bytes.length - sealed.length]);
    expect(payload.up + cbor.up).toBe(plain.length);
    // one column's code, and the byte string that ends the message
    expect(plain.at(-payload.up)).toBe(0x40 + payload.up - 1);
  });

  it("that nobody here can open is payload as a whole", () => {
    const sealed = sealEncrypt0(new Uint8Array(16), 1, new Uint8Array(13), batch(0));
    ledger.packet({ stream: ledger, kind: "tcp", direction: "up", content: publish(sealed) });
    expect(ledger.report().byLayer.payload.up).toBe(sealed.length);
  });

  it("counts as sent again when all its readings have been sent, not when one is new", () => {
    for (const [seq, count] of [
      [0, 4],
      [1, 3],
      [2, 4],
    ] as const)
      // prettier-ignore
      ledger.packet({ stream: ledger, kind: "tcp", direction: "up", content: publish(batch(seq, count)) });
    expect(ledger.report().byLayer.again.up).toBe(batch(1, 3).length);
  });

  it("and a command down, and heads, lookups, repeated segments, all go to their connection", () => {
    ledger.heads("up", 40);
    ledger.packet({ stream: {}, kind: "lookup", direction: "up", content: 60 });
    const first = {};
    ledger.heads("up", 40);
    ledger.packet({ stream: first, kind: "tcp", direction: "up", content: mqtt({ cmd: "pingreq" }) });
    ledger.heads("up", 40);
    ledger.packet({ stream: first, kind: "tcp", direction: "up", content: mqtt({ cmd: "pingreq" }), again: true });
    ledger.heads("down", 40);
    ledger.packet({ stream: first, kind: "tcp", direction: "down", content: publish(latin("{}")) });
    ledger.packet({ stream: {}, kind: "tcp", direction: "up", content: new Uint8Array(0) });
    expect(booked()).toEqual({ payload: [0, 2], mqtt: [2, 7], again: [2, 0], ip: [120, 40], lookups: [60, 0] });
    const { uplinks, last } = ledger.report();
    expect(uplinks).toBe(2);
    expect([sumOf(last[0]!.bytes, "up"), sumOf(last[0]!.bytes, "down"), sumOf(last[1]!.bytes, "up")]).toEqual([184, 49, 0]); // prettier-ignore
    expect(last[0]!.atSeconds).toBe(5);
  });
});

it("a stream that is no MQTT is booked as other", () => {
  for (const text of ["\x16\x03\x01\x00\x40", "hello"])
    ledger.packet({ stream: ledger, kind: "tcp", direction: "up", content: latin(text) });
  expect(booked()).toEqual({ other: [10, 0] });
});

it("MQTT-SN's datagrams split likewise, and those with DUP were sent before", () => {
  const rest = batch(0);
  const fields = { topicId: 17, id: 1, rest };
  const datagram = writePacket(TYPES.PUBLISH, { ...fields, flags: { qos: 1 } });
  const again = writePacket(TYPES.PUBLISH, { ...fields, flags: { qos: 1, dup: true } });
  for (const content of [datagram, again, latin("?")])
    ledger.packet({ stream: ledger, kind: "udp", direction: "up", content });
  const { payload, cbor, mqtt: rest7, again: repeated, other } = ledger.report().byLayer;
  expect(payload.up + cbor.up).toBe(rest.length);
  expect([rest7.up, repeated.up, other.up]).toEqual([7, again.length, 1]);
});
