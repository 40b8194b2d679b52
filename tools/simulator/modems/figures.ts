/** What a modem draws and how long it takes: the figures that every family has, and what follows from them. */
import type { Figure } from "../../../boards/types.ts";
import { figure, type CellProfile } from "../network/profiles.ts";
import type { GnssFigures } from "./simcom-gnss.ts";

export { figure };

export interface TransmitRow {
  readonly dbm: number;
  readonly milliamps: Figure;
}

export interface ModemFigures {
  readonly offMicroamps: Figure;
  readonly psmMicroamps: Figure;
  readonly idleMilliamps: Figure;
  /** Sleep with the radio off. */
  readonly sleepMicroamps: Figure;
  /** Sleep with DRX 2.56 s. */
  readonly sleepDrxMilliamps: Figure;
  /** Average in eDRX sleep = floor + charge per paging occasion. */
  readonly edrxFloorMicroamps: Figure;
  readonly pagingMillicoulombs: Figure;
  readonly receiveMilliamps: Figure;
  readonly bootMilliamps: Figure;
  /** Transmit current by output power, lowest first; the last is the highest power the modem has. */
  readonly transmit: readonly TransmitRow[];
  readonly powerOnLowMs: Figure;
  readonly powerOffLowMs: Figure;
  readonly wakeLowMs: Figure;
  readonly statusOnMs: Figure;
  readonly statusOffMs: Figure;
  readonly uartReadyMs: Figure;
  /** Varies from boot to boot, on top of the minimum. */
  readonly uartReadySpreadMs: Figure;
  /** The same from PSM, where it is another. */
  readonly wakeReadyMs?: Figure;
  readonly uartOffMs: Figure;
  readonly offToOnMs: Figure;
  readonly simReadyMs: Figure;
  /** Silence on the UART before the modem may sleep. */
  readonly uartQuietMs: Figure;
  /** Characters that wake it from light sleep are lost for so long. */
  readonly wakeCharacterMs: Figure;
  readonly answerMs: Figure;
  readonly answerSpreadMs: Figure;
  /** A scan of all bands that finds nothing. */
  readonly scanSeconds: Figure;
  /** Pauses between scans that find nothing; the last one repeats. */
  readonly scanPauseSeconds: readonly Figure[];
  /** Without downlink for so long the modem notices that the cell is gone. */
  readonly outOfServiceSeconds: Figure;
  /** After a release assistance that the network honours. */
  readonly releaseMs: Figure;
  readonly attachBytes: Figure;
  readonly tauBytes: Figure;
  readonly setupBytes: Figure;
  readonly packetOverheadBytes: Figure;
  readonly maxSendBytes: Figure;
  readonly sendBufferBytes: Figure;
  /** Longest piece of the stream in one indication. */
  readonly maxIndicationBytes: Figure;
}

const asSim7020 = "as the SIM7020";

/** What no family's documents tell, and what the network decides more than the modem. */
export const commonFigures = {
  bootMilliamps: figure(20, "inferred", "none published; processor and flash active, receiver off"),
  simReadyMs: figure(400, "inferred", "order of the boot lines in the SIM7020's AT manual, 3.2.20"),
  statusOnMs: figure(440, "inferred", asSim7020),
  statusOffMs: figure(500, "inferred", asSim7020),
  uartReadySpreadMs: figure(600, "inferred", "three seconds of boot in Martinez et al. 2019, figure M1"),
  uartOffMs: figure(1000, "inferred", asSim7020),
  offToOnMs: figure(2000, "inferred", "BG96 and SIM7070: two seconds between off and on"),
  uartQuietMs: figure(5000, "inferred", asSim7020),
  wakeCharacterMs: figure(100, "inferred", asSim7020),
  answerMs: figure(15, "inferred", "typical of AT firmware"),
  answerSpreadMs: figure(30, "inferred", "typical of AT firmware"),
  scanSeconds: figure(40, "inferred", "six bands"),
  scanPauseSeconds: [30, 60, 120].map((s) =>
    figure(s, "inferred", "BC660K-GL AT Commands Manual, OOSScheme 0 (its default)"),
  ),
  outOfServiceSeconds: figure(10, "inferred", "radio link failure timers T310/N310 and cell reselection"),
  releaseMs: figure(300, "inferred", "RRC connection release and its ACK"),
  attachBytes: figure(700, "inferred", "RRC set-up, attach, authentication, security, bearer"),
  tauBytes: figure(200, "inferred", "RRC set-up and tracking area update"),
  setupBytes: figure(100, "inferred", "random access, RRC set-up and service request"),
  /** IP and TCP headers (40 B) and NAS, RLC, MAC (15 B). */
  packetOverheadBytes: figure(55, "memory", "40 B computed; 10-15 B of NAS/RLC/MAC"),
  sendBufferBytes: figure(4096, "inferred", "none published"),
  maxIndicationBytes: figure(512, "inferred", "as the send limit"),
} satisfies Partial<ModemFigures>;

/** Transmit current in ampere, straight lines between the published powers; no modem exceeds its highest. */
export function transmitAmps({ transmit: rows }: ModemFigures, dbm: number): number {
  const index = Math.max(
    0,
    Math.min(
      rows.length - 2,
      rows.findLastIndex((row) => row.dbm <= dbm),
    ),
  );
  const low = rows[index]!;
  const high = rows[index + 1] ?? low;
  const share = high.dbm === low.dbm ? 0 : Math.min(1, Math.max(0, (dbm - low.dbm) / (high.dbm - low.dbm)));
  return (low.milliamps.value + share * (high.milliamps.value - low.milliamps.value)) / 1000;
}

/** Average current in eDRX sleep, in ampere. */
export function edrxAmps(
  { edrxFloorMicroamps, pagingMillicoulombs }: ModemFigures,
  cycleSeconds: number,
  windowSeconds: number,
  pagingCycleSeconds: number,
): number {
  const occasions = Math.round(windowSeconds / pagingCycleSeconds);
  return edrxFloorMicroamps.value / 1e6 + (pagingMillicoulombs.value / 1e3) * (occasions / cycleSeconds);
}

/** The figures that each cause of the ledger rests on. */
export function modemCauses(figures: ModemFigures, profile: CellProfile, gnss?: GnssFigures): Map<string, Figure[]> {
  const { receiveMilliamps, idleMilliamps } = figures;
  const { connectedDrx, coverage, inactivitySeconds } = profile;
  const transmit = [...figures.transmit.map(({ milliamps }) => milliamps), ...coverage.transmitDbm];
  const air = [...transmit, ...coverage.uplinkBitsPerSecond];
  return new Map<string, Figure[]>([
    ["modem: off", [figures.offMicroamps]],
    ["modem: boot", [figures.bootMilliamps, figures.uartReadyMs, figures.uartReadySpreadMs]],
    ["modem: search", [receiveMilliamps, profile.searchSeconds, figures.scanSeconds]],
    ["modem: attach", [receiveMilliamps, profile.attachSeconds, figures.attachBytes, ...transmit]],
    ["modem: transmit", [...air, figures.setupBytes, figures.packetOverheadBytes]],
    ["modem: transmit repeated", [...air, figures.setupBytes, figures.packetOverheadBytes]],
    ["modem: tracking update", [...air, figures.tauBytes, figures.setupBytes, receiveMilliamps, profile.rrcSetupMs]],
    ["modem: TLS handshake", [...air, figures.packetOverheadBytes, receiveMilliamps, profile.monitorMs]],
    ["modem: receive", [receiveMilliamps, profile.rrcSetupMs, profile.monitorMs, ...coverage.downlinkBitsPerSecond]],
    ["modem: connected", [idleMilliamps, receiveMilliamps, connectedDrx.onMs, connectedDrx.cycleMs, inactivitySeconds]],
    ["modem: idle", [idleMilliamps, figures.sleepDrxMilliamps]],
    ["modem: paging", [figures.edrxFloorMicroamps, figures.pagingMillicoulombs, figures.sleepDrxMilliamps]],
    ["modem: PSM", [figures.psmMicroamps]],
    ["modem: GNSS", gnss ? [gnss.milliamps, gnss.coldSeconds, gnss.warmSeconds, gnss.hotSeconds] : []],
  ]);
}
