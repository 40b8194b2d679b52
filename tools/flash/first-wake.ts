/** What a board says in the first seconds after it was flashed, and whether that looks like a node that runs. */
import type { Line } from "../serial/line.ts";

export interface FirstWake {
  /** In words: why it does not run, or undefined when nothing speaks against it. */
  readonly problem?: { readonly message: string; readonly fix: string } | undefined;
  /** `asleep`: it said so, or its USB went away. `silent`: not a byte, as a firmware without a console that boots quickly. */
  readonly state: "asleep" | "awake" | "silent" | "broken";
}

const signs: readonly (readonly [pattern: RegExp, message: string, fix: string])[] = [
  [
    /invalid header: 0x|flash read err|csum err|No bootable app|Image hash failed|SHA-256 comparison failed/,
    "the bootloader finds no application that is whole",
    "run the same command again with --espruino FILE.tgz, the release for this chip",
  ],
  [/Storage is corrupt/, "Espruino found its Storage damaged and erased it", "run the same command again"],
  [
    /Uncaught|Execution Interrupted|New interpreter error: (?!FIFO_FULL)/,
    "the firmware stopped with an error",
    "the lines above say where; hibernode simulate shows the same without a board",
  ],
  [
    /Brownout detector was triggered/,
    "the supply breaks down when the board starts",
    "use a shorter cable, a port with more current, or a charged cell",
  ],
];
const ASLEEP = /DEEPSLEEP_RESET|rst:0x5\b/;
/** Starts in the time of watching that a node does not need. */
const MANY_STARTS = 4;

export function judgeFirstWake(text: string, gone: boolean): FirstWake {
  for (const [pattern, message, fix] of signs)
    if (pattern.test(text)) return { state: "broken", problem: { message, fix } };
  const starts = text.match(/rst:0x/g)?.length ?? 0;
  if (starts >= MANY_STARTS && !ASLEEP.test(text)) {
    const fix = "hibernode monitor shows what it says; check the supply, and that the release is for this board";
    return { state: "broken", problem: { message: `the board started ${starts} times in a row`, fix } };
  }
  return { state: gone || ASLEEP.test(text) ? "asleep" : text ? "awake" : "silent" };
}

/** Listens for `seconds`, or until the board's USB goes away. @param print told each line as it comes */
export async function watchFirstWake(line: Line, seconds: number, print: (text: string) => void): Promise<FirstWake> {
  let text = "";
  let printed = 0;
  const finish = (): void => {
    for (let end = text.indexOf("\n", printed); end >= 0; end = text.indexOf("\n", printed)) {
      print(text.slice(printed, end).replace(/\r/g, ""));
      printed = end + 1;
    }
  };
  const gone = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), seconds * 1000);
    line.onData = (bytes) => {
      text += Buffer.from(bytes).toString("latin1");
      finish();
    };
    line.onLost = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
  return judgeFirstWake(text, gone);
}
