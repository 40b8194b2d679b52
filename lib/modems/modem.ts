import type { Done } from "../platform/ports.ts";

/** Timers as in `lib/platform/espruino.ts`; unit tests hand in a virtual clock. */
export interface Timers {
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
}

/** What every modem family offers to the uplink. One object lives for one wake; deep sleep drops it. */
export interface Modem {
  /** Wakes or powers the modem and waits until it is registered. Calls `done` exactly once. */
  up(done: Done): void;
  /** Unix time in seconds that the network told, or 0 while unknown. Read at the end of `up`: it does not count on. */
  time(): number;
  /**
   * Opens a TCP connection, or a UDP socket towards that host: then each `send` of up to 512 bytes is one datagram, and
   * each call of `received` one. `closed` is called at most once, when the far end or the network ends it.
   */
  open(
    host: string,
    port: number,
    received: (bytes: string) => void,
    closed: () => void,
    done: Done,
    udp?: boolean,
  ): void;
  /** Sends bytes (any length), after those of earlier calls; `done` when the modem has accepted them all. */
  send(bytes: string, done: Done): void;
  /**
   * Closes the connection and lets the modem fall into its lowest state (PSM, else off). Works in every state:
   * what was under way is given up, and its callbacks are not called any more.
   */
  down(done: Done): void;
  /** Its own MQTT client, where the firmware chose that (own-mqtt.ts). */
  readonly mqtt?: OwnMqtt;
}

/** Whom a modem's own MQTT client connects to, and as whom. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly keepAliveSeconds: number;
}

/** MQTT 3.1.1 inside the modem, one session per wake; `down` ends it. */
export interface OwnMqtt {
  /** Bytes per message. */
  readonly longest: number;
  /** `done` gets 0, NO_ROUTE or BROKER_REFUSED. */
  connect(broker: Broker, done: Done): void;
  /** QoS 1: `done` gets 0 when the broker has confirmed, else CONNECTION_LOST. */
  publish(topic: string, payload: string, done: Done): void;
}

/** The device's own settings, written beside the bundle when the board is flashed. */
export type Settings = Readonly<Record<string, string | number>>;

/** How a firmware author's modem declaration becomes a driver at run time, given the device's settings (`apn`). */
export interface ModemFactory {
  (settings: Settings): Modem;
}
