/** Currents, times and limits of BC660K-GL and BC66. */
import { commonFigures, figure, type ModemFigures } from "./figures.ts";

const field = "Ugly Duckling firmware's design note (BC660K-GL, measured and quoting the data sheet)";

export const bc660kFigures: ModemFigures = {
  ...commonFigures,
  offMicroamps: figure(0.8, "inferred", "as deep sleep"),
  psmMicroamps: figure(0.8, "datasheet", "BC660K-GL Hardware Design pages 21 and 57: deep sleep, typical"),
  idleMilliamps: figure(19, "reported", `${field}: modem sleep off`),
  sleepMicroamps: figure(10, "inferred", "light sleep less its paging occasions: next to nothing"),
  sleepDrxMilliamps: figure(0.11, "reported", `${field}: light sleep, DRX 2.56 s`),
  edrxFloorMicroamps: figure(0.5, "computed", `${field}: light sleep with DRX 1.28 s (220 µA) and 2.56 s (110 µA)`),
  pagingMillicoulombs: figure(0.282, "computed", `${field}: light sleep with DRX 1.28 s and 2.56 s`),
  receiveMilliamps: figure(40, "inferred", "connected 29 mA on average (reported); BC66's memory figure"),
  transmit: [
    { dbm: 0, milliamps: figure(30, "inferred", "no low powers published") },
    { dbm: 10, milliamps: figure(45, "inferred", "no low powers published") },
    { dbm: 23, milliamps: figure(100, "reported", `${field}: about 100 mA for 1.5 s per telemetry`) },
  ],
  powerOnLowMs: figure(500, "memory", "BC660K-GL hardware design, PWRKEY"),
  powerOffLowMs: figure(1000, "memory", "BC660K-GL hardware design, PWRKEY"),
  wakeLowMs: figure(50, "memory", "PSM_EINT or PWRKEY"),
  uartReadyMs: figure(1500, "inferred", "RDY after power on"),
  uartReadySpreadMs: figure(300, "inferred", "varies from boot to boot"),
  wakeReadyMs: figure(300, "reported", `${field}: AT answered after a few tries of 100 ms`),
  uartQuietMs: figure(10_000, "datasheet", "BC660K-GL AT Commands Manual, slplocktimes: 10 s"),
  maxSendBytes: figure(1024, "inferred", "none read"),
};

export const bc66Figures: ModemFigures = {
  ...bc660kFigures,
  psmMicroamps: figure(3.5, "memory", "BC66 hardware design, not opened"),
  offMicroamps: figure(3.5, "inferred", "as PSM"),
  sleepDrxMilliamps: figure(0.45, "memory", "BC66: idle with DRX 2.56 s 0.4 to 0.5 mA"),
  edrxFloorMicroamps: figure(100, "inferred", "between BC660K and SIM7020"),
  pagingMillicoulombs: figure(0.9, "inferred", "from its DRX figure"),
  receiveMilliamps: figure(40, "memory", "BC66 hardware design, not opened"),
  transmit: [
    { dbm: 0, milliamps: figure(30, "memory", "BC66, not opened") },
    { dbm: 10, milliamps: figure(45, "memory", "BC66, not opened") },
    { dbm: 23, milliamps: figure(100, "memory", "BC66: about 100 mA at 15 kHz, 220 and more at 3.75 kHz") },
  ],
  wakeReadyMs: figure(1500, "inferred", "as power on"),
};
