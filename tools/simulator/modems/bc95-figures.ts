/** Currents, times and limits of BC95-G and SARA-N2: from memory, but for what Martinez' traces show. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";

const martinez = "Martinez et al. 2019, traces";

export const bc95Figures: ModemFigures = {
  ...commonFigures,
  offMicroamps: figure(3, "inferred", "as PSM: it has no off"),
  psmMicroamps: figure(3, "memory", "BC95-G hardware design: 3, 5 at most"),
  idleMilliamps: figure(6, "memory", "as SARA-N2's active mode"),
  sleepMicroamps: figure(300, "inferred", "radio off"),
  sleepDrxMilliamps: figure(1.5, "memory", "idle 1 to 2 mA on average with DRX"),
  edrxFloorMicroamps: figure(300, "inferred", "radio off"),
  pagingMillicoulombs: figure(1.2, "paper", `${martinez}: 2.0 to 9.1 mJ per paging occasion; 4.2 taken`),
  receiveMilliamps: figure(60, "memory", "BC95-G hardware design"),
  transmit: [
    { dbm: 0, milliamps: figure(70, "memory", "BC95-G hardware design") },
    { dbm: 12, milliamps: figure(100, "memory", "BC95-G hardware design") },
    { dbm: 23, milliamps: figure(220, "paper", `${martinez}: peaks of 200 to 250 mA`) },
  ],
  powerOnLowMs: figure(100, "inferred", "starts with its supply"),
  powerOffLowMs: figure(100, "inferred", "has no key"),
  wakeLowMs: figure(100, "inferred", "has no key"),
  uartReadyMs: figure(2500, "paper", `${martinez}: three seconds of boot`),
  wakeReadyMs: figure(200, "inferred", "the processor slept, and did not lose its memory"),
  uartReadySpreadMs: figure(100, "inferred", "varies from boot to boot"),
  wakeCharacterMs: figure(0, "inferred", "its low-power UART hears at 9600 bit/s"),
  uartQuietMs: figure(1000, "inferred", "sleeps soon after the last character"),
  maxSendBytes: figure(1358, "memory", "BC95 AT commands manual, AT+NSOST"),
};

export const saraN2Figures: ModemFigures = {
  ...bc95Figures,
  pagingMillicoulombs: figure(0.85, "paper", `${martinez}: 2.0 to 6.5 mJ per paging occasion; 3 taken`),
  receiveMilliamps: figure(46, "memory", "SARA-N2 data sheet"),
  transmit: [
    { dbm: 0, milliamps: figure(74, "memory", "SARA-N2 data sheet") },
    { dbm: 12, milliamps: figure(100, "memory", "SARA-N2 data sheet") },
    { dbm: 23, milliamps: figure(220, "memory", "SARA-N2 data sheet") },
  ],
  maxSendBytes: figure(512, "memory", "SARA-N2 AT commands manual, AT+NSOST"),
};
