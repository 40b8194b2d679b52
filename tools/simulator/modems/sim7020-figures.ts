/** Currents, times and limits of the SIM7020E/G, each with its source. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";

const hardware = "SIM7020 Hardware Design V1.02";
const lowPower = "SIM7020 Series Low Power Mode Application Note V1.03";
const commands = "SIM7020 Series AT Command Manual V1.05";
const compatible = "SIM7080G & SIM7020X Compatible Design V1.00";

export const sim7020Figures: ModemFigures = {
  ...commonFigures,
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
  uartOffMs: figure(1000, "datasheet", `${hardware} table 9 (maximum)`),
  offToOnMs: figure(5000, "datasheet", `${hardware} table 9 (minimum)`),
  /** Silence on the UART before the modem may sleep. */
  uartQuietMs: figure(5000, "datasheet", `${lowPower} 3.3, notice 1`),
  wakeCharacterMs: figure(100, "datasheet", `${commands} 5.2.16, note`),
  maxSendBytes: figure(512, "datasheet", `${commands} 6.2.6`),
};
