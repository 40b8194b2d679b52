/** Measures a board through its console: how fast it computes, how long it boots, how its clock runs, what its divider is. */
import type { PinName } from "../../boards/types.ts";
import type { Console } from "../console/console.ts";
import { UserError } from "../errors.ts";
import { FULL_SCALE_VOLTS } from "../../lib/sensors/analog.ts";

export interface Measured {
  /** Of one turn of an empty loop, in microseconds. */
  readonly loopMicroseconds: number;
  /** From the first sign of a wake to a console that answers. Undefined where nothing was seen of the wake. */
  readonly bootMs?: number | undefined;
  /** How much faster than this computer's the clock ran over a deep sleep, in parts per million, and how sure that is. */
  readonly driftPpm: number;
  readonly driftErrorPpm: number;
  readonly batteryRatio?: number;
}

export interface MeasureOptions {
  /** Length of the deep sleep over which the clock is compared. */
  readonly sleepSeconds: number;
  /** The battery's voltage by a meter, and the pin of its divider. */
  readonly battery?: { readonly volts: number; readonly pin: PinName } | undefined;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

const LOOP_TURNS = 5000;
const READINGS = 32;
/** How long after the end of its sleep a board may take to answer. */
const LATE_MS = 15_000;
const POLL_MS = 60;

export async function measure(board: Console, { sleepSeconds, battery, now }: MeasureOptions): Promise<Measured> {
  const number = async (expression: string, timeoutMs?: number): Promise<number> => {
    const value = Number(await board.evaluate(expression, timeoutMs));
    if (Number.isFinite(value)) return value;
    throw new UserError(`the board's answer to ${expression} is no number`, {
      where: "the board",
      fix: "reset it and try again",
    });
  };
  /** The board's clock in the middle of a question and its answer. */
  const clock = async (timeoutMs?: number): Promise<{ device: number; host: number; errorMs: number }> => {
    const from = now();
    const device = await number("getTime()", timeoutMs);
    const errorMs = (now() - from) / 2;
    return { device, host: (from + errorMs) / 1000, errorMs };
  };

  const loopSeconds = await number(`(t=>{for(var i=0;i<${LOOP_TURNS};i++);return getTime()-t})(getTime())`, 60_000);
  const batteryRatio = battery && (await ratioOf(battery, number));
  const before = await clock();
  let wokeAt: number | undefined;
  const asleepUntil = now() + sleepSeconds * 1000;
  board.onText = () => {
    // the first text near the end of the sleep is the ROM's: what came before was said on the way down
    if (now() > asleepUntil - sleepSeconds * 100) wokeAt ??= now();
  };
  await board.type(`ESP32.deepSleep(${sleepSeconds * 1e6})`);
  await new Promise((resolve) => setTimeout(resolve, sleepSeconds * 900));
  let after: Awaited<ReturnType<typeof clock>> | undefined;
  while (!after) {
    after = await clock(POLL_MS).catch(() => undefined);
    if (!after && now() > asleepUntil + LATE_MS)
      throw new UserError("the board did not answer after its sleep", {
        where: "the board",
        fix: "its firmware sleeps again at once: upload an empty one (hibernode upload empty.js) and try again",
      });
  }
  const answeredAt = now();
  const span = after.host - before.host;
  return {
    loopMicroseconds: (loopSeconds / LOOP_TURNS) * 1e6,
    bootMs: wokeAt === undefined ? undefined : Math.round(answeredAt - wokeAt),
    driftPpm: Math.round(((after.device - before.device) / span - 1) * 1e6),
    driftErrorPpm: Math.ceil(((before.errorMs + after.errorMs) / span) * 1000),
    ...(batteryRatio !== undefined && { batteryRatio }),
  };
}

async function ratioOf(
  { volts, pin }: { readonly volts: number; readonly pin: PinName },
  number: (expression: string) => Promise<number>,
): Promise<number> {
  const level = await number(`(s=>{for(var i=0;i<${READINGS};i++)s+=analogRead(${pin});return s/${READINGS}})(0)`);
  if (level > 0.02 && level < 0.98) return volts / (level * FULL_SCALE_VOLTS);
  throw new UserError(`the converter at ${pin} reads ${(level * 100).toFixed(1)} % of its full scale`, {
    where: "--battery-volts",
    fix: "connect the battery, and check that the board's divider is at this pin",
  });
}
