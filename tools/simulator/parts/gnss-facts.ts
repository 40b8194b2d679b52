/** GNSS receivers as data: u-blox M8 and Quectel L76K. */
import type { Figure } from "../../../boards/types.ts";
import { figuresFrom, type PartFacts } from "./part.ts";

const ublox = figuresFrom("u-blox SAM-M8Q, UBX-16012619, p. 17 (same chip)");
const quectel = figuresFrom("Quectel L76K, seeedstudio and dfrobot wikis");

export const facts = {
  title: "GNSS receiver with NMEA on a UART (u-blox NEO-M8N, Quectel L76K)",
  quantities: ["latitude", "longitude", "altitude"],
  faults: ["nak", "crc", "no-fix"],
  supplyVolts: [ublox(2.7, "supply voltage", "memory"), ublox(3.6, "supply voltage", "memory")],
  figures: { baud: ublox(9600, "UART default") },
} as const satisfies PartFacts;

export interface Receiver {
  readonly acquiringMicroamps: Figure;
  readonly trackingMicroamps: Figure;
  readonly standbyMicroamps: Figure;
  readonly coldSeconds: Figure;
  readonly warmSeconds: Figure;
  readonly hotSeconds: Figure;
  /** Horizontal accuracy, one standard deviation. */
  readonly deviationMetres: Figure;
}

export const receivers = {
  "neo-m8n": {
    acquiringMicroamps: ublox(32_000, "acquisition, GPS and GLONASS"),
    trackingMicroamps: ublox(29_000, "tracking, GPS and GLONASS"),
    standbyMicroamps: ublox(15, "hardware backup", "memory"),
    coldSeconds: ublox(26, "time to first fix, cold, SparkFun's guides", "reported"),
    warmSeconds: ublox(25, "time to first fix, warm", "memory"),
    hotSeconds: ublox(1, "time to first fix, hot, SparkFun's guides", "reported"),
    deviationMetres: ublox(2.5, "horizontal position accuracy", "memory"),
  },
  l76k: {
    acquiringMicroamps: quectel(41_000, "with its active antenna", "reported"),
    trackingMicroamps: quectel(41_000, "with its active antenna", "reported"),
    standbyMicroamps: quectel(360, "standby", "reported"),
    coldSeconds: quectel(30, "cold start", "reported"),
    warmSeconds: quectel(25, "warm start", "memory"),
    hotSeconds: quectel(2, "hot start", "reported"),
    deviationMetres: quectel(2.5, "horizontal position accuracy", "memory"),
  },
} as const satisfies Record<string, Receiver>;

export type ReceiverName = keyof typeof receivers;

/** The almanac and the broadcast orbits: a start is hot within 2 h of the last fix, warm within 180 days, else cold. */
export const hotForSeconds = 7200;
export const warmForSeconds = 180 * 86_400;
