/** What only the laptop needs of a part. Each driver exports it as a function `facts`, which no bundle then contains. */
import type { Confidence, Figure } from "../../boards/types.ts";

export interface PartFacts {
  /** Maker and types. */
  readonly title: string;
  /** Names of the quantities, in the order in which the driver gives them. A clock part has none. */
  readonly measures: readonly string[];
  /** Title, revision, date. */
  readonly datasheet: string;
  readonly bus: "I2C" | "SPI" | "UART" | "RS-485" | "1-Wire" | "pin" | "analog pin";
  /** I2C: the first is the driver's default. */
  readonly addresses?: readonly number[];
  /** Highest clock of the bus, Hz. */
  readonly clockHertz?: number;
  /** Supply, lowest and highest. */
  readonly volts: readonly [low: number, high: number];
  /** From supply to the first command. */
  readonly startUpMs: Figure;
  /** In the state in which the driver leaves the part. */
  readonly sleepMicroamps: Figure;
  /** While it measures as the driver makes it measure, typical. */
  readonly measuringMicroamps: Figure;
  /** One measurement as the driver makes it, typical. */
  readonly measureMs: Figure;
  /** What protects an answer; "none": a byte that the bus changed is not noticed unless the value leaves its range. */
  readonly check: string;
  readonly accuracy: string;
  readonly notes: readonly string[];
}

/** A figure of the part's data sheet, unless said otherwise. */
export function figure(value: number, source: string, confidence: Confidence = "datasheet"): Figure {
  return { value, source, confidence };
}
