/** What can come instead of a modem's answer, for the tests of what a driver makes of it. */
import { seeded } from "../simulator/modems/bench.ts";
import type { linked, LinkedOptions } from "./linked.ts";
import { lines } from "./scripted-modem.ts";

type Linked = ReturnType<typeof linked>;

export const kinds = [
  "OK",
  "ERROR",
  "+CME ERROR",
  "silence",
  "a line in between",
  "garbage",
  "a reset",
  "half a line",
] as const;
export type Kind = (typeof kinds)[number];

export const random = seeded(7);
export const noise = (length: number) =>
  Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256))).toString("latin1");

/** Asked for and granted before: a modem that is only woken. */
export const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;

/** Options that put it in the place of the answer to the command of that number; `bind` gets what is linked with them. */
export function tamperWith(kind: Kind, at: number): LinkedOptions & { bind(to: Linked): void } {
  let link: Linked | undefined;
  return {
    saved: psm,
    bind: (to) => (link = to),
    tamper(command, index) {
      if (index !== at) return undefined;
      switch (kind) {
        case "OK":
          return lines("OK");
        case "ERROR":
          return lines("ERROR");
        case "+CME ERROR":
          return lines("+CME ERROR: 50");
        case "silence":
          return "";
        case "a line in between":
          link!.hear(lines('+CEREG: 1,"5B57","01A50B1A",9', "+CTZV: 24/01/02,13:45:59+32"));
          return undefined;
        case "garbage":
          return noise(300);
        case "a reset":
          return {
            then: () => {
              link!.sim.modem.power(false);
              link!.sim.wait(0.1);
              link!.sim.modem.power(true);
            },
          };
        case "half a line":
          return `\r\n+${command.slice(3, 8)}: 1,"5B`;
      }
    },
  };
}
