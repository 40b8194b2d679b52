/** A board file of the user's own: a board of Hibernode with the currents that were measured. */
import { basename } from "node:path";
import type { Comparison } from "./compare.ts";

/** States in which the chip alone draws: asleep, the modem's tail is in the current too. */
const figureOf: Readonly<Record<string, string>> = { awake: "activeMilliamps", boot: "bootMilliamps" };

/** TypeScript source; `board` is the id of the board that it corrects. */
export function calibratedBoard(board: string, { states }: Comparison, traceFile: string): string {
  const lines = states.flatMap(({ cause, measuredMilliamps, seconds }) => {
    const figure = figureOf[cause];
    if (!figure) return [];
    const value = Number(measuredMilliamps.toPrecision(4));
    return [
      `      ${figure}: { value: ${value}, confidence: "measured", source: measured("${seconds.toFixed(1)} s of ${cause}") },`,
    ];
  });
  return `/** ${board} with currents measured on one board (${basename(traceFile)}). */
import board, { facts as published } from "hibernode/boards/${board}";
import type { BoardFacts } from "hibernode/boards/types";

export default board;

const measured = (what: string): string => \`measured: \${what} in ${basename(traceFile)}\`;

export const facts = (): BoardFacts => {
  const known = published();
  return {
    ...known,
    power: {
      ...known.power,
${lines.join("\n")}
    },
  };
};
`;
}
