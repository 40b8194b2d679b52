/** Currents, times and limits of BG96 and BG95-M3. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";

const hardware = "Quectel BG96 Hardware Design V1.3";

export const bg96Figures: ModemFigures = {
  ...commonFigures,
  offMicroamps: figure(8, "datasheet", `${hardware} table 34`),
  psmMicroamps: figure(10, "datasheet", `${hardware} table 34`),
  idleMilliamps: figure(15.5, "datasheet", `${hardware} table 34: 15 to 16 mA`),
  sleepMicroamps: figure(800, "datasheet", `${hardware} table 34: CFUN=0`),
  sleepDrxMilliamps: figure(1.55, "computed", "floor and charge per paging occasion, DRX 2.56 s"),
  edrxFloorMicroamps: figure(800, "datasheet", `${hardware} table 34: CFUN=0`),
  pagingMillicoulombs: figure(1.92, "computed", `${hardware} table 34: NB1 DRX 1.28 s, 2.3 mA`),
  receiveMilliamps: figure(60, "inferred", "as SIM7000 (66 mA) and M5311 (54 mA)"),
  /** Band 20; the low powers are not published. */
  transmit: [
    { dbm: 0, milliamps: figure(66, "inferred", "as the SIM7000 in proportion to full power") },
    { dbm: 10, milliamps: figure(76, "inferred", "as the SIM7000 in proportion to full power") },
    { dbm: 23, milliamps: figure(157, "datasheet", `${hardware} table 34, NB1 B20 (155 to 171 over all bands)`) },
  ],
  powerOnLowMs: figure(500, "datasheet", `${hardware} 3.6`),
  powerOffLowMs: figure(650, "datasheet", `${hardware} 3.6.2`),
  wakeLowMs: figure(500, "datasheet", `${hardware} 3.6`),
  statusOnMs: figure(4800, "datasheet", `${hardware} figure 8`),
  statusOffMs: figure(2000, "datasheet", `${hardware} 3.6.2`),
  uartReadyMs: figure(4900, "datasheet", `${hardware} figure 8`),
  uartOffMs: figure(2000, "datasheet", `${hardware} 3.6.2`),
  maxSendBytes: figure(1460, "datasheet", "BG96 TCP/IP Application Note V1.2, AT+QISEND"),
  maxIndicationBytes: figure(1460, "datasheet", "BG96 TCP/IP Application Note V1.2, direct push"),
};

export const bg95Figures: ModemFigures = {
  ...bg96Figures,
  psmMicroamps: figure(3.9, "memory", "BG95-M3 hardware design, not opened"),
  transmit: [
    { dbm: 0, milliamps: figure(60, "memory", "BG95-M3, not opened") },
    { dbm: 10, milliamps: figure(75, "memory", "BG95-M3, not opened") },
    { dbm: 21, milliamps: figure(130, "memory", "BG95-M3: 110 to 150 mA, not opened") },
  ],
  uartReadyMs: figure(2500, "memory", "BG95-M3 hardware design, not opened"),
};
