/** A board file of the user's own: one of the boards that ship with hibernode, with the figures that were measured. */
import type { Measured } from "./measure.ts";

export interface BoardFileOptions {
  /** The board that was measured, by the name of its file. */
  readonly board: string;
  readonly measured: Measured;
  /** As in 2026-03-01. */
  readonly date: string;
  /** Of the board's chip. */
  readonly espruino: string;
}

/** TypeScript: a firmware and a scenario import it in place of the board. */
export function boardFile({ board, measured, date, espruino }: BoardFileOptions): string {
  const { loopMicroseconds, bootMs, driftPpm, driftErrorPpm, batteryRatio } = measured;
  const source = `measured on ${date} with Espruino ${espruino}`;
  const ratio = batteryRatio === undefined ? "" : `, battery: { ...base.battery, ratio: ${batteryRatio.toFixed(4)} }`;
  const notes = [
    `One turn of an empty loop takes ${loopMicroseconds.toFixed(1)} µs (${source}).`,
    `Over a deep sleep the clock ran ${driftPpm} ppm fast, ± ${driftErrorPpm} ppm (${source}). In a scenario: driftPpm.`,
  ];
  const boot =
    bootMs === undefined
      ? ""
      : `\n    power: {\n      ...of.power,\n      bootMs: { value: ${bootMs}, confidence: "measured", source: ${JSON.stringify(source)} },\n    },`;
  return `/** ${board}, with figures of one board, ${source}. */
import base, { facts as baseFacts } from "hibernode/boards/${board}";

export default { ...base${ratio} };

export const facts = (): ReturnType<typeof baseFacts> => {
  const of = baseFacts();
  return {
    ...of,${boot}
    notes: [
      ...of.notes,
${notes.map((note) => `      ${JSON.stringify(note)},\n`).join("")}    ],
  };
};
`;
}
