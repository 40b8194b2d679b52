/**
 * The chip's own Wi-Fi as a station: how long it takes to an access point and to an address, what the radio draws meanwhile,
 * and what it carries to a server. Written from the chips' data sheets and ESP-IDF's documentation.
 */
import type { Chip, Figure } from "../../../boards/types.ts";
import type { Alarm, Clock } from "../clock.ts";
import type { Meter } from "../energy/ledger.ts";
import type { Random } from "../hardware.ts";
import { figure } from "./profiles.ts";
import { openTcp, type TcpConnection, type TcpEvents } from "./tcp.ts";
import type { Server } from "./server.ts";

/** What a scenario says of the access point. */
export interface AccessPoint {
  readonly ssid: string;
  /** "" = open. */
  readonly passphrase: string;
  /** To the broker and back. Default 40 ms. */
  readonly roundTripMs?: number;
}

const sheet = (chip: string, table: string): string => `${chip} data sheet, ${table}`;
/** The whole chip, with its processor idle. 802.11g: what most packets to a near access point go out by. */
export const wifiFigures: Readonly<Record<Chip, { readonly transmit: Figure; readonly receive: Figure }>> = {
  esp32: {
    transmit: figure(190, "datasheet", sheet("ESP32", "table 4-4, 802.11g 16 dBm, at 50 % duty")),
    receive: figure(97.5, "datasheet", sheet("ESP32", "table 4-4, 95 to 100 mA")),
  },
  esp32c3: {
    transmit: figure(285, "datasheet", sheet("ESP32-C3", "802.11g 19 dBm, peak")),
    receive: figure(84, "datasheet", sheet("ESP32-C3", "HT20")),
  },
  esp32s3: {
    transmit: figure(291, "datasheet", sheet("ESP32-S3", "802.11g 19 dBm, peak")),
    receive: figure(88, "datasheet", sheet("ESP32-S3", "HT20")),
  },
};

/** What the radio's driver takes of the heap (EspruinoDocs, `ESP32.enableWifi(false)`: some 3,900 variables more). */
export const WIFI_JS_VARS = 3900;
/** What its start adds to every boot. */
export const WIFI_BOOT_MS = figure(200, "inferred", "esp_wifi_init and esp_wifi_start in jshInit: 100 to 300 ms");

const CHANNELS = 13;
export const wifiTimes = {
  scanMsPerChannel: figure(120, "reported", "ESP-IDF esp_wifi.h, default of an active scan: up to 120 ms a channel"),
  associateMs: figure(130, "inferred", "authentication, association and four-way handshake"),
  addressMs: figure(1100, "inferred", "DHCP's four messages, and lwIP's ARP check of the offered address"),
  wrongPassphraseMs: figure(
    4000,
    "inferred",
    "the access point repeats the handshake's first message before it gives up",
  ),
  /** 3 ms awake for each beacon, every 102.4 ms (IEEE 802.11): ESP-IDF's default power saving in station mode. */
  listeningShare: figure(0.03, "inferred", "ESP8266EX data sheet table 3-4: 3 ms for a beacon; here at each"),
  packetMs: figure(1, "inferred", "contention, preamble and acknowledgement at 6 Mbit/s"),
} as const;
const BITS_PER_US = 6;
/** MAC header, LLC and CRC. */
const FRAME_BYTES = 36;
const HEAD_BYTES = { tcp: 40, udp: 28 };
/** Espruino's names (wifiReasonToString in jswrap_esp32_network.c). */
type Refusal = "NO_AP_FOUND" | "4WAY_HANDSHAKE_TIMEOUT";

export interface WifiRadio {
  readonly joined: boolean;
  /** `done` gets nothing once there is an address. A new call ends an older one, which is not told. */
  join(ssid: string, passphrase: string, done: (why?: Refusal) => void): void;
  /** The radio is off; connections are forgotten. */
  leave(): void;
  connect(host: string, port: number, events: TcpEvents): TcpConnection;
  datagram(host: string, port: number, bytes: Uint8Array, reply: (bytes: Uint8Array) => void): void;
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
}

export interface WifiOptions {
  readonly clock: Clock;
  readonly meter: Meter;
  readonly chip: Chip;
  /** What the chip draws without its radio, amperes: it is booked elsewhere. */
  readonly activeAmps: number;
  readonly accessPoint: AccessPoint;
  readonly server: Server;
  readonly random: Random;
  readonly covered: () => boolean;
  /** What a time server tells. */
  readonly unixNow: () => number;
  readonly trace: (value: string) => void;
}

export function createWifi(options: WifiOptions): WifiRadio {
  const { clock, meter, chip, activeAmps, accessPoint, server, random, covered, trace } = options;
  const { transmit, receive } = wifiFigures[chip];
  const above = ({ value }: Figure): number => Math.max(value * 1e-3 - activeAmps, 0);
  const latencyUs = (): number => (accessPoint.roundTripMs ?? 40) * 500 * (0.8 + 0.4 * random.next());
  let state: "off" | "joining" | "joined" = "off";
  let alarm: Alarm | undefined;
  let open: TcpConnection[] = [];

  function enter(next: typeof state): void {
    state = next;
    trace(next);
    if (next === "off") meter.set(0, "wifi: joined");
    else if (next === "joining") meter.set(above(receive), "wifi: join");
    else meter.set(above(receive) * wifiTimes.listeningShare.value, "wifi: joined");
  }

  function packet(bytes: number, by: Figure, cause: string): void {
    const seconds = wifiTimes.packetMs.value * 1e-3 + ((bytes + FRAME_BYTES) * 8) / BITS_PER_US / 1e6;
    meter.pulse(above(by) * seconds, cause, seconds);
  }

  const carry = (bytes: number, isUp: boolean, arrived: () => void, lost: () => void): void => {
    if (isUp) packet(bytes, transmit, "wifi: transmit");
    clock.after(latencyUs(), () => {
      if (state !== "joined" || !covered()) return lost();
      if (!isUp) packet(bytes, receive, "wifi: receive");
      arrived();
    });
  };
  const bearer =
    (head: number, isUp: boolean) =>
    (bytes: number, done: (arrived: boolean) => void): boolean => {
      if (state !== "joined") return false;
      // the acknowledgement goes the other way
      carry(bytes + head, isUp, () => (packet(head, isUp ? receive : transmit, "wifi: acknowledge"), done(true)), () => done(false)); // prettier-ignore
      return true;
    };

  return {
    get joined() {
      return state === "joined";
    },
    join(ssid, passphrase, done) {
      clock.cancel(alarm);
      enter("joining");
      const known = covered() && ssid === accessPoint.ssid;
      // a fast scan ends at the channel on which it finds the name
      const channels = known ? 1 + Math.floor(random.next() * CHANNELS) : CHANNELS;
      const agreed = passphrase === accessPoint.passphrase;
      const ms = channels * wifiTimes.scanMsPerChannel.value + (known ? wifiTimes.associateMs.value : 0);
      const rest = !known ? 0 : agreed ? wifiTimes.addressMs.value : wifiTimes.wrongPassphraseMs.value;
      alarm = clock.after((ms + rest * (0.8 + 0.4 * random.next())) * 1000, () => {
        enter(known && agreed ? "joined" : "off");
        done(!known ? "NO_AP_FOUND" : agreed ? undefined : "4WAY_HANDSHAKE_TIMEOUT");
      });
    },
    leave() {
      clock.cancel(alarm);
      for (const connection of open) connection.drop();
      open = [];
      if (state !== "off") enter("off");
    },
    connect(host, port, events) {
      const { tcp } = HEAD_BYTES;
      const connection = openTcp({
        ...{ clock, server, host, port, events },
        bearer: { uplink: bearer(tcp, true), downlink: bearer(tcp, false) },
      });
      open.push(connection);
      return connection;
    },
    datagram(host, port, bytes, reply) {
      const { udp } = HEAD_BYTES;
      const gone = (): void => undefined;
      const answer = (back: Uint8Array): void => carry(back.length + udp, false, () => reply(back), gone);
      carry(
        bytes.length + udp,
        true,
        () => (port === 123 ? answer(timeOf(options.unixNow())) : server.datagram?.(host, port, bytes, answer)),
        gone,
      );
    },
    figures: new Map<string, readonly Figure[]>([
      ["wifi: join", [receive, wifiTimes.scanMsPerChannel, wifiTimes.associateMs, wifiTimes.addressMs]],
      ["wifi: joined", [receive, wifiTimes.listeningShare]],
      ["wifi: transmit", [transmit, wifiTimes.packetMs]],
      ["wifi: receive", [receive, wifiTimes.packetMs]],
      ["wifi: acknowledge", [receive, transmit, wifiTimes.packetMs]],
    ]),
  };
}

/** A stratum 2 server's answer (RFC 4330 section 4). */
function timeOf(unix: number): Uint8Array {
  const answer = Buffer.alloc(48);
  answer.set([0x24, 2, 6, 0xec]);
  answer.writeUInt32BE((Math.floor(unix) + 2_208_988_800) % 2 ** 32, 40);
  return answer;
}
