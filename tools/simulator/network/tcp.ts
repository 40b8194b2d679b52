/**
 * One TCP connection of the device: its byte stream over the radio to a server and back, with retransmission while the
 * radio loses packets. Bytes arrive in order and once, or the connection ends.
 */
import type { Clock } from "../clock.ts";
import type { Carried } from "./byte-ledger.ts";
import type { Server, ServerConnection } from "./server.ts";

/** The radio under the connection: carries packets one way, and says after a while whether each arrived. */
export interface Bearer {
  /** False when nothing could go out at all. */
  uplink(payloadBytes: number, done: (arrived: boolean) => void): boolean;
  downlink(payloadBytes: number, done: (arrived: boolean) => void): boolean;
  /** Told at once what each packet was that did go out. */
  carried?(packet: Carried): void;
}

/** `refused`: nothing listens there; `reset` and `closed`: by the far end; `aborted`: too many retransmissions. */
export type TcpEnd = "refused" | "reset" | "closed" | "aborted";

export interface TcpEvents {
  connected(): void;
  data(bytes: Uint8Array): void;
  /** `bytes` more of the device have been acknowledged. */
  acknowledged(bytes: number): void;
  ended(reason: TcpEnd): void;
}

export interface TcpConnection {
  send(bytes: Uint8Array): void;
  /** Sent and not yet acknowledged. */
  readonly unacknowledgedBytes: number;
  /** Closes from the device's side; no event follows. */
  close(): void;
  /** The device forgets the connection (reset, power off): nothing is sent, the server notices nothing for now. */
  drop(): void;
}

export interface TcpOptions {
  readonly clock: Clock;
  readonly bearer: Bearer;
  readonly server: Server;
  readonly host: string;
  readonly port: number;
  /** The operator's address translation forgets a connection after so long without a packet. */
  readonly natSeconds?: number;
  readonly events: TcpEvents;
}

// Retransmission as in lwIP, which NB-IoT modems of this class run (memory): 3 s doubling to 60 s, 6 SYNs, 12 data.
const firstTimeoutUs = 3e6;
const longestTimeoutUs = 60e6;
const synAttempts = 6;
const dataAttempts = 12;

export function openTcp({
  clock,
  bearer,
  server,
  host,
  port,
  natSeconds = Infinity,
  events,
}: TcpOptions): TcpConnection {
  let connection: ServerConnection | undefined;
  let over = false;
  let unacknowledgedBytes = 0;
  let lastPacketUs = clock.nowUs;
  const up: { bytes: Uint8Array; arrived: () => void; again?: boolean }[] = [];
  const down: typeof up = [];

  /** Sends the head of a queue until it arrives, then the next one. */
  function pump(queue: typeof up, carry: Bearer["uplink"], attempts: number, timeoutUs = firstTimeoutUs): void {
    const head = queue[0];
    if (!head) return;
    // A packet keeps the way open; one that comes too late finds it gone, and so do all that follow.
    const isOpen = clock.nowUs - lastPacketUs <= natSeconds * 1e6;
    if (isOpen) lastPacketUs = clock.nowUs;
    const went = carry(head.bytes.length, (came) => {
      if (queue[0] !== head) return;
      const arrived = came && isOpen;
      if (arrived) {
        queue.shift();
        head.arrived();
        pump(queue, carry, dataAttempts);
      } else if (attempts > 1) {
        clock.after(timeoutUs, () => {
          if (queue[0] === head) pump(queue, carry, attempts - 1, Math.min(2 * timeoutUs, longestTimeoutUs));
        });
      } else {
        connection?.end();
        finish("aborted");
      }
    });
    if (!went) return;
    const direction = queue === up ? "up" : "down";
    bearer.carried?.({ stream: up, kind: "tcp", direction, content: head.bytes, again: head.again ?? false });
    head.again = true;
  }

  function enqueue(
    queue: typeof up,
    carry: Bearer["uplink"],
    bytes: Uint8Array,
    arrived: () => void,
    attempts: number,
  ) {
    queue.push({ bytes, arrived });
    if (queue.length === 1) pump(queue, carry, attempts);
  }

  const toServer = (bytes: Uint8Array, arrived: () => void, attempts = dataAttempts) =>
    enqueue(up, (size, done) => bearer.uplink(size, done), bytes, arrived, attempts);
  const toDevice = (bytes: Uint8Array, arrived: () => void) =>
    enqueue(down, (size, done) => bearer.downlink(size, done), bytes, arrived, dataAttempts);

  function forget(): void {
    over = true;
    up.length = 0;
    down.length = 0;
  }

  function finish(reason: TcpEnd): void {
    if (over) return;
    forget();
    events.ended(reason);
  }

  const empty = new Uint8Array(0);
  toServer(
    empty,
    () => {
      connection = server.connect(host, port, {
        data(bytes) {
          if (!over) toDevice(bytes, () => events.data(bytes));
        },
        closed() {
          if (!over) toDevice(empty, () => finish("closed"));
        },
      });
      if (connection) toDevice(empty, () => events.connected());
      else toDevice(empty, () => finish("refused"));
    },
    synAttempts,
  );

  return {
    get unacknowledgedBytes() {
      return unacknowledgedBytes;
    },
    send(bytes) {
      if (over) return;
      unacknowledgedBytes += bytes.length;
      toServer(bytes, () => {
        unacknowledgedBytes -= bytes.length;
        connection?.write(bytes);
        events.acknowledged(bytes.length);
      });
    },
    close() {
      if (over) return;
      over = true;
      down.length = 0;
      toServer(empty, () => {
        connection?.end();
        // the far end's own FIN and its acknowledgement: what release assistance waits for
        bearer.downlink(0, () => undefined);
      });
    },
    drop: forget,
  };
}
