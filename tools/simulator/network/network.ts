/** The mobile network as one device meets it: a cell with its profile, coverage, time, names, and servers behind it. */
import type { Figure } from "../../../boards/types.ts";
import type { Clock } from "../clock.ts";
import type { PartContext, Random } from "../hardware.ts";
import type { ByteLedger } from "./byte-ledger.ts";
import type { ByCoverageLevel, CellProfile, Grant } from "./profiles.ts";
import type { Server } from "./server.ts";
import type { Certificate } from "./tls.ts";

export interface NetworkOptions {
  readonly clock: Clock;
  readonly profile: CellProfile;
  /** Unix time in seconds at virtual time 0. */
  readonly unixAtStart: number;
  readonly server: Server;
  readonly random: Random;
  /** False while the device is out of reach; always covered when absent. */
  readonly covered?: () => boolean;
  /** Where the device is now, for a device that moves; drawn from the profile's shares when absent or undefined. */
  readonly level?: () => CoverageLevel | undefined;
  /** What the network does wrong now: "attach-rejected", "psm-refused", "edrx-refused", "rai-ignored", "wrong-time". */
  readonly fault?: (name: string) => boolean;
  readonly trace?: PartContext["trace"];
  /** What the server shows at that port, where it speaks TLS. */
  readonly certificate?: (host: string, port: number) => Certificate | undefined;
  /** Who counts what goes over the air. */
  readonly bytes?: ByteLedger | undefined;
}

export type CoverageLevel = 0 | 1 | 2;

/** A GPS receiver whose week count has rolled over shows a time 1,024 weeks ago. */
export const gpsRolloverSeconds = 1024 * 7 * 86_400;

export interface Network {
  readonly profile: CellProfile;
  /** What it makes of a timer that the device asks for, now. */
  grant(timer: "activeTime" | "periodicTau"): Grant;
  grantsEdrx(): boolean;
  honoursRelease(): boolean;
  /** The cause with which it rejects this attempt to attach, or undefined. */
  rejects(): number | undefined;
  /** It has forgotten the device, and would not take it now. */
  barred(): boolean;
  /** Seconds that this search takes longer, because other networks are looked for first. */
  hiddenSearchSeconds(): number;
  readonly server: Server;
  certificate(host: string, port: number): Certificate | undefined;
  readonly bytes: ByteLedger | undefined;
  covered(): boolean;
  /** Unix time in seconds that the network believes in. */
  unixNow(): number;
  /** A duration around its median, in microseconds, longer at higher coverage levels. */
  duration(figure: Figure, unitUs: number, level?: CoverageLevel): number;
  /** Coverage enhancement level of a new connection. */
  drawLevel(): CoverageLevel;
  /** True when this packet gets lost. */
  losesPacket(): boolean;
  /** IPv4 address of a host name: made up, stable within the run, and understood by `hostOf`. */
  resolve(host: string): string;
  /** The name behind an address that `resolve` has given out, else the address itself. */
  hostOf(address: string): string;
  trace(signal: string, value: string | number): void;
}

export const at = (figures: ByCoverageLevel, level: CoverageLevel): number => figures[level].value;

export function createNetwork(options: NetworkOptions): Network {
  const { clock, profile, random, server, unixAtStart } = options;
  const covered = options.covered ?? (() => true);
  const fault = options.fault ?? (() => false);
  /** EMM causes of TS 24.301: 11 PLMN not allowed, 15 no suitable cells in the tracking area. */
  const barredCause = 11;
  const trace = options.trace ?? (() => undefined);
  const addresses = new Map<string, string>();
  const hosts = new Map<string, string>();
  return {
    profile,
    server,
    certificate: options.certificate ?? (() => undefined),
    bytes: options.bytes,
    covered,
    trace,
    grant: (timer) => (fault("psm-refused") ? "refused" : profile[timer]),
    grantsEdrx: () => profile.edrx === "asked" && !fault("edrx-refused"),
    honoursRelease: () => profile.releaseAssistance && !fault("rai-ignored"),
    barred: () => fault("attach-rejected"),
    rejects() {
      if (fault("attach-rejected")) return barredCause;
      const { rejectedShare, rejectCause } = profile.registration;
      return rejectedShare.value > 0 && random.next() < rejectedShare.value ? rejectCause : undefined;
    },
    hiddenSearchSeconds() {
      const { hiddenSearchShare, hiddenSearchSeconds } = profile.registration;
      return hiddenSearchShare.value > 0 && random.next() < hiddenSearchShare.value ? hiddenSearchSeconds.value : 0;
    },
    unixNow: () => unixAtStart + clock.now - (fault("wrong-time") ? gpsRolloverSeconds : 0),
    duration(figure, unitUs, level = 0) {
      const factor = Math.exp(profile.spread.value * random.normal());
      return figure.value * unitUs * at(profile.coverage.slowdown, level) * factor;
    },
    drawLevel() {
      const share = random.next();
      const there = options.level?.();
      if (there !== undefined) return there;
      const { share: shares } = profile.coverage;
      if (share < shares[0].value) return 0;
      return share < shares[0].value + shares[1].value ? 1 : 2;
    },
    losesPacket: () => profile.lossRatio.value > 0 && random.next() < profile.lossRatio.value,
    resolve(host) {
      if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
      let address = addresses.get(host);
      if (!address) {
        // TEST-NET-2: never a real host (RFC 5737).
        address = `198.51.100.${addresses.size + 1}`;
        addresses.set(host, address);
        hosts.set(address, host);
      }
      return address;
    },
    hostOf: (address) => hosts.get(address) ?? address,
  };
}
