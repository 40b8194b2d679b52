/** The bar of writing to a board: one at a time, below the steps that are done. */
import type { Output, Progress } from "../terminal/output.ts";

export function progressBetweenSteps(output: Output) {
  let bar: Progress | undefined;
  let began = 0;
  const done = (): void => {
    bar?.done();
    bar = undefined;
  };
  return {
    done,
    onStep(name: string, detail: string, ms?: number): void {
      done();
      output.step(name, detail, ms);
    },
    onProgress(sent: number, total: number): void {
      if (!bar) began = performance.now();
      bar ??= output.progress("write");
      bar.update(sent / total, rate(sent, total, performance.now() - began));
    },
  };
}

/** Bytes of flash a second, and the time that is left. */
function rate(sent: number, total: number, ms: number): string {
  const perSecond = ms ? (sent * 1000) / ms : 0;
  const left = perSecond ? Math.ceil((total - sent) / perSecond) : 0;
  return `${Math.round(perSecond / 1024)} KB/s, ${left} s left`;
}
