/** The mobile network as one device meets it: a cell with its profile, coverage, time, names, and servers behind it. */
import type { Figure } from "../../../boards/types.ts";
import type { Clock } from "../clock.ts";
import type { PartContext, Random } from "../hardware.ts";
import type { ByCoverageLevel, CellProfile } from "./profiles.ts";
import type { Server } from "./server.ts";

export interface NetworkOptions {
  readonly clock: Clock;
  readonly profile: CellProfile;
  /** Unix time in seconds at virtual time 0. */
  readonly unixAtStart: number;
  readonly server: Server;
  readonly random: Random;
  /** False while the device is out of reach; always covered when absent. */
  readonly covered?: () => boolean;
  readonly trace?: PartContext["trace"];
}

export type CoverageLevel = 0 | 1 | 2;

export interface Network {
  readonly profile: CellProfile;
  readonly server: Server;
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
  const trace = options.trace ?? (() => undefined);
  const addresses = new Map<string, string>();
  const hosts = new Map<string, string>();
  return {
    profile,
    server,
    covered,
    trace,
    unixNow: () => unixAtStart + clock.now,
    duration(figure, unitUs, level = 0) {
      const factor = Math.exp(profile.spread.value * random.normal());
      return figure.value * unitUs * at(profile.coverage.slowdown, level) * factor;
    },
    drawLevel() {
      const share = random.next();
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
