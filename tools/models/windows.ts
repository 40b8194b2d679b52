/** Windows that move over an image: where their taps lie in its bytes, and the border that they need. */
import { imageShape, type Operator, samePadding } from "./graph.ts";
import { type Draft, Refusal } from "./draft.ts";

export interface Window {
  /** Of the output, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes of the padded input from one window to the next. */
  readonly strideX: number;
  readonly strideY: number;
  /** Pixels added before and after. */
  readonly top: number;
  readonly left: number;
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  /** Bytes from a window's start to its taps: by row, column, channel. */
  taps(depth: number): number[];
  /** The same for each channel on its own. */
  channelTaps(depth: number): number[][];
  /** How many pixels of each window lie on the image. */
  counts(): number[];
}

export function windowOf(operator: Operator, draft: Draft, kernelH: number, kernelW: number): Window {
  const { padding, strideW, strideH, dilationW = 1, dilationH = 1 } = operator.options as Record<string, number>;
  const [inHeight, inWidth, depth] = imageShape(draft.tensor(operator.inputs[0]!).shape);
  const shape = draft.tensor(operator.outputs[0]!).shape;
  const [height, width] = shape.length === 4 ? imageShape(shape) : [1, 1];
  const [top, bottom] = samePadding(padding!, inHeight, height, kernelH, strideH!, dilationH);
  const [left, right] = samePadding(padding!, inWidth, width, kernelW, strideW!, dilationW);
  const paddedWidth = inWidth + left + right;
  const paddedHeight = inHeight + top + bottom;
  const pixels: number[] = [];
  for (let y = 0; y < kernelH; y++)
    for (let x = 0; x < kernelW; x++) pixels.push((y * dilationH * paddedWidth + x * dilationW) * depth);
  const inside = (start: number, size: number, kernel: number): number =>
    Math.min(start + kernel, size) - Math.max(start, 0);
  return {
    width,
    height,
    strideX: strideW! * depth,
    strideY: strideH! * paddedWidth * depth,
    top,
    left,
    paddedHeight,
    paddedWidth,
    taps: (channels) => pixels.flatMap((pixel) => Array.from({ length: channels }, (_, channel) => pixel + channel)),
    channelTaps: (channels) => Array.from({ length: channels }, (_, channel) => pixels.map((pixel) => pixel + channel)),
    counts: () =>
      Array.from({ length: width * height }, (_, at) => {
        const [x, y] = [(at % width) * strideW! - left, Math.floor(at / width) * strideH! - top];
        return inside(x, inWidth, kernelW) * inside(y, inHeight, kernelH);
      }),
  };
}

/** The buffer to read from: with a border of its own where the window needs one. */
export function paddedInput(operator: Operator, draft: Draft, window: Window, fill: number): number {
  const [height, width, depth] = imageShape(draft.tensor(operator.inputs[0]!).shape);
  const input = draft.bufferOf(operator.inputs[0]!);
  if (input === undefined) throw new Refusal("its input is a constant");
  if (window.paddedHeight === height && window.paddedWidth === width) return input;
  const rowBytes = window.paddedWidth * depth;
  const size = window.paddedHeight * rowBytes;
  const output = draft.newBuffer(size);
  draft.add({
    kind: "pad",
    origin: operator.kind,
    input,
    output,
    numbers: { 5: height, 6: width * depth, 7: rowBytes, 8: window.top * rowBytes + window.left * depth, 9: size, 10: fill }, // prettier-ignore
    data: new Uint8Array(0),
    products: 0,
    outputs: 0,
  });
  return output;
}
