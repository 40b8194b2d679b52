/** Rows of samples to windows of features, as `frames` of lib/classify gives them on the device. */
import { UserError } from "../../errors.ts";
import type { Example, Examples } from "./examples.ts";

export interface FramesShape {
  /** Samples in a frame, and frames in a window. */
  readonly length: number;
  readonly frames: number;
}

/** "25x4": frames of 25 samples, 4 in a window. */
export function framesShape(text: string): FramesShape {
  const [, length, frames] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (Number(length) > 1 && Number(frames) > 0) return { length: Number(length), frames: Number(frames) };
  throw new UserError(`"${text}" is no length of frames`, { where: "--frames", fix: "SAMPLESxFRAMES, for instance 25x4: four frames of 25 samples" }); // prettier-ignore
}

/** The rows' features are samples of so many axes. A window reaches over no change of label or group; each frame ends one. */
export function windowsOf({ rows, featureNames, classes }: Examples, { length, frames }: FramesShape): Examples {
  const windows: Example[] = [];
  for (let from = 0, until; from < rows.length; from = until) {
    const { event } = rows[from]!;
    for (until = from; rows[until]?.event === event;) until++;
    const complete = Math.floor((until - from) / length);
    const stretch = Array.from({ length: complete }, (_, at) =>
      rows.slice(from + at * length, from + (at + 1) * length),
    );
    for (let last = frames; last <= complete; last++)
      windows.push({ ...rows[from]!, features: featuresOf(stretch.slice(last - frames, last), featureNames.length) });
  }
  const names = featureNames.flatMap((axis) =>
    ["mean", "deviation"].flatMap((what) => Array.from({ length: frames }, (_, at) => `${axis} ${what} ${at}`)),
  );
  return { featureNames: names, classes, rows: windows };
}

function featuresOf(frames: readonly (readonly Example[])[], axes: number): number[] {
  return Array.from({ length: axes }, (_, axis) => {
    const means = frames.map((frame) => frame.reduce((sum, row) => sum + row.features[axis]!, 0) / frame.length);
    const deviations = frames.map((frame, at) => Math.sqrt(frame.reduce((sum, row) => sum + (row.features[axis]! - means[at]!) ** 2, 0) / frame.length)); // prettier-ignore
    return [...means, ...deviations];
  }).flat();
}
