/** Life without PSM: the modem sleeps between two paging windows (extended DRX) instead of being switched off. */
import { seconds, type Duration } from "../schedule/every.ts";
import type { Family, Heard, Link, MakeFamily } from "./driver.ts";

/** Code, and cycle in units of 20.48 s (TS 24.008 table 10.5.5.32, NB-S1 mode). */
const CYCLES = [2, 1, 3, 2, 5, 4, 9, 8, 10, 16, 11, 32, 12, 64, 13, 128, 14, 256, 15, 512];
const UNIT_S = 20.48;
const ANSWER_MS = 3000;

const bits = (code: number) => (16 + code).toString(2).slice(1);

/**
 * A family that asks for eDRX where PSM is refused: for the longest cycle that is not above `cycle`. What the network
 * grants is compared in seconds; where it is below half of that, the modem is switched off after all.
 * @param doze the command that lets the modem sleep between two others; with a 0 at its end, no more
 */
export function withEdrx(makeFamily: MakeFamily, doze: string, cycle: Duration): MakeFamily {
  let wanted = 0;
  for (let i = 2; i < CYCLES.length; i += 2) if (CYCLES[i + 1]! * UNIT_S <= seconds(cycle)) wanted = i;
  return (link: Link, port) => {
    const family: Family = makeFamily(link, port);
    let granted = 0;
    // heard at once: its OK comes in the same burst
    const heard: Record<string, Heard> = {
      "+CEDRXRDP": (fields) => {
        const code = parseInt((fields[2] || "").slice(1), 2);
        for (let i = 0; i < CYCLES.length; i += 2) if (CYCLES[i] === code) granted = CYCLES[i + 1]!;
      },
    };
    return Object.assign(family, {
      heard: Object.assign(family.heard, heard),
      // a modem that dozes would lose the first characters of every command
      first: "ATE0;" + doze.slice(2, -1) + "0",
      rest(done, off) {
        link.ask(`AT+CEDRXS=1,5,"${bits(CYCLES[wanted]!)}"`, ANSWER_MS, () => {
          link.ask("AT+CEDRXRDP", ANSWER_MS, () => {
            if (granted * 2 < CYCLES[wanted + 1]!) off();
            else link.ask(doze, ANSWER_MS, (fault) => (fault ? off() : done(0)));
          });
        });
      },
    } satisfies Partial<Family>);
  };
}
