/**
 * The far end of the device's TCP connections: real I/O (a broker, in this process or elsewhere) or a sink that answers
 * at once. Virtual time stands still while a server is busy.
 */
export interface ServerConnection {
  /** Bytes of the device that the network has delivered. */
  write(bytes: Uint8Array): void;
  /** The device closed the connection, or the network dropped it. */
  end(): void;
}

export interface ServerEvents {
  data(bytes: Uint8Array): void;
  closed(): void;
}

export interface Server {
  /** Undefined when nothing listens at that host and port. */
  connect(host: string, port: number, events: ServerEvents): ServerConnection | undefined;
  /** A datagram that the network has delivered; `reply` sends one back, now or later. Absent: nobody hears it. */
  datagram?(host: string, port: number, bytes: Uint8Array, reply: (bytes: Uint8Array) => void): void;
  /** True while an answer is awaited from real I/O. */
  readonly busy: boolean;
  /** Resolves when no answer is awaited any more (or the real time limit for one has passed). */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** One message that reached the broker. `atUs` is virtual time. */
export interface Received {
  readonly atUs: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
}
