/** Currents, times and limits of the SIM7020E/G, each with its source. */
import type { Figure } from "../../../boards/types.ts";
import type { CellProfile } from "../network/profiles.ts";

const hardware = "SIM7020 Hardware Design V1.02";
const lowPower = "SIM7020 Series Low Power Mode Application Note V1.03";
const commands = "SIM7020 Series AT Command Manual V1.05";
const compatible = "SIM7080G & SIM7020X Compatible Design V1.00";

const figure = (value: number, confidence: Figure["confidence"], source: string): Figure => ({
  value,
  confidence,
  source,
});

export const sim7020Figures = {
  offMicroamps: figure(12, "datasheet", `${hardware} table 3 (maximum)`),
  psmMicroamps: figure(3.4, "datasheet", `${hardware} table 30`),
  idleMilliamps: figure(5.6, "datasheet", `${hardware} table 30`),
  /** CSCLK sleep with the radio off. */
  sleepMicroamps: figure(236, "datasheet", `${hardware} table 30 (CFUN=0)`),
  /** CSCLK sleep with DRX 2.56 s. */
  sleepDrxMilliamps: figure(0.46, "datasheet", `${lowPower} chapter 5`),
  /** Average in eDRX sleep = floor + charge per paging occasion; reproduces four of table 30's five rows to 1 %. */
  edrxFloorMicroamps: figure(60, "computed", `${hardware} table 30, eDRX rows`),
  pagingMillicoulombs: figure(0.358, "computed", `${hardware} table 30, eDRX rows`),
  receiveMilliamps: figure(46, "inferred", "none published; between BC66 (40) and M5311 (54)"),
  bootMilliamps: figure(20, "inferred", "none published; processor and flash active, receiver off"),
  /** Transmit current by output power, band 8, 15 kHz single tone. */
  transmit: [
    { dbm: 0, milliamps: figure(25, "datasheet", `${hardware} table 30, B8`) },
    { dbm: 10, milliamps: figure(35, "datasheet", `${hardware} table 30, B8`) },
    { dbm: 23, milliamps: figure(128, "datasheet", `${hardware} table 30, B8`) },
  ],
  powerOnLowMs: figure(1000, "datasheet", `${compatible} table 5 (on > 1 s; ${hardware} table 8: 215 min, 800 typ)`),
  powerOffLowMs: figure(1000, "datasheet", `${compatible} table 5 (off > 1 s; ${hardware} table 9: 0.8 s min)`),
  wakeLowMs: figure(800, "datasheet", `${lowPower} 3.1 (typical)`),
  statusOnMs: figure(440, "datasheet", `${hardware} table 8`),
  statusOffMs: figure(500, "datasheet", `${hardware} table 9 (maximum)`),
  uartReadyMs: figure(2000, "datasheet", `${hardware} table 8 (minimum)`),
  /** Varies from boot to boot, on top of the minimum. */
  uartReadySpreadMs: figure(600, "inferred", "three seconds of boot in Martinez et al. 2019, figure M1"),
  uartOffMs: figure(1000, "datasheet", `${hardware} table 9 (maximum)`),
  offToOnMs: figure(5000, "datasheet", `${hardware} table 9 (minimum)`),
  simReadyMs: figure(400, "inferred", "order of the boot lines in the AT manual, 3.2.20"),
  smsReadyMs: figure(1500, "inferred", "order of the boot lines in the AT manual, 3.2.20"),
  /** Silence on the UART before the modem may sleep. */
  uartQuietMs: figure(5000, "datasheet", `${lowPower} 3.3, notice 1`),
  wakeCharacterMs: figure(100, "datasheet", `${commands} 5.2.16, note`),
  answerMs: figure(15, "inferred", "typical of AT firmware"),
  answerSpreadMs: figure(30, "inferred", "typical of AT firmware"),
  /** A scan of all bands that finds nothing. */
  scanSeconds: figure(40, "inferred", "six bands of the SIM7020E"),
  /** Pauses between scans that find nothing; the last one repeats. */
  scanPauseSeconds: [30, 60, 120].map((s) => figure(s, "inferred", "BC660K OOSScheme 0 (another modem's default)")),
  /** Without downlink for so long the modem notices that the cell is gone. */
  outOfServiceSeconds: figure(10, "inferred", "radio link failure timers T310/N310 and cell reselection"),
  /** After a release assistance that the network honours. */
  releaseMs: figure(300, "inferred", "RRC connection release and its ACK"),
  attachBytes: figure(700, "inferred", "RRC set-up, attach, authentication, security, bearer"),
  tauBytes: figure(200, "inferred", "RRC set-up and tracking area update"),
  setupBytes: figure(100, "inferred", "random access, RRC set-up and service request"),
  /** IP and TCP headers (40 B) and NAS, RLC, MAC (15 B). */
  packetOverheadBytes: figure(55, "memory", "40 B computed; 10-15 B of NAS/RLC/MAC"),
  maxSendBytes: figure(512, "datasheet", `${commands} 6.2.6`),
  sendBufferBytes: figure(4096, "inferred", "none published"),
  /** Longest piece of the stream in one +CSONMI. */
  maxIndicationBytes: figure(512, "inferred", "as the send limit"),
} as const;

export type Sim7020Figures = typeof sim7020Figures;

/** Transmit current in ampere, straight lines between the published powers. */
export function transmitAmps(dbm: number): number {
  const rows = sim7020Figures.transmit;
  const index = dbm <= rows[1].dbm ? 0 : 1;
  const low = rows[index]!;
  const high = rows[index + 1]!;
  const share = Math.min(1, Math.max(0, (dbm - low.dbm) / (high.dbm - low.dbm)));
  return (low.milliamps.value + share * (high.milliamps.value - low.milliamps.value)) / 1000;
}

/** Average current in eDRX sleep, in ampere. */
export function edrxAmps(cycleSeconds: number, windowSeconds: number, pagingCycleSeconds: number): number {
  const occasions = Math.round(windowSeconds / pagingCycleSeconds);
  const { edrxFloorMicroamps, pagingMillicoulombs } = sim7020Figures;
  return edrxFloorMicroamps.value / 1e6 + (pagingMillicoulombs.value / 1e3) * (occasions / cycleSeconds);
}

/** The figures that each cause of the ledger rests on. */
export function sim7020Causes({
  connectedDrx,
  coverage,
  inactivitySeconds,
  ...profile
}: CellProfile): Map<string, Figure[]> {
  const { receiveMilliamps, idleMilliamps } = sim7020Figures;
  const transmit = [...sim7020Figures.transmit.map(({ milliamps }) => milliamps), ...coverage.transmitDbm];
  return new Map([
    ["modem: off", [sim7020Figures.offMicroamps]],
    ["modem: boot", [sim7020Figures.bootMilliamps, sim7020Figures.uartReadyMs, sim7020Figures.uartReadySpreadMs]],
    ["modem: search", [receiveMilliamps, profile.searchSeconds, sim7020Figures.scanSeconds]],
    ["modem: attach", [receiveMilliamps, profile.attachSeconds, sim7020Figures.attachBytes, ...transmit]],
    [
      "modem: transmit",
      [...transmit, ...coverage.uplinkBitsPerSecond, sim7020Figures.setupBytes, sim7020Figures.packetOverheadBytes],
    ],
    ["modem: receive", [receiveMilliamps, profile.rrcSetupMs, profile.monitorMs, ...coverage.downlinkBitsPerSecond]],
    ["modem: connected", [idleMilliamps, receiveMilliamps, connectedDrx.onMs, connectedDrx.cycleMs, inactivitySeconds]],
    ["modem: idle", [idleMilliamps, sim7020Figures.sleepDrxMilliamps]],
    ["modem: PSM", [sim7020Figures.psmMicroamps]],
  ]);
}
