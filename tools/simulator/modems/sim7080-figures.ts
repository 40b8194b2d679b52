/** Currents, times and limits of the SIM7080G; where its own documents are silent, those of the SIM7070G. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";
import type { GnssFigures } from "./simcom-gnss.ts";

const spec = "SIM7080 Series SPEC 20200427";
const sister = "SIM7070 Series hardware design manual V1.03 (same family, power class 5), tables 36 and 37";
const compatible = "SIM7080G & SIM7020X Compatible Design V1.00, table 5";

export const sim7080Figures: ModemFigures = {
  ...commonFigures,
  offMicroamps: figure(15, "datasheet", `${sister}: maximum`),
  psmMicroamps: figure(3.2, "datasheet", spec),
  idleMilliamps: figure(10, "datasheet", spec),
  sleepMicroamps: figure(600, "datasheet", spec),
  sleepDrxMilliamps: figure(0.9, "computed", "floor and charge per paging occasion below, DRX 2.56 s"),
  edrxFloorMicroamps: figure(309, "computed", `${sister}: eDRX rows 0.6 and 0.4 mA`),
  pagingMillicoulombs: figure(1.49, "computed", `${sister}: eDRX rows 0.6 and 0.4 mA`),
  receiveMilliamps: figure(66, "inferred", "as the SIM7000's downlink (Hardware Design V1.07, table 34)"),
  /** Band 8; power class 5 ends at 21 dBm. */
  transmit: [
    { dbm: 0, milliamps: figure(52, "inferred", `${sister}: B8`) },
    { dbm: 10, milliamps: figure(80, "inferred", `${sister}: B8`) },
    { dbm: 21, milliamps: figure(143, "inferred", `${sister}: B8`) },
  ],
  powerOnLowMs: figure(1000, "datasheet", compatible),
  powerOffLowMs: figure(1200, "datasheet", compatible),
  wakeLowMs: figure(1000, "inferred", "as power on"),
  statusOnMs: figure(1800, "datasheet", sister),
  statusOffMs: figure(1800, "datasheet", sister),
  uartReadyMs: figure(1800, "datasheet", sister),
  uartOffMs: figure(1800, "datasheet", sister),
  offToOnMs: figure(2000, "datasheet", sister),
  maxSendBytes: figure(1459, "datasheet", "SIM7070_SIM7080_SIM7090 Series AT Command Manual V1.05, AT+CASEND"),
};

/** Forms: AT Command Manual V1.05, table 8-1 and example; GNSS Application Note V1.02, section 4.2.1. */
export const sim7080Gnss: GnssFigures = {
  milliamps: figure(54, "reported", `${sister}: GNSS`),
  coldSeconds: figure(31, "reported", `${sister}: cold start, at most`),
  warmSeconds: figure(28, "memory", "no document at hand: a little less than a cold start"),
  hotSeconds: figure(1, "reported", `${sister}: hot start, at most`),
  deviationMetres: figure(2.5, "memory", "usual for such receivers"),
  sharesRadio: figure(1, "reported", "Xinyuan-LilyGO/LilyGo-T-SIM7080G, README, tip 1; its example BIGIOT_Gnss_Upload"),
  // a place stands there before there is a fix, with an empty fix status
  blank: (latitude, longitude) => `,,${latitude},${longitude},-18.000,,,1,,0.1,0.1,0.1,,,,9999000.0,6144.0`,
  fix: (time, latitude, longitude, altitude) =>
    `${time},${latitude},${longitude},${altitude},0.00,,0,,1.4,1.7,0.9,,6,,12.4,12.0`,
};
