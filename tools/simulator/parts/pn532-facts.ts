/** NXP PN532 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("NXP PN532/C1 data sheet Rev 3.6 and user manual UM0701-02");

export const facts = {
  title: "NXP PN532, NFC reader",
  addresses: [0x24],
  quantities: ["card"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(2.7, "VBAT"), figure(5.5, "VBAT")],
  figures: {
    powerDownMicroamps: figure(25, "soft power-down, RF level detector on"),
    idleMicroamps: figure(28_000, "table 295, digital 25 mA and analog 3 mA"),
    fieldMicroamps: figure(60_000, "table 295, transmitter, continuous wave"),
    wakeMs: figure(0.5, "wake-up from power-down"),
    acknowledgeMs: figure(0.2, "no figure but 15 ms at most (UM p. 40): assumed", "inferred"),
    commandMs: figure(0.3, "no figure: a command without RF, assumed", "inferred"),
    pollMs: figure(10, "no figure: activation of one card, assumed", "inferred"),
    tryMs: figure(5, "no figure: one try without a card, assumed", "inferred"),
    powerDownDelayMs: figure(1, "UM section 7.2.11"),
  },
} as const satisfies I2cFacts;
