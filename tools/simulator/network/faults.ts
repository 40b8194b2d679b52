/**
 * What can be wrong with a broker, laid over any server: "down" (refuses connections), "silent" (accepts and never
 * answers), "reject" (CONNACK 5, not authorised), "drop-puback" (stores, and loses the confirmation).
 */
import type { Server, ServerEvents } from "./server.ts";

const connackNotAuthorised = Uint8Array.of(0x20, 0x02, 0x00, 0x05);
const puback = 4;

/** `fault` tells whether the named fault is on now. */
export function withFaults(server: Server, fault: (name: string) => boolean): Server {
  return {
    get busy() {
      return server.busy;
    },
    settled: () => server.settled(),
    close: () => server.close(),
    datagram(host, port, bytes, reply) {
      if (!fault("down") && !fault("silent")) server.datagram?.(host, port, bytes, reply);
    },
    connect(host, port, events) {
      if (fault("down")) return undefined;
      if (fault("silent")) return { write: () => undefined, end: () => undefined };
      if (fault("reject")) return rejecting(events);
      const connection = server.connect(host, port, {
        data(bytes) {
          const left = fault("drop-puback") ? withoutPubacks(bytes) : bytes;
          if (left.length) events.data(left);
        },
        closed: () => events.closed(),
      });
      if (!connection) return undefined;
      return {
        write(bytes) {
          if (!fault("silent")) connection.write(bytes);
        },
        end: () => connection.end(),
      };
    },
  };
}

function rejecting(events: ServerEvents) {
  let answered = false;
  return {
    write() {
      if (answered) return;
      answered = true;
      events.data(connackNotAuthorised);
      events.closed();
    },
    end: () => undefined,
  };
}

/** Brokers write whole packets, so a chunk is a sequence of packets; a PUBACK is always four bytes. */
function withoutPubacks(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    let header = 1;
    for (let shift = 0; shift < 28; shift += 7) {
      const digit = bytes[at + header++] ?? 0;
      length |= (digit & 127) << shift;
      if (digit < 128) break;
    }
    const end = Math.min(at + header + length, bytes.length);
    if (bytes[at]! >> 4 !== puback) kept.push(...bytes.subarray(at, end));
    at = end;
  }
  return Uint8Array.from(kept);
}
