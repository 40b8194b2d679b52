/** Currents, times and limits of the SIM7000 series. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";
import type { GnssFigures } from "./simcom-gnss.ts";

const hardware = "SIM7000 Hardware Design V1.07";

export const sim7000Figures: ModemFigures = {
  ...commonFigures,
  offMicroamps: figure(7, "datasheet", `${hardware} table 34 (maximum)`),
  psmMicroamps: figure(9, "datasheet", `${hardware} table 34`),
  idleMilliamps: figure(11, "datasheet", `${hardware} table 34`),
  sleepMicroamps: figure(1200, "datasheet", `${hardware} table 34`),
  sleepDrxMilliamps: figure(1.7, "inferred", "the sleep current and a paging occasion as the BG96's"),
  edrxFloorMicroamps: figure(1200, "datasheet", `${hardware} table 34: sleep`),
  pagingMillicoulombs: figure(1.92, "inferred", "as the BG96's (same chip set)"),
  receiveMilliamps: figure(66.4, "datasheet", `${hardware} table 34: downlink`),
  /** Band 8, 15 kHz single tone. */
  transmit: [
    { dbm: 0, milliamps: figure(60.4, "datasheet", `${hardware} table 34, B8`) },
    { dbm: 10, milliamps: figure(69.5, "datasheet", `${hardware} table 34, B8`) },
    { dbm: 23, milliamps: figure(144.6, "datasheet", `${hardware} table 34, B8`) },
  ],
  powerOnLowMs: figure(1000, "datasheet", `${hardware} table 8`),
  powerOffLowMs: figure(1200, "datasheet", `${hardware} table 9`),
  wakeLowMs: figure(1000, "inferred", "as power on"),
  statusOnMs: figure(4500, "datasheet", `${hardware} table 8`),
  statusOffMs: figure(1800, "datasheet", `${hardware} table 9 (1.8 to 6.9 s)`),
  uartReadyMs: figure(4500, "datasheet", `${hardware} table 8`),
  uartOffMs: figure(1800, "datasheet", `${hardware} table 9`),
  maxSendBytes: figure(1460, "datasheet", "SIM7000 Series AT Command Manual V1.06, AT+CIPSEND"),
};

/** Forms: transcripts in Xinyuan-LilyGO/LilyGo-Modem-Series issues 419, 507. */
export const sim7000Gnss: GnssFigures = {
  milliamps: figure(30, "datasheet", `${hardware} table 34: GNSS`),
  coldSeconds: figure(35, "datasheet", `${hardware}: cold start, at most`),
  warmSeconds: figure(30, "memory", "no document at hand: a little less than a cold start"),
  hotSeconds: figure(1, "datasheet", `${hardware}: hot start, at most`),
  deviationMetres: figure(2.5, "memory", "usual for such receivers"),
  sharesRadio: figure(0, "inferred", "no report of such a limit was found"),
  blank: () => "0,,,,,,,0,,,,,,,,,,,,",
  fix: (time, latitude, longitude, altitude) =>
    `${time},${latitude},${longitude},${altitude},0.00,0.0,1,,1.1,1.4,0.9,,8,4,4,,46,,`,
};
