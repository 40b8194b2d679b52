/** NXP MFRC522 as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const figure = figuresFrom("NXP MFRC522, Rev 3.9 (April 2016)");

export const facts = {
  title: "NXP MFRC522, RFID reader",
  quantities: ["card"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.5, "recommended operating conditions"), figure(3.6, "recommended operating conditions")],
  figures: {
    hardPowerDownMicroamps: figure(5, "power-down current, NRSTPD low, largest"),
    softPowerDownMicroamps: figure(10, "power-down current, RF level detector on, largest"),
    idleMicroamps: figure(13_500, "supply current, DVDD 6.5 mA and AVDD 7 mA"),
    receiverOffMicroamps: figure(9500, "supply current, DVDD 6.5 mA and AVDD 3 mA"),
    fieldMicroamps: figure(60_000, "supply current, TVDD, continuous wave"),
    oscillatorUs: figure(37.74, "1024 clocks"),
    crystalMs: figure(1, "no figure: crystal start-up, assumed", "inferred"),
    bitUs: figure(9.44, "106 kbit/s: 128 carrier periods"),
    frameDelayUs: figure(86.4, "ISO 14443-3 frame delay time"),
  },
} as const satisfies PartFacts;

/** Registers that do not read 0 after a reset. */
export const resets: readonly (readonly [register: number, value: number])[] = [
  [0x01, 0x20], [0x02, 0x80], [0x04, 0x14], [0x07, 0x21], [0x0b, 0x08], [0x0c, 0x10], [0x0e, 0xa0], [0x11, 0x3f], [0x14, 0x80],
  [0x16, 0x10], [0x17, 0x84], [0x18, 0x84], [0x19, 0x4d], [0x24, 0x26], [0x26, 0x48], [0x27, 0x88], [0x28, 0x20], [0x29, 0x20],
]; // prettier-ignore
