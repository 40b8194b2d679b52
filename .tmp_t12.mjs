// ../../../tmp/cl/t12.ts
import { readFileSync as readFileSync3, mkdirSync, writeFileSync as writeFileSync2 } from "node:fs";

// tools/errors.ts
var UserError = class extends Error {
  /** File and line, flag or setting at fault. */
  where;
  /** What to do about it. */
  fix;
  constructor(message, { where: where2, fix } = {}) {
    super(message);
    this.name = "UserError";
    this.where = where2;
    this.fix = fix;
  }
};

// tools/simulator/espruino/crc32.ts
var table = Uint32Array.from({ length: 256 }, (_, byte2) => {
  let crc = byte2;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 3988292384 : crc >>> 1;
  return crc;
});
function crc32(data) {
  let crc = 4294967295;
  if (typeof data === "string") {
    for (let i = 0; i < data.length; i++) crc = table[(crc ^ data.charCodeAt(i)) & 255] ^ crc >>> 8;
  } else {
    for (let i = 0; i < data.length; i++) crc = table[(crc ^ data[i]) & 255] ^ crc >>> 8;
  }
  return (crc ^ 4294967295) >>> 0;
}

// tools/models/steps.ts
var kinds = {
  dense: 1,
  convolution: 2,
  depthwise: 3,
  averagePool: 4,
  maxPool: 5,
  lookUp: 6,
  add: 7,
  pad: 8,
  softmax: 9,
  denseTwice: 17,
  convolutionTwice: 18,
  depthwiseTwice: 19,
  softmaxTwice: 25
};
function sections(...parts) {
  const lengths = parts.map(({ byteLength }) => byteLength + 7 & ~7);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  parts.forEach((part, index) => {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += lengths[index];
  });
  return bytes;
}

// tools/models/blob.ts
var HEADER = 64;
var MAGIC = 827146824;
var VERSION = 1;
var LARGEST_ARENA = 65535;
function writeBlob(plan, where2) {
  const { places: places2, bytes: arenaBytes } = arena(plan);
  if (arenaBytes > LARGEST_ARENA)
    throw new UserError(
      `the model's values take ${arenaBytes} bytes at once, the device has at most ${LARGEST_ARENA}`,
      {
        where: where2,
        fix: "choose a model with smaller inputs or fewer channels in its first layers"
      }
    );
  const aligned = (length) => length + 7 & ~7;
  let at = HEADER + 64 * plan.steps.length;
  const put = ({ length }) => {
    const place2 = at;
    at += aligned(length);
    return place2;
  };
  const entranceAt = put(plan.entrance.data);
  const dataAt = plan.steps.map(({ data }) => put(data));
  const bytes = new Uint8Array(at);
  const words2 = new DataView(bytes.buffer);
  const word = (place2, value) => words2.setInt32(place2, value, true);
  const head = [MAGIC, VERSION, at, 0, arenaBytes, plan.inputs, plan.outputs, plan.steps.length, places2[plan.input], places2[plan.output], plan.entrance.kind, entranceAt, plan.zero];
  head.forEach((value, index) => word(4 * index, value));
  words2.setFloat32(52, plan.scale, true);
  bytes.set(plan.entrance.data, entranceAt);
  plan.steps.forEach(({ kind, input, output, second, numbers, data }, index) => {
    const record = HEADER + 64 * index;
    [kinds[kind], places2[input], places2[output], dataAt[index], data.length].forEach((value, i) => word(record + 4 * i, value));
    for (const [place2, value] of Object.entries(numbers)) word(record + 4 * Number(place2), value);
    if (second !== void 0) word(record + 48, places2[second]);
    bytes.set(data, dataAt[index]);
  });
  words2.setUint32(12, checksum(bytes), true);
  return { bytes, arenaBytes };
}
function checksum(blob) {
  const sums = [];
  for (let at = 16; at < blob.length; at += 32768) sums.push(crc32(blob.subarray(at, at + 32768)));
  return crc32(new Uint8Array(Uint32Array.from(sums).buffer));
}
function arena({ buffers, steps, input, output }) {
  const lives = buffers.map((size) => ({ size: size + 7 & ~7, from: Infinity, until: -Infinity }));
  const use = (buffer, when) => {
    const life = lives[buffer];
    life.from = Math.min(life.from, when);
    life.until = Math.max(life.until, when);
  };
  use(input, -1);
  steps.forEach((step, when) => {
    for (const buffer of [step.input, step.output, step.second ?? step.input]) use(buffer, when);
  });
  use(output, steps.length);
  const places2 = new Array(buffers.length).fill(0);
  const placed = [];
  const order = lives.map((_, index) => index).sort((a, b) => lives[b].size - lives[a].size);
  for (const buffer of order) {
    const life = lives[buffer];
    const busy = placed.filter((other) => lives[other].from <= life.until && lives[other].until >= life.from).sort((a, b) => places2[a] - places2[b]);
    let place2 = 0;
    for (const other of busy) {
      if (place2 + life.size <= places2[other]) break;
      place2 = Math.max(place2, places2[other] + lives[other].size);
    }
    places2[buffer] = place2;
    placed.push(buffer);
  }
  return { places: places2, bytes: Math.max(...placed.map((buffer) => places2[buffer] + lives[buffer].size)) };
}

// tools/models/device-model.ts
var files = {
  "two-roundings": ["denseTwice", "convolutionTwice", "depthwiseTwice", "softmaxTwice"]
};
function networkModel(plan, blob, name) {
  const used = [...new Set(plan.steps.map(({ kind }) => kind))].sort((a, b) => kinds[a] - kinds[b]);
  const twice2 = used.filter((kind) => files["two-roundings"].includes(kind));
  const once2 = used.filter((kind) => !twice2.includes(kind));
  const from = (list, file) => list.length ? [`import { ${list.join(", ")} } from "hibernode/classify/${file}";`] : [];
  return {
    files: { [name]: blob.bytes },
    imports: [
      'import { openNetwork } from "hibernode/classify/network";',
      ...from(once2, "operators"),
      ...from(twice2, "two-roundings")
    ].join("\n"),
    open: `openNetwork("${name}", { ${used.map((kind) => `${kinds[kind]}: ${kind}`).join(", ")} })`,
    inputs: plan.inputs,
    isReal: plan.entrance.kind !== 0
  };
}

// tools/models/graph.ts
var sizeOf = (shape) => shape.reduce((size, length) => size * length, 1);
function valuesOf({ data, type }) {
  if (!data) throw new Error("not a constant");
  const copy = Uint8Array.from(data).buffer;
  if (type === "int32") return new Int32Array(copy);
  if (type === "float32") return new Float32Array(copy);
  return new Int8Array(copy);
}
function imageShape(shape) {
  if (shape.length === 4) return [shape[1], shape[2], shape[3]];
  return [1, 1, sizeOf(shape)];
}
function samePadding(padding, input, output, kernel, stride, dilation) {
  if (padding === 1) return [0, 0];
  const total = Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - input, 0);
  return [total >> 1, total - (total >> 1)];
}

// tools/models/arithmetic.ts
var { fround } = Math;
function factorOf(inputScale, weightScale, outputScale) {
  const real = inputScale * weightScale / outputScale;
  if (!(real > 0 && real < 2 ** 30)) throw new RangeError(`the scales give the factor ${real}`);
  let shift = Math.floor(Math.log2(real)) + 1;
  while (real / 2 ** shift >= 1) shift++;
  while (real / 2 ** shift < 0.5) shift--;
  let multiplier = Math.floor(real / 2 ** shift * 2 ** 31 + 0.5);
  if (multiplier === 2 ** 31) {
    multiplier /= 2;
    shift++;
  }
  const single = fround(fround(inputScale * weightScale) / outputScale);
  return shift < -31 ? { multiplier: 0, shift: 0, single } : { multiplier, shift, single };
}
function scale(sum, factor, rounding) {
  if (rounding === "float") return roundHalfEven(fround(fround(sum) * factor.single));
  const { multiplier, shift } = factor;
  if (rounding === "single") {
    const total = BigInt(31 - shift);
    return Number(BigInt(sum) * BigInt(multiplier) + (1n << total - 1n) >> total);
  }
  const high = doublingHighMultiply(BigInt(sum) << BigInt(Math.max(shift, 0)), BigInt(multiplier));
  return Number(dividePowerOfTwo(high, Math.max(-shift, 0)));
}
function doublingHighMultiply(a, b) {
  return a * b + (1n << 30n) >> 31n;
}
function dividePowerOfTwo(value, exponent) {
  if (exponent === 0) return value;
  const half = 1n << BigInt(exponent - 1);
  const magnitude = (value < 0n ? -value : value) + half >> BigInt(exponent);
  return value < 0n ? -magnitude : magnitude;
}
function roundHalfEven(value) {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || rest === 0.5 && down % 2 === 0 ? down : down + 1;
}
var roundHalfAway = (value) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
var toInt8 = (value) => Math.max(-128, Math.min(127, value));
function activationRange(activation, scale2, zeroPoint) {
  const value = (real) => toInt8(zeroPoint + roundHalfAway(real / scale2));
  if (activation === 1) return [value(0), 127];
  if (activation === 2) return [value(-1), value(1)];
  if (activation === 3) return [value(0), value(6)];
  return [-128, 127];
}

// tools/models/fold.ts
var LIFT = 2 ** 29;
function fold(channel, rounding) {
  const { weights, bias, inputZero, outputZero, factor } = channel;
  let sum = 0;
  let magnitude = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i];
    magnitude += Math.abs(weights[i]);
  }
  const bound = magnitude * Math.max(127 - inputZero, inputZero + 128) + Math.abs(bias);
  if (bound >= 2 ** 31) throw new RangeError(`its sum can reach ${bound}, more than 32 bits hold`);
  const shifted = bias - sum * (inputZero + 128);
  const device = rounding === "double" ? twice(factor, shifted, outputZero, bound) : once(factor, shifted, outputZero);
  prove(device.run, channel, bound, shifted, rounding);
  return { numbers: device.numbers, bound };
}
function once({ multiplier, shift }, shifted, outputZero) {
  const factor = multiplier * 2 ** (shift - 31);
  const offset = shifted * factor + outputZero + 128.5;
  return { numbers: [factor, offset], run: (sum) => sum * factor + offset | 0 };
}
function twice({ multiplier, shift }, shifted, outputZero, bound) {
  const factor = multiplier * 2 ** (Math.max(shift, 0) - 31);
  const offset = shifted * factor + LIFT + 0.5;
  const right = Math.max(-shift, 0);
  if (bound * factor >= LIFT) throw new RangeError(`its sum can reach ${bound}, too much for two roundings`);
  const run = (sum) => {
    const high = (sum * factor + offset | 0) - LIFT;
    return (right ? high + (high >> 31) + (1 << right - 1) >> right : high) + outputZero + 128;
  };
  return { numbers: [factor, offset, right], run };
}
function prove(device, { outputZero, factor }, bound, shifted, rounding) {
  const exact = (sum) => scale(sum, factor, rounding) + outputZero + 128;
  if (Math.abs(device(bound - shifted)) >= 2 ** 30 || Math.abs(device(-bound - shifted)) >= 2 ** 30)
    throw new RangeError("its result leaves the range of whole numbers");
  const step = 2 ** (31 - factor.shift) / (factor.multiplier || 1);
  for (let value = 1; value <= 255; value++) {
    const about = Math.round((value - 128.5 - outputZero) * step);
    if (Math.abs(about) > bound + 2) continue;
    const first = smallest(exact, value, about, bound);
    if (first === void 0) continue;
    for (const sum of [first - 1, first]) {
      if (Math.abs(sum) <= bound && device(sum - shifted) >= value !== exact(sum) >= value)
        throw new RangeError(`the device's arithmetic would round the sum ${sum} to another value`);
    }
  }
}
function smallest(exact, value, about, bound) {
  let low = Math.max(about - 3, -bound);
  let high = Math.min(about + 3, bound);
  if (exact(low) >= value) low = -bound;
  if (exact(high) < value) high = bound;
  if (exact(low) >= value || exact(high) < value) return exact(low) >= value ? low : void 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (exact(middle) >= value) high = middle;
    else low = middle;
  }
  return high;
}

// tools/models/look-up.ts
var { fround: fround2 } = Math;
var functions = {
  LOGISTIC: (x) => 1 / (1 + Math.exp(-x)),
  TANH: Math.tanh
};
function lookUpTable(operator, input, output, rounding) {
  const [inputScale, inputZero] = [input.scales[0], input.zeroPoints[0]];
  const [outputScale, outputZero] = [output.scales[0], output.zeroPoints[0]];
  const apply = functions[operator.kind];
  const factor = factorOf(inputScale, 1, outputScale);
  const real = (value) => toInt8(outputZero + roundHalfAway(value / outputScale));
  const [low, high] = { RELU: [real(0), 127], RELU6: [real(0), real(6)], RELU_N1_TO_1: [real(-1), real(1)] }[operator.kind] ?? [-128, 127];
  const ratio = fround2(fround2(inputScale) / fround2(outputScale));
  const isCoarse = operator.kind === "QUANTIZE" && rounding !== "double" && ratio >= 2 ** -8 && ratio <= 2 ** 7;
  const coarse = roundHalfEven(fround2(256 * ratio));
  return Int8Array.from({ length: 256 }, (_, index) => {
    const value = index - 128 - inputZero;
    if (isCoarse) return toInt8((value * coarse + 128 >> 8) + outputZero);
    if (apply) {
      const y = fround2(apply(fround2(fround2(inputScale) * value)));
      return toInt8(roundHalfEven(fround2(y / fround2(outputScale))) + outputZero);
    }
    const twice2 = operator.kind === "QUANTIZE" ? rounding : "double";
    return Math.max(low, Math.min(high, scale(value, factor, twice2) + outputZero));
  });
}

// tools/models/draft.ts
var Refusal = class extends Error {
};

// tools/models/softmax.ts
var { fround: fround3 } = Math;
var ONE = (1n << 31n) - 1n;
function exponentials(scale2, beta) {
  const step = fround3(-fround3(scale2) * fround3(beta));
  return Float32Array.from({ length: 256 }, (_, difference) => Math.exp(fround3(step * difference)));
}
function fixedExponentials(scale2, beta) {
  const real = Math.min(beta * scale2 * 2 ** 26, 2 ** 31 - 1);
  const shift = Math.floor(Math.log2(real)) + 1;
  const multiplier = BigInt(Math.round(real / 2 ** shift * 2 ** 31));
  const limit = -Math.floor(31 * 2 ** 26 / 2 ** shift);
  return Int32Array.from({ length: 256 }, (_, difference) => {
    if (-difference < limit) return 0;
    const scaled = doublingHighMultiply(BigInt(-difference) << BigInt(shift), multiplier);
    return Number(expOnNegative(scaled));
  });
}
function expOnNegative(a) {
  if (a === 0n) return ONE;
  const quarter = 1n << 24n;
  const rest = (a & quarter - 1n) - quarter;
  let result2 = expNearZero(rest << 5n);
  const remainder = rest - a;
  factors.forEach((factor, index) => {
    if (remainder & 1n << BigInt(24 + index)) result2 = doublingHighMultiply(result2, factor);
  });
  return result2;
}
var factors = [1672461947n, 1302514674n, 790015084n, 290630308n, 39332535n, 720401n, 242n];
function expNearZero(a) {
  const x = a + (1n << 28n);
  const x2 = doublingHighMultiply(x, x);
  const x3 = doublingHighMultiply(x2, x);
  const x4 = doublingHighMultiply(x2, x2);
  const x4Quarter = dividePowerOfTwo(x4, 2);
  const tail = dividePowerOfTwo(doublingHighMultiply(x4Quarter + x3, 715827883n) + x2, 1);
  return 1895147668n + doublingHighMultiply(1895147668n, x + tail);
}

// tools/models/windows.ts
function windowOf(operator, draft, kernelH, kernelW) {
  const { padding, strideW, strideH, dilationW = 1, dilationH = 1 } = operator.options;
  const [inHeight, inWidth, depth] = imageShape(draft.tensor(operator.inputs[0]).shape);
  const shape = draft.tensor(operator.outputs[0]).shape;
  const [height, width] = shape.length === 4 ? imageShape(shape) : [1, 1];
  const [top, bottom] = samePadding(padding, inHeight, height, kernelH, strideH, dilationH);
  const [left, right] = samePadding(padding, inWidth, width, kernelW, strideW, dilationW);
  const paddedWidth = inWidth + left + right;
  const paddedHeight = inHeight + top + bottom;
  const pixels = [];
  for (let y = 0; y < kernelH; y++)
    for (let x = 0; x < kernelW; x++) pixels.push((y * dilationH * paddedWidth + x * dilationW) * depth);
  const inside2 = (start, size, kernel) => Math.min(start + kernel, size) - Math.max(start, 0);
  return {
    width,
    height,
    strideX: strideW * depth,
    strideY: strideH * paddedWidth * depth,
    top,
    left,
    paddedHeight,
    paddedWidth,
    taps: (channels) => pixels.flatMap((pixel) => Array.from({ length: channels }, (_, channel) => pixel + channel)),
    channelTaps: (channels) => Array.from({ length: channels }, (_, channel) => pixels.map((pixel) => pixel + channel)),
    counts: () => Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width * strideW - left, Math.floor(at / width) * strideH - top];
      return inside2(x, inWidth, kernelW) * inside2(y, inHeight, kernelH);
    })
  };
}
function paddedInput(operator, draft, window, fill) {
  const [height, width, depth] = imageShape(draft.tensor(operator.inputs[0]).shape);
  const input = draft.bufferOf(operator.inputs[0]);
  if (input === void 0) throw new Refusal("its input is a constant");
  if (window.paddedHeight === height && window.paddedWidth === width) return input;
  const rowBytes = window.paddedWidth * depth;
  const size = window.paddedHeight * rowBytes;
  const output = draft.newBuffer(size);
  draft.add({
    kind: "pad",
    origin: operator.kind,
    input,
    output,
    numbers: { 5: height, 6: width * depth, 7: rowBytes, 8: window.top * rowBytes + window.left * depth, 9: size, 10: fill },
    // prettier-ignore
    data: new Uint8Array(0),
    products: 0,
    outputs: 0
  });
  return output;
}

// tools/models/build-steps.ts
var builders = {
  FULLY_CONNECTED: dense,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  AVERAGE_POOL_2D: pool,
  MAX_POOL_2D: pool,
  MEAN: mean,
  ADD: add,
  PAD: padOperator,
  SOFTMAX: softmax,
  RESHAPE: alias,
  SQUEEZE: alias,
  EXPAND_DIMS: alias,
  LOGISTIC: lookUp,
  TANH: lookUp,
  RELU: lookUp,
  RELU6: lookUp,
  RELU_N1_TO_1: lookUp,
  QUANTIZE: lookUp
};
var inputOf = (operator, draft, place2 = 0) => {
  const buffer = draft.bufferOf(operator.inputs[place2]);
  if (buffer === void 0) throw new Refusal("one of its inputs is a constant");
  return buffer;
};
function result(operator, draft) {
  const tensor = draft.tensor(operator.outputs[0]);
  const size = sizeOf(tensor.shape);
  const buffer = draft.newBuffer(size);
  draft.hold(operator.outputs[0], buffer);
  return { tensor, buffer, size };
}
function constants(operator, draft) {
  const weights = draft.tensor(operator.inputs[1]);
  if (!weights.data) throw new Refusal("its weights are computed, not constant");
  if (weights.type !== "int8") throw new Refusal(`its weights are ${weights.type}, not int8`);
  if (weights.zeroPoints.some((zero) => zero !== 0)) throw new Refusal("its weights have a zero point");
  const biasIndex = operator.inputs[2] ?? -1;
  const bias = biasIndex < 0 ? new Int32Array(0) : valuesOf(draft.tensor(biasIndex));
  return { weights, values: valuesOf(weights), bias };
}
function factors2(operator, draft, rows) {
  const [input, output] = [draft.tensor(operator.inputs[0]), draft.tensor(operator.outputs[0])];
  const { weights, bias } = constants(operator, draft);
  const numbers = rows.flatMap((row, channel) => {
    const factor = factorOf(
      input.scales[0],
      weights.scales[weights.scales.length === 1 ? 0 : channel],
      output.scales[0]
    );
    const [inputZero, outputZero] = [input.zeroPoints[0], output.zeroPoints[0]];
    try {
      return fold({ weights: row, bias: bias[channel] ?? 0, inputZero, outputZero, factor }, draft.rounding).numbers;
    } catch (error) {
      throw error instanceof RangeError ? new Refusal(`channel ${channel}: ${error.message}`) : error;
    }
  });
  return Float64Array.from(numbers);
}
var roundedKind = (kind, { rounding }) => rounding === "double" ? `${kind}Twice` : kind;
function activate(operator, draft, buffer, { scales, zeroPoints, shape }) {
  const [low, high] = activationRange(operator.options["activation"] ?? 0, scales[0], zeroPoints[0]);
  if ((operator.options["activation"] ?? 0) > 3)
    throw new Refusal("its fused activation is not RELU, RELU6 or RELU_N1_TO_1");
  if (low === -128 && high === 127) return;
  const data = Uint8Array.from({ length: 256 }, (_, byte2) => Math.max(low + 128, Math.min(high + 128, byte2)));
  const size = sizeOf(shape);
  draft.add({ kind: "lookUp", origin: operator.kind, input: buffer, output: buffer, numbers: { 5: size }, data, products: 0, outputs: 0 });
}
function rowsOf(values, rows) {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}
function dense(operator, draft) {
  if (operator.options["weightsFormat"]) throw new Refusal("its weights are shuffled");
  const { weights, values } = constants(operator, draft);
  const [rows, columns] = weights.shape;
  const input = inputOf(operator, draft);
  const count = sizeOf(draft.tensor(operator.inputs[0]).shape) / columns;
  const table2 = factors2(operator, draft, rowsOf(values, rows));
  const { tensor, buffer, size } = result(operator, draft);
  const common = { origin: operator.kind, input, output: buffer, data: sections(table2, values), products: size * columns, outputs: size };
  const last = { 15: tensor.zeroPoints[0] + 128 };
  if (count === 1)
    draft.add({ kind: roundedKind("dense", draft), numbers: { 5: rows, 6: columns, ...last }, ...common });
  else
    draft.add({
      kind: roundedKind("convolution", draft),
      numbers: { 5: rows, 6: columns, 8: count, 9: 1, 10: columns, 11: 0, 12: 1, ...last },
      ...common
    });
  activate(operator, draft, buffer, tensor);
}
function windowNumbers({ width, height, strideX, strideY }) {
  return { 8: width, 9: height, 10: strideX, 11: strideY };
}
function convolution(operator, draft) {
  const { weights, values } = constants(operator, draft);
  const [channels, kernelH, kernelW, depth] = weights.shape;
  const inputDepth = imageShape(draft.tensor(operator.inputs[0]).shape)[2];
  if (depth !== inputDepth) throw new Refusal(`its ${inputDepth} input channels are in groups of ${depth}`);
  const window = windowOf(operator, draft, kernelH, kernelW);
  const input = paddedInput(operator, draft, window, draft.tensor(operator.inputs[0]).zeroPoints[0] + 128);
  addConvolution(operator, draft, window, input, channels, window.taps(depth), values);
}
function addConvolution(operator, draft, window, input, channels, taps, values) {
  const table2 = factors2(operator, draft, rowsOf(values, channels));
  const together = taps.every((place2, index) => place2 === index) ? 1 : 0;
  const { tensor, buffer, size } = result(operator, draft);
  draft.add({
    kind: roundedKind("convolution", draft),
    origin: operator.kind,
    input,
    output: buffer,
    numbers: { 5: channels, 6: taps.length, ...windowNumbers(window), 12: together, 15: tensor.zeroPoints[0] + 128 },
    data: together ? sections(table2, values) : sections(table2, places(taps), values),
    products: size * taps.length,
    outputs: size
  });
  activate(operator, draft, buffer, tensor);
}
function places(taps, rows = 16) {
  if (taps.length > Math.floor(65535 / rows)) throw new Refusal(`its windows have ${taps.length} values, too many`);
  if (Math.max(...taps) > 65535) throw new Refusal("its kernel reaches over more than 64 KB of its input");
  return Uint16Array.from(taps);
}
function depthwise(operator, draft) {
  const { weights, values } = constants(operator, draft);
  const [, kernelH, kernelW, channels] = weights.shape;
  const input = draft.tensor(operator.inputs[0]);
  const depth = imageShape(input.shape)[2];
  const window = windowOf(operator, draft, kernelH, kernelW);
  const area = kernelH * kernelW;
  const byChannel = Int8Array.from(values, (_, at) => values[at % area * channels + Math.floor(at / area)]);
  const buffer = paddedInput(operator, draft, window, input.zeroPoints[0] + 128);
  if (depth === 1) return addConvolution(operator, draft, window, buffer, channels, window.taps(1), byChannel);
  const repeat = channels / depth;
  const taps = window.channelTaps(depth).flatMap((list) => Array.from({ length: repeat }, () => list).flat());
  addDepthwise(operator, draft, window, buffer, factors2(operator, draft, rowsOf(byChannel, channels)), taps, byChannel);
}
function addDepthwise(operator, draft, window, input, table2, taps, weights) {
  const { tensor, buffer, size } = result(operator, draft);
  const channels = imageShape(tensor.shape)[2];
  const area = taps.length / channels;
  draft.add({
    kind: roundedKind("depthwise", draft),
    origin: operator.kind,
    input,
    output: buffer,
    numbers: {
      5: channels,
      6: area,
      7: weights.length === area ? 0 : area,
      ...windowNumbers(window),
      15: tensor.zeroPoints[0] + 128
    },
    data: sections(table2, places(taps, 32 * area / taps.length), weights),
    products: size * area,
    outputs: size
  });
  activate(operator, draft, buffer, tensor);
}
function mean(operator, draft) {
  const axes = valuesOf(draft.tensor(operator.inputs[1]));
  const input = draft.tensor(operator.inputs[0]);
  const rank = input.shape.length;
  const wanted = Array.from(axes, (axis) => (axis + rank) % rank).sort();
  if (rank !== 4 || String(wanted) !== "1,2") throw new Refusal("it is not the mean over height and width");
  const [height, width, depth] = imageShape(input.shape);
  const output = draft.tensor(operator.outputs[0]);
  const weights = new Int8Array(height * width).fill(1);
  const factor = factorOf(input.scales[0], 1 / (height * width), output.scales[0]);
  const [inputZero, outputZero] = [input.zeroPoints[0], output.zeroPoints[0]];
  const { numbers } = fold({ weights, bias: 0, inputZero, outputZero, factor }, draft.rounding);
  const table2 = Float64Array.from(Array.from({ length: depth }, () => numbers).flat());
  const window = windowOf({ ...operator, options: wholeImage }, draft, height, width);
  addDepthwise(operator, draft, window, inputOf(operator, draft), table2, window.channelTaps(depth).flat(), weights);
}
var wholeImage = { padding: 1, strideW: 1, strideH: 1, dilationW: 1, dilationH: 1 };
function pool(operator, draft) {
  const { kernelH, kernelW } = operator.options;
  const window = windowOf(operator, draft, kernelH, kernelW);
  const input = paddedInput(operator, draft, window, 0);
  const { tensor, buffer } = result(operator, draft);
  const [, , depth] = imageShape(tensor.shape);
  const taps = places(window.channelTaps(depth).flat(), 2);
  const isMaximum = operator.kind === "MAX_POOL_2D";
  draft.add({
    kind: isMaximum ? "maxPool" : "averagePool",
    origin: operator.kind,
    input,
    output: buffer,
    numbers: { 5: depth, 6: kernelH * kernelW, ...windowNumbers(window) },
    data: isMaximum ? sections(taps) : sections(taps, Uint16Array.from(window.counts())),
    products: 0,
    outputs: sizeOf(tensor.shape)
  });
  activate(operator, draft, buffer, tensor);
}
function add(operator, draft) {
  if (draft.rounding === "double") throw new Refusal("with two roundings: convert with --rounding single");
  const [one, other] = operator.inputs.map((index) => draft.tensor(index));
  if (sizeOf(one.shape) !== sizeOf(other.shape)) throw new Refusal("its inputs have different shapes");
  const [input, second] = [inputOf(operator, draft), inputOf(operator, draft, 1)];
  const { tensor, buffer, size } = result(operator, draft);
  const { fround: fround4 } = Math;
  const ratios = [one, other].map(({ scales }) => fround4(fround4(scales[0]) / fround4(tensor.scales[0])));
  const unit = 2 ** (20 - Math.floor(Math.log2(Math.max(...ratios))));
  const [p, q] = ratios.map((ratio) => Math.round(ratio * unit) / unit);
  const offset = 0.5 + tensor.zeroPoints[0] + 128 - p * (one.zeroPoints[0] + 128) - q * (other.zeroPoints[0] + 128);
  const data = sections(Float64Array.of(p, q, offset));
  draft.add({ kind: "add", origin: "ADD", input, second, output: buffer, numbers: { 5: size }, data, products: 0, outputs: size });
  activate(operator, draft, buffer, tensor);
}
function padOperator(operator, draft) {
  const amounts = Array.from(valuesOf(draft.tensor(operator.inputs[1])));
  const input = draft.tensor(operator.inputs[0]);
  if (input.shape.length !== 4 || amounts[0] || amounts[1] || amounts[6] || amounts[7])
    throw new Refusal("it pads something else than height and width");
  const [height, width, depth] = imageShape(input.shape);
  const [, , top, , left] = amounts;
  const from = inputOf(operator, draft);
  const { tensor, buffer, size } = result(operator, draft);
  const rowBytes = imageShape(tensor.shape)[1] * depth;
  draft.add({
    kind: "pad",
    origin: "PAD",
    input: from,
    output: buffer,
    numbers: { 5: height, 6: width * depth, 7: rowBytes, 8: top * rowBytes + left * depth, 9: size, 10: tensor.zeroPoints[0] + 128 },
    // prettier-ignore
    data: new Uint8Array(0),
    products: 0,
    outputs: 0
  });
}
function lookUp(operator, draft) {
  const [input, output] = [draft.tensor(operator.inputs[0]), draft.tensor(operator.outputs[0])];
  const from = inputOf(operator, draft);
  const table2 = lookUpTable(operator, input, output, draft.rounding);
  const data = Uint8Array.from({ length: 256 }, (_, byte2) => table2[byte2] + 128);
  const { buffer, size } = result(operator, draft);
  draft.add({ kind: "lookUp", origin: operator.kind, input: from, output: buffer, numbers: { 5: size }, data, products: 0, outputs: 0 });
}
function softmax(operator, draft) {
  const input = draft.tensor(operator.inputs[0]);
  const output = draft.tensor(operator.outputs[0]);
  if (input.shape.at(-1) !== sizeOf(input.shape)) throw new Refusal("it has more than one row");
  if (output.zeroPoints[0] !== -128 || Math.abs(output.scales[0] - 1 / 256) > 1e-9)
    throw new Refusal("its output is not scaled by 1/256 from \u2212128");
  const isDouble = draft.rounding === "double";
  const from = inputOf(operator, draft);
  const make = isDouble ? fixedExponentials : exponentials;
  const data = sections(make(input.scales[0], operator.options["beta"]));
  const { buffer, size } = result(operator, draft);
  draft.add({ kind: isDouble ? "softmaxTwice" : "softmax", origin: "SOFTMAX", input: from, output: buffer, numbers: { 5: size }, data, products: 0, outputs: size });
}
function alias(operator, draft) {
  draft.hold(operator.outputs[0], inputOf(operator, draft));
}

// tools/models/plan.ts
var FIX = "convert a fully quantised int8 model of the supported operators: tools/models/README.md lists them";
function planNetwork(graph, rounding, where2) {
  const refuse = (message) => new UserError(message, { where: where2, fix: FIX });
  if (graph.inputs.length !== 1 || graph.outputs.length !== 1)
    throw refuse(`expected one input and one output, got ${graph.inputs.length} and ${graph.outputs.length}`);
  const operators = [...graph.operators];
  const entrance = enter(graph, operators, refuse);
  const output = leave(graph, operators, refuse);
  const buffers = [];
  const held = /* @__PURE__ */ new Map();
  const steps = [];
  const draft = {
    graph,
    rounding,
    tensor: (index) => graph.tensors[index],
    bufferOf: (tensor) => held.get(tensor),
    newBuffer: (bytes) => buffers.push(bytes) - 1,
    hold: (tensor, buffer) => void held.set(tensor, buffer),
    add: (step) => void steps.push(step)
  };
  const inputs = sizeOf(graph.tensors[entrance.tensor].shape);
  const input = draft.newBuffer(inputs);
  held.set(entrance.tensor, input);
  const refusals = operators.flatMap((operator) => {
    try {
      check(operator, graph);
      builders[operator.kind](operator, draft);
      return [];
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof RangeError)) throw error;
      const [result2] = operator.outputs;
      held.set(result2, draft.newBuffer(sizeOf(graph.tensors[result2].shape)));
      return [`${operator.kind} "${graph.tensors[result2].name.split(";")[0]}": ${error.message}`];
    }
  });
  if (refusals.length)
    throw refuse(`the device cannot run ${refusals.length} of the model's operators:
${unique(refusals).join("\n")}`);
  const { scales, zeroPoints } = graph.tensors[output];
  return {
    buffers,
    steps,
    entrance: entrance.entrance,
    input,
    inputs,
    output: held.get(output),
    outputs: sizeOf(graph.tensors[output].shape),
    scale: scales[0],
    zero: zeroPoints[0] + 128
  };
}
var unique = (lines) => [...new Set(lines)].slice(0, 12);
function enter(graph, operators, refuse) {
  const [index] = graph.inputs;
  const { type } = graph.tensors[index];
  if (type === "int8")
    return { tensor: index, entrance: { kind: 0, data: Uint8Array.from({ length: 256 }, (_, byte2) => byte2 ^ 128) } };
  const [first] = operators;
  if (type !== "float32" || first?.kind !== "QUANTIZE" || first.inputs[0] !== index)
    throw refuse(`the model's input is ${type}: expected int8, or float32 that a QUANTIZE takes`);
  operators.shift();
  const { scales, zeroPoints } = graph.tensors[first.outputs[0]];
  const data = new Uint8Array(Float64Array.of(Math.fround(scales[0]), zeroPoints[0] + 128).buffer);
  return { tensor: first.outputs[0], entrance: { kind: 2, data } };
}
function leave(graph, operators, refuse) {
  const [index] = graph.outputs;
  const { type } = graph.tensors[index];
  if (type === "int8") return index;
  const last = operators.at(-1);
  if (type !== "float32" || last?.kind !== "DEQUANTIZE" || last.outputs[0] !== index)
    throw refuse(`the model's output is ${type}: expected int8, or float32 that a DEQUANTIZE gives`);
  operators.pop();
  return last.inputs[0];
}
function check(operator, graph) {
  if (!builders[operator.kind]) throw new Refusal("the device has no such operator");
  for (const index of [operator.inputs[0], operator.outputs[0]]) {
    const { type, scales, shape, name } = graph.tensors[index];
    if (type !== "int8") throw new Refusal(`its tensor "${name}" is ${type}, not int8`);
    if (scales.length !== 1) throw new Refusal(`its tensor "${name}" has ${scales.length} scales, expected one`);
    if (shape.some((length) => !(length > 0))) throw new Refusal(`its tensor "${name}" has no fixed shape`);
    if (shape.length === 4 && shape[0] !== 1) throw new Refusal(`its tensor "${name}" is a batch of ${shape[0]}`);
  }
}

// tools/models/tflite.ts
import { ByteBuffer } from "flatbuffers";

// tools/models/tflite-schema.ts
var operatorNames = {
  0: "ADD",
  1: "AVERAGE_POOL_2D",
  2: "CONCATENATION",
  3: "CONV_2D",
  4: "DEPTHWISE_CONV_2D",
  6: "DEQUANTIZE",
  9: "FULLY_CONNECTED",
  11: "L2_NORMALIZATION",
  14: "LOGISTIC",
  16: "LSTM",
  17: "MAX_POOL_2D",
  18: "MUL",
  19: "RELU",
  20: "RELU_N1_TO_1",
  21: "RELU6",
  22: "RESHAPE",
  23: "RESIZE_BILINEAR",
  25: "SOFTMAX",
  27: "SVDF",
  28: "TANH",
  32: "CUSTOM",
  34: "PAD",
  39: "TRANSPOSE",
  40: "MEAN",
  41: "SUB",
  43: "SQUEEZE",
  44: "UNIDIRECTIONAL_SEQUENCE_LSTM",
  45: "STRIDED_SLICE",
  49: "SPLIT",
  53: "CAST",
  56: "ARG_MAX",
  60: "PADV2",
  67: "TRANSPOSE_CONV",
  70: "EXPAND_DIMS",
  77: "SHAPE",
  83: "PACK",
  98: "LEAKY_RELU",
  99: "SQUARED_DIFFERENCE",
  111: "ELU",
  114: "QUANTIZE",
  117: "HARD_SWISH",
  126: "BATCH_MATMUL"
};
var tensorTypes = {
  0: "float32",
  2: "int32",
  3: "uint8",
  4: "int64",
  7: "int16",
  9: "int8"
};
var byte = (name) => ({ name, type: "byte", preset: 0 });
var int = (name, preset = 0) => ({ name, type: "int", preset });
var float = (name) => ({ name, type: "float", preset: 0 });
var optionTables = {
  CONV_2D: {
    code: 1,
    fields: [
      byte("padding"),
      int("strideW"),
      int("strideH"),
      byte("activation"),
      int("dilationW", 1),
      int("dilationH", 1)
    ]
  },
  DEPTHWISE_CONV_2D: {
    code: 2,
    fields: [
      byte("padding"),
      int("strideW"),
      int("strideH"),
      int("multiplier"),
      byte("activation"),
      int("dilationW", 1),
      int("dilationH", 1)
    ]
  },
  AVERAGE_POOL_2D: { code: 5, fields: poolFields() },
  MAX_POOL_2D: { code: 5, fields: poolFields() },
  FULLY_CONNECTED: { code: 8, fields: [byte("activation"), byte("weightsFormat"), byte("keepNumDims")] },
  SOFTMAX: { code: 9, fields: [float("beta")] },
  CONCATENATION: { code: 10, fields: [int("axis"), byte("activation")] },
  ADD: { code: 11, fields: [byte("activation")] },
  RESHAPE: { code: 17, fields: [] },
  MUL: { code: 21, fields: [byte("activation")] },
  PAD: { code: 22, fields: [] },
  MEAN: { code: 27, fields: [byte("keepDims")] },
  LEAKY_RELU: { code: 75, fields: [float("alpha")] },
  QUANTIZE: { code: 87, fields: [] }
};
function poolFields() {
  return [byte("padding"), int("strideW"), int("strideH"), int("kernelW"), int("kernelH"), byte("activation")];
}

// tools/models/tflite.ts
var FIX2 = "name a .tflite file as TensorFlow's converter writes it";
function readTflite(bytes, where2) {
  const refuse = (message) => new UserError(message, { where: where2, fix: FIX2 });
  if (bytes.length < 16 || Buffer.from(bytes.subarray(4, 8)).toString("latin1") !== "TFL3")
    throw refuse(`this is no TensorFlow Lite model: expected "TFL3" at byte 4, got ${bytes.length} other bytes`);
  try {
    return readModel(new Table(new ByteBuffer(bytes), new ByteBuffer(bytes).readInt32(0)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refuse(`the model is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
function readModel(model) {
  const buffers = model.tables(4);
  const graphs = model.tables(2);
  if (graphs.length !== 1) throw new Error(`expected one subgraph, got ${graphs.length}`);
  const graph = graphs[0];
  const kinds2 = model.tables(1).map((code) => {
    const number2 = Math.max(code.byte(0), code.int(3));
    return number2 === 32 ? `CUSTOM ${code.text(1)}` : operatorNames[number2] ?? `operator ${number2}`;
  });
  const tensors = graph.tables(0).map((table2) => {
    const quantization = table2.table(4);
    const data = buffers[table2.int(2)]?.bytes(0);
    return {
      name: table2.text(3),
      shape: table2.ints(0),
      type: tensorTypes[table2.byte(1)] ?? "other",
      data: data?.length ? data : void 0,
      scales: quantization?.floats(2) ?? [],
      zeroPoints: quantization?.longs(3) ?? [],
      axis: quantization?.int(6) ?? 0
    };
  });
  const operators = graph.tables(3).map((table2) => {
    const kind = kinds2[table2.int(0)];
    if (kind === void 0) throw new Error(`an operator has code ${table2.int(0)} of ${kinds2.length}`);
    return { kind, inputs: table2.ints(1), outputs: table2.ints(2), options: readOptions(kind, table2) };
  });
  const inputs = graph.ints(1);
  const outputs = graph.ints(2);
  for (const index of [...inputs, ...outputs, ...operators.flatMap((one) => [...one.inputs, ...one.outputs])])
    if (index >= tensors.length) throw new Error(`tensor ${index} of ${tensors.length}`);
  return { tensors, operators, inputs, outputs };
}
function readOptions(kind, operator) {
  const layout = optionTables[kind];
  const options = operator.byte(3) === layout?.code ? operator.table(4) : void 0;
  return Object.fromEntries(
    (layout?.fields ?? []).map(({ name, type, preset }, id) => [name, options?.[type](id, preset) ?? preset])
  );
}
var Table = class _Table {
  #buffer;
  #at;
  constructor(buffer, at) {
    if (at < 0 || at + 4 > buffer.capacity()) throw new Error(`an offset leads outside of the file: ${at}`);
    this.#buffer = buffer;
    this.#at = at;
  }
  #field(id) {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * id);
    return offset === 0 ? 0 : this.#at + offset;
  }
  byte(id, preset = 0) {
    const at = this.#field(id);
    return at ? this.#buffer.readUint8(at) : preset;
  }
  int(id, preset = 0) {
    const at = this.#field(id);
    return at ? this.#buffer.readInt32(at) : preset;
  }
  float(id, preset = 0) {
    const at = this.#field(id);
    return at ? this.#buffer.readFloat32(at) : preset;
  }
  table(id) {
    const at = this.#field(id);
    return at ? new _Table(this.#buffer, this.#buffer.__indirect(at)) : void 0;
  }
  text(id) {
    return Buffer.from(this.bytes(id)).toString("utf8");
  }
  bytes(id) {
    const [start, length] = this.#vector(id, 1);
    return this.#buffer.bytes().subarray(start, start + length);
  }
  tables(id) {
    return this.#list(id, 4, (at) => new _Table(this.#buffer, this.#buffer.__indirect(at)));
  }
  ints(id) {
    return this.#list(id, 4, (at) => this.#buffer.readInt32(at));
  }
  longs(id) {
    return this.#list(id, 8, (at) => Number(this.#buffer.readInt64(at)));
  }
  floats(id) {
    return this.#list(id, 4, (at) => this.#buffer.readFloat32(at));
  }
  #list(id, width, read) {
    const [start, length] = this.#vector(id, width);
    return Array.from({ length }, (_, index) => read(start + index * width));
  }
  #vector(id, width) {
    const at = this.#field(id);
    if (!at) return [0, 0];
    const start = this.#buffer.__vector(at);
    const length = this.#buffer.__vector_len(at);
    if (start < 4 || length < 0 || start + length * width > this.#buffer.capacity())
      throw new Error(`a list of ${length} leads outside of the file`);
    return [start, length];
  }
};

// tools/models/convert.ts
function convert(bytes, where2, name, rounding) {
  const graph = readTflite(bytes, where2);
  const plan = planNetwork(graph, rounding, where2);
  const blob = writeBlob(plan, where2);
  return { graph, plan, blob, device: networkModel(plan, blob, name) };
}

// tools/models/on-device.ts
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as join3 } from "node:path";

// tools/build/bundle.ts
import { relative, resolve, sep } from "node:path";
import esbuild from "esbuild";

// tools/package-folder.ts
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
var candidates = ["..", "../.."].map((up) => fileURLToPath(new URL(up, "file:///work/wt/cl/tools/models/x.ts")).replace(/\/$/, ""));
var packageFolder = candidates.find((folder) => existsSync(`${folder}/package.json`)) ?? candidates[0];

// tools/build/findings.ts
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
function locateWith(map) {
  const trace = new TraceMap(map);
  return (line, column) => {
    const found = originalPositionFor(trace, { line, column });
    if (found.source === null) return void 0;
    const source = map.sourcesContent?.[map.sources.indexOf(found.source)] ?? void 0;
    return { position: { file: found.source, line: found.line, column: found.column + 1 }, source };
  };
}
function locateIn(file, source) {
  return (line, column) => ({ position: { file, line, column: column + 1 }, source });
}
function where(position) {
  return `${position.file}:${position.line}:${position.column}`;
}
function codeFrame(source, { line, column }) {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - 2);
  const width = String(line).length;
  const shown = lines.slice(first - 1, line).map((text, index) => `${String(first + index).padStart(width)} | ${text}`.trimEnd());
  return [...shown, `${" ".repeat(width)} | ${" ".repeat(column - 1)}^`].join("\n");
}
function describe({ rule, message, instead, position, source }) {
  const head = `${position ? `${where(position)}: ` : ""}${message} [${rule}]`;
  const frame = position && source !== void 0 ? [codeFrame(source, position)] : [];
  return [head, ...frame, `  instead: ${instead}`].join("\n");
}
var SHOWN = 20;
function refusal(findings) {
  const shown = findings.slice(0, SHOWN).map(describe);
  if (findings.length > SHOWN) shown.push(`and ${findings.length - SHOWN} more`);
  const [first] = findings;
  return new UserError(`this code cannot run on Espruino

${shown.join("\n\n")}`, {
    where: first?.position && where(first.position),
    fix: first?.instead
  });
}

// tools/build/own-package.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
function ownModules() {
  const { name, exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const modules = /* @__PURE__ */ new Map();
  for (const [path, target] of Object.entries(exports ?? {})) {
    const source = typeof target === "object" ? target.source : void 0;
    if (source) modules.set(name + path.slice(1), join(packageFolder, source));
  }
  return modules;
}
function resolveOwn(modules, specifier) {
  for (const [pattern, target] of modules) {
    const [before, after] = pattern.split("*");
    if (after === void 0) {
      if (specifier === pattern) return target;
    } else if (specifier.startsWith(before) && specifier.endsWith(after))
      return target.replace("*", specifier.slice(before.length, specifier.length - after.length || void 0));
  }
  return void 0;
}

// tools/build/prepare.ts
import babel from "@babel/core";

// tools/build/regex.ts
var ESCAPES = "dDwWsSnrtfv0/.\\+*?()[]{}|^$-\"'`,:;=!@#%&~<> ";
var OWN_LOOP = "match the parts one after another, or search with indexOf";
var ATOM = /^(?:\\x[0-9a-fA-F]{2}|\\.|\[\^?(?:\\.|[^\]\\])*\]|[^\\])/s;
function regexProblem(pattern, flags) {
  const badFlag = /[^gi]/.exec(flags);
  if (badFlag) return { message: `the regex flag "${badFlag[0]}" is ignored on Espruino`, instead: "use only g and i" };
  let depth = 0;
  let rest = pattern;
  let before = "";
  let alternation = false;
  while (rest) {
    const atom = ATOM.exec(rest)?.[0] ?? rest;
    const problem = atomProblem(atom, rest, before, depth);
    if (problem) return problem;
    if (atom === "(") depth++;
    if (atom === ")") depth--;
    if (atom === "|") alternation = true;
    before = atom;
    rest = rest.slice(atom.length);
  }
  const anchored = pattern.split("|").filter((branch2) => branch2.startsWith("^")).length;
  if (alternation && anchored > 0 && anchored < pattern.split("|").length)
    return { message: "Espruino stops at a `^` that fails, without trying the other alternatives", instead: OWN_LOOP };
  return void 0;
}
function atomProblem(atom, rest, before, depth) {
  if (atom === "(" && rest[1] === "?")
    return { message: "Espruino has no look-around, named or non-capturing groups", instead: "use a plain group" };
  if (atom === "(" && depth > 0)
    return { message: "Espruino returns wrong texts for nested groups", instead: "use two expressions" };
  if (atom === "|" && depth > 0)
    return { message: "Espruino takes `|` inside a group for the end of the pattern", instead: OWN_LOOP };
  if (atom === "?")
    return { message: "Espruino has no `?` in regular expressions", instead: "use `*`, or two expressions" };
  if (atom === "{") return { message: "Espruino has no counted repeats", instead: "write the part out" };
  if ((atom === "*" || atom === "+") && before === ")")
    return { message: "Espruino cannot repeat a group", instead: OWN_LOOP };
  if (atom === "[]" || atom === "[^]") return { message: "Espruino has no empty classes", instead: "use `.`" };
  const escapes = atom[0] === "[" ? [...atom.matchAll(/\\(x[0-9a-fA-F]{2}|.)/gs)].map((m) => m[1]) : [];
  if (atom[0] === "\\") escapes.push(atom.slice(1));
  const strange = escapes.find((escape) => escape.length === 1 && !ESCAPES.includes(escape));
  if (strange !== void 0)
    return { message: `Espruino does not know \`\\${strange}\` in regular expressions`, instead: OWN_LOOP };
  return void 0;
}
var escapeSlash = (part) => part === "/" ? "\\/" : part;
function endsEarly(pattern) {
  return /^(?:\\.|[^\\/])*\//s.test(pattern);
}
function rewriteRegex(pattern) {
  let rewritten = "";
  let rest = pattern;
  while (rest) {
    const source = ATOM.exec(rest)?.[0] ?? rest;
    const atom = source === "." ? "[^\\n\\r]" : source[0] === "[" ? source.replace(/\\.|\//gs, escapeSlash) : source;
    rest = rest.slice(source.length);
    const negated = atom.startsWith("[^") || /^\\[SWD]$/.test(atom) || /^\[.*\\[SWD].*\]$/s.test(atom);
    if (negated && rest[0] === "+") {
      rewritten += `${atom}${atom}*`;
      rest = rest.slice(1);
    } else rewritten += atom;
  }
  return rewritten;
}

// tools/build/prepare.ts
var t = babel.types;
var REQUIRE = "__deviceRequire";
function prepare(ast, report) {
  babel.traverse(ast, {
    Program: { exit: dropExports },
    VariableDeclaration(path) {
      declareClass(path);
      useLet(path);
    },
    ClassExpression: { exit: (path) => dropName(path, report) },
    Class: {
      enter(path) {
        renamePrivate(path, report);
        addConstructor(path, report);
      }
    },
    CallExpression: lowerSuperCall,
    ObjectExpression: { exit: (path) => lowerComputedKeys(path, report) },
    Identifier(path) {
      if (path.node.name === REQUIRE && path.isReferencedIdentifier()) path.node.name = "require";
      if (path.node.name === "arguments" && path.isReferencedIdentifier()) lowerArguments(path, report);
    },
    RegExpLiteral({ node }) {
      node.pattern = rewriteRegex(node.pattern);
      delete node.extra;
    }
  });
}
function dropExports(program) {
  for (const path of program.get("body")) {
    if (path.isExportNamedDeclaration()) {
      if (path.node.declaration) path.replaceWith(path.node.declaration);
      else path.remove();
    } else if (path.isExportDefaultDeclaration()) {
      const { declaration } = path.node;
      if (t.isExpression(declaration)) path.replaceWith(t.expressionStatement(declaration));
      else if ((t.isFunctionDeclaration(declaration) || t.isClassDeclaration(declaration)) && declaration.id)
        path.replaceWith(declaration);
      else path.remove();
    }
  }
}
function declareClass(path) {
  const [declarator, ...others] = path.node.declarations;
  if (!declarator || others.length > 0 || !path.parentPath.isProgram() && !path.parentPath.isBlockStatement()) return;
  const { id, init } = declarator;
  if (id.type !== "Identifier" || init?.type !== "ClassExpression" || !path.scope.getBinding(id.name)?.constant) return;
  const value = path.get("declarations.0.init");
  if (!renameSelf(value, id.name)) return;
  path.scope.removeBinding(id.name);
  path.replaceWith(t.inherits(t.classDeclaration(t.cloneNode(id), init.superClass, init.body), path.node));
}
function useLet({ node, scope }) {
  if (node.kind !== "const") return;
  const names = Object.keys(t.getBindingIdentifiers(node));
  if (names.every((name) => scope.getBinding(name)?.constant)) node.kind = "let";
}
function renameSelf(path, name) {
  const { id } = path.node;
  if (!id) return true;
  const own = path.scope.getOwnBinding(id.name);
  const outer = path.scope.parent.getBinding(name);
  for (const reference of own?.referencePaths ?? []) {
    if (reference.scope.getBinding(name) !== outer) return false;
    reference.replaceWith(t.identifier(name));
  }
  path.node.id = null;
  return true;
}
function dropName(path, report) {
  const { id } = path.node;
  if (!id) return;
  const { parent } = path;
  const used = (path.scope.getOwnBinding(id.name)?.referencePaths.length ?? 0) > 0;
  const outer = t.isVariableDeclarator(parent) && t.isIdentifier(parent.id) ? parent.id.name : void 0;
  if (!used) path.node.id = null;
  else if (!outer || !path.scope.parent.getBinding(outer)?.constant || !renameSelf(path, outer))
    report(id, "class-name", `Espruino does not know ${id.name} inside this class expression`, "declare the class");
}
function renamePrivate(path, report) {
  const own = /* @__PURE__ */ new Map();
  for (const member2 of path.node.body.body)
    if (member2.type === "ClassPrivateProperty" || member2.type === "ClassPrivateMethod") own.set(member2.key.id.name, "");
  if (own.size === 0) return;
  for (const name of own.keys()) own.set(name, `_${path.scope.generateUid(name).replace(/^_+/, "")}$`);
  path.traverse({
    Class(inner) {
      for (const member2 of inner.node.body.body)
        if ((member2.type === "ClassPrivateProperty" || member2.type === "ClassPrivateMethod") && own.has(member2.key.id.name))
          report(
            member2,
            "private-name",
            `#${member2.key.id.name} is declared in an outer class too`,
            "use another name"
          );
    },
    BinaryExpression({ node }) {
      if (node.left.type === "PrivateName")
        report(node, "private-in", "`#x in object` cannot be lowered", "compare the constructor, or keep a flag");
    },
    PrivateName(name) {
      const renamed = own.get(name.node.id.name);
      if (renamed && name.parentPath.isMemberExpression())
        name.replaceWith(t.inherits(t.identifier(renamed), name.node));
    }
  });
  path.node.body.body = path.node.body.body.map((member2) => {
    if (member2.type !== "ClassPrivateProperty" && member2.type !== "ClassPrivateMethod") return member2;
    const key = t.inherits(t.identifier(own.get(member2.key.id.name)), member2.key);
    if (member2.type === "ClassPrivateProperty")
      return t.inherits(t.classProperty(key, member2.value, null, null, false, member2.static), member2);
    const { kind, params, body, generator, async: isAsync } = member2;
    const method = t.classMethod(
      kind,
      key,
      params,
      body,
      false,
      member2.static
    );
    return t.inherits(Object.assign(method, { generator: generator ?? false, async: isAsync ?? false }), member2);
  });
}
var constructorOf = (node) => node.body.body.find((member2) => member2.type === "ClassMethod" && member2.kind === "constructor");
function addConstructor(path, report) {
  const { node } = path;
  const hasFields = node.body.body.some((member2) => member2.type === "ClassProperty" && !member2.static);
  if (!node.superClass || !hasFields || constructorOf(node)) return;
  const count = argumentCount(path);
  if (count === void 0) {
    report(node, "derived-constructor", "how many arguments the base class takes is not known", "write a constructor");
    return;
  }
  const names = Array.from({ length: count }, (_, index) => t.identifier(`a${index}`));
  const call2 = t.expressionStatement(t.callExpression(t.super(), names));
  node.body.body.unshift(
    t.classMethod(
      "constructor",
      t.identifier("constructor"),
      names.map((name) => t.cloneNode(name)),
      t.blockStatement([call2])
    )
  );
}
function argumentCount(path) {
  const { superClass } = path.node;
  if (!superClass) return 0;
  const found = superClass.type === "Identifier" ? path.scope.getBinding(superClass.name)?.path : void 0;
  const init = found?.isVariableDeclarator() ? found.get("init") : found;
  if (!init || Array.isArray(init) || !init.isClass()) return void 0;
  const own = constructorOf(init.node);
  if (!own) return argumentCount(init);
  return own.params.some((parameter) => parameter.type === "RestElement") ? void 0 : own.params.length;
}
function lowerSuperCall(path) {
  const { callee } = path.node;
  if (callee.type !== "MemberExpression" || callee.object.type !== "Super") return;
  const owner = path.findParent((up) => up.isClass());
  const member2 = path.findParent((up) => up.isClassMethod() || up.isClassProperty());
  const base = owner?.node.superClass;
  if (base?.type !== "Identifier" || !member2) return;
  const isStatic = member2.node.static;
  const holder = isStatic ? t.cloneNode(base) : t.memberExpression(t.cloneNode(base), t.identifier("prototype"));
  path.node.callee = t.memberExpression(
    t.inherits(t.memberExpression(holder, callee.property), callee),
    t.identifier("call")
  );
  path.node.arguments.unshift(t.thisExpression());
}
function lowerArguments(path, report) {
  if (path.scope.hasBinding("arguments", true)) return;
  const nearest = path.getFunctionParent();
  if (!nearest?.isArrowFunctionExpression()) return;
  const owner = path.findParent((up) => up.isFunction() && !up.isArrowFunctionExpression());
  if (!owner?.isFunction()) {
    report(path.node, "arguments", "`arguments` outside a function", "use a rest parameter");
    return;
  }
  const saved = owner.getData("arguments") ?? owner.scope.generateUid("args");
  if (!owner.getData("arguments")) {
    owner.setData("arguments", saved);
    owner.scope.push({ id: t.identifier(saved), init: t.identifier("arguments") });
  }
  path.node.name = saved;
}
function lowerComputedKeys(path, report) {
  const members = path.node.properties;
  for (const member2 of members)
    if (member2.type !== "SpreadElement" && member2.computed && t.isLiteral(member2.key) && !t.isTemplateLiteral(member2.key))
      member2.computed = false;
  const first = members.findIndex((member2) => member2.type !== "SpreadElement" && member2.computed);
  if (first < 0) return;
  const object = path.scope.generateUidIdentifier("o");
  path.scope.push({ id: t.cloneNode(object) });
  const head = t.assignmentExpression("=", t.cloneNode(object), t.objectExpression(members.slice(0, first)));
  const rest = members.slice(first).map((member2) => {
    if (member2.type === "SpreadElement")
      return t.callExpression(t.memberExpression(t.identifier("Object"), t.identifier("assign")), [
        t.cloneNode(object),
        member2.argument
      ]);
    if (member2.type === "ObjectMethod" && member2.kind !== "method")
      report(member2, "computed-accessor", "getters and setters cannot follow a computed key", "write them first");
    const value = member2.type === "ObjectMethod" ? t.functionExpression(
      null,
      member2.params,
      member2.body,
      false,
      member2.async
    ) : member2.value;
    const isComputed = member2.computed || member2.key.type !== "Identifier";
    const target = t.memberExpression(t.cloneNode(object), member2.key, isComputed);
    return t.assignmentExpression("=", target, value);
  });
  path.replaceWith(t.sequenceExpression([head, ...rest, t.cloneNode(object)]));
}

// tools/build/bundle.ts
async function bundle(entry, root) {
  const modules = ownModules();
  const result2 = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: root,
    outfile: "bundle.js",
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    platform: "neutral",
    conditions: ["source"],
    mainFields: ["module", "main"],
    define: { require: REQUIRE },
    charset: "ascii",
    legalComments: "none",
    treeShaking: true,
    minifySyntax: true,
    sourcemap: "external",
    sourcesContent: true,
    metafile: true,
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: "esnext", verbatimModuleSyntax: true } },
    plugins: [
      {
        name: "own-modules",
        setup(build2) {
          build2.onResolve({ filter: /.*/ }, ({ kind }) => kind === "entry-point" ? { path: entry } : void 0);
          build2.onResolve({ filter: /^hibernode(\/|$)/ }, ({ path }) => {
            const own = resolveOwn(modules, path);
            return own ? { path: own, sideEffects: false } : void 0;
          });
        }
      }
    ]
  }).catch((error) => {
    throw bundleError(error);
  });
  const text = (end) => result2.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const map = JSON.parse(text(".js.map"));
  return {
    code: text(".js"),
    map: { ...map, sources: map.sources.map((source) => source && nameOf(source, root)) },
    files: Object.keys(result2.metafile?.inputs ?? {}).map((file) => resolve(root, file))
  };
}
function nameOf(source, root) {
  const file = resolve(root, source);
  const inside2 = (folder) => file.startsWith(folder + sep) ? relative(folder, file).split(sep).join("/") : void 0;
  const own = inside2(root);
  if (own !== void 0 && !own.includes("node_modules/")) return own;
  const ours = inside2(packageFolder);
  if (ours !== void 0 && !ours.includes("node_modules/")) return `hibernode/${ours}`;
  return source.replace(/^.*node_modules\//, "");
}
function bundleError(failure) {
  const shown = (failure.errors ?? []).map(({ text, location }) => {
    if (!location) return text;
    const position = { file: location.file, line: location.line, column: location.column + 1 };
    return `${where(position)}: ${text}
${codeFrame(location.lineText, { ...position, line: 1 })}`;
  });
  const [first] = failure.errors ?? [];
  if (shown.length === 0) throw failure;
  return new UserError(`the firmware cannot be bundled

${shown.join("\n\n")}`, {
    where: first?.location ? `${first.location.file}:${first.location.line}` : void 0
  });
}

// tools/build/dialect.ts
import { parse } from "acorn";

// tools/suggest.ts
import { distance } from "fastest-levenshtein";
function nearestName(got, known2) {
  const wanted = got.toLowerCase();
  let best;
  let least = Math.min(got.length, Math.max(3, Math.ceil(got.length / 3) + 1));
  for (const name of known2) {
    const edits = distance(wanted, name.toLowerCase());
    if (edits < least) [best, least] = [name, edits];
  }
  return best ?? (wanted.length > 2 ? known2.find((name) => name.toLowerCase().startsWith(wanted)) : void 0);
}

// tools/build/globals.ts
var words = (text) => text.trim().split(/\s+/);
var GLOBALS = /* @__PURE__ */ new Set([
  ...words(`
    Array ArrayBuffer ArrayBufferView Bluetooth DataView Date E ESP32 Error Float32Array Float64Array Function Graphics
    HIGH I2C I2C1 I2C2 Infinity Int16Array Int32Array Int8Array InternalError JSON LED LED1 LOW LoopbackA LoopbackB
    Math Modules NRF NaN Number Object OneWire Pin Promise ReferenceError RegExp SPI SPI1 SPI2 Serial Serial1 Serial2
    Serial3 Server Socket StorageFile String SyntaxError TypeError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray Waveform Boolean BTN BTN1
    analogRead analogWrite atob btoa changeInterval clearInterval clearTimeout clearWatch console decodeURIComponent
    digitalPulse digitalRead digitalWrite dump echo edit encodeURIComponent eval exports getPinMode getSerial getTime
    global globalThis isFinite isNaN load module parseFloat parseInt peek16 peek32 peek8 pinMode poke16 poke32 poke8
    print process require reset save setBusyIndicator setDeepSleep setInterval setSleepIndicator setTime setTimeout
    setWatch shiftOut trace undefined`),
  ...Array.from({ length: 49 }, (_, pin) => `D${pin}`)
]);
var STATICS = new Map(
  Object.entries({
    Array: "isArray",
    ArrayBuffer: "",
    Date: "now parse",
    E: `CRC32 FFT HSBtoRGB asUTF8 asm clip compiledC connectSDRCard convolve decodeUTF8 defrag dumpFragmentation
      dumpFreeList dumpLockedVars dumpStr dumpVariables emit enableWatchdog fromUTF8 getAddressOf getAnalogVRef getClock
      getConsole getErrorFlags getFlags getPowerUsage getSizeOf getTemperature hwRand isUTF8 kickWatchdog lockConsole
      lookupNoCase mapInPlace memoryArea memoryMap nativeCall on openFile pipe reboot removeAllListeners removeListener
      reverseByte setBootCode setClock setConsole setDST setFlags setPassword setTimeZone showMenu srand
      stopEventPropagation sum toArrayBuffer toFlatString toJS toString toUint8Array unmountSD variance`,
    ESP32: `deepSleep deepSleepExt0 deepSleepExt1 enableBLE enableWifi getState getWakeupCause getWakeupPin lightSleep
      reboot setAtten setBLE_Debug setOTAValid`,
    JSON: "parse stringify",
    Math: `E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil clip cos exp floor log max min pow
      randInt random round sin sqrt tan wrap`,
    Modules: "addCached getCached removeAllCached removeCached",
    Number: "MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
    Object: `assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor
      getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf keys setPrototypeOf values`,
    Promise: "all reject resolve",
    String: "fromCharCode",
    console: "debug error info log trace warn",
    process: "env memory on removeAllListeners removeListener version"
  }).map(([name, members]) => [name, words(`${members} prototype`)])
);
var MISSING_METHODS = /* @__PURE__ */ new Map([
  ["at", "use an index: list[list.length - 1]"],
  ["codePointAt", "use charCodeAt"],
  ["copyWithin", "use set(subarray(\u2026), \u2026)"],
  ["finally", "use then(done, done)"],
  ["findLast", "loop from the end"],
  ["findLastIndex", "loop from the end"],
  ["flat", "use [].concat.apply([], lists)"],
  ["flatMap", "use map, then [].concat.apply([], lists)"],
  ["localeCompare", "compare with < and >"],
  ["matchAll", "call exec in a loop"],
  ["normalize", "keep text in one form"],
  ["reduceRight", "reverse a copy, or loop from the end"],
  ["search", "use exec, or indexOf"],
  ["toExponential", "scale the number yourself"],
  ["toPrecision", "use toFixed"],
  ["toReversed", "use slice().reverse()"],
  ["toSorted", "use slice().sort()"],
  ["toSpliced", "splice a copy"],
  ["trimEnd", "use trim"],
  ["trimStart", "use trim"]
]);

// tools/build/scopes.ts
function childrenOf(node) {
  const found = [];
  for (const value of Object.values(node))
    for (const item of Array.isArray(value) ? value : [value])
      if (item && typeof item.type === "string" && typeof item.start === "number")
        found.push(item);
  return found;
}
var isFunction = (node) => node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
var opensBlock = (node) => /^(BlockStatement|For(In|Of)?Statement|SwitchStatement|CatchClause|ClassExpression|ClassDeclaration)$/.test(
  node.type
);
function analyse(program) {
  const of = /* @__PURE__ */ new Map();
  const all = [];
  const parents = /* @__PURE__ */ new Map();
  const open = (node, parent) => {
    const scope = { node, parent, names: /* @__PURE__ */ new Map() };
    all.push(scope);
    return scope;
  };
  const declare2 = (scope, kind, pattern, at) => {
    if (pattern.type === "Identifier") {
      const { name } = pattern;
      const known2 = scope.names.get(name);
      if (known2) known2.declarations.push(at);
      else scope.names.set(name, { name, kind, declarations: [at], scope, references: [] });
    } else for (const child of childrenOf(pattern)) declare2(scope, kind, child, at);
  };
  const functionScope = (scope) => !scope.parent || isFunction(scope.node) ? scope : functionScope(scope.parent);
  const uses = [];
  const visit = (node, outer, parent) => {
    if (parent) parents.set(node, parent);
    const loose = node;
    let scope = outer;
    if (node.type === "VariableDeclaration")
      for (const declarator of loose.declarations) {
        const kind = loose.kind;
        declare2(kind === "var" ? functionScope(outer) : outer, kind, declarator.id, declarator);
      }
    if (node.type === "FunctionDeclaration" && loose.id) declare2(outer, "function", loose.id, node);
    if (node.type === "ClassDeclaration" && loose.id) declare2(outer, "class", loose.id, node);
    if (isFunction(node)) {
      scope = open(node, outer);
      if (node.type === "FunctionExpression" && loose.id) declare2(scope, "function", loose.id, node);
      for (const parameter of loose.params) declare2(scope, "parameter", parameter, node);
    } else if (opensBlock(node) && !(parent && isFunction(parent))) {
      scope = open(node, outer);
      if (node.type === "CatchClause" && loose.param) declare2(scope, "catch", loose.param, node);
      if (node.type === "ClassExpression" && loose.id) declare2(scope, "class", loose.id, node);
    }
    if (node.type === "Identifier" && parent && isReference(loose, parent))
      uses.push({ identifier: node, scope });
    for (const child of childrenOf(node)) visit(child, scope, node);
  };
  visit(program, open(program, void 0), void 0);
  for (const { identifier, scope } of uses) {
    let at = scope;
    while (at && !at.names.has(identifier.name)) at = at.parent;
    const declared2 = at?.names.get(identifier.name);
    of.set(identifier, declared2);
    declared2?.references.push(identifier);
  }
  return { of, all, parents };
}
function isReference(node, parent) {
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed === true;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed === true;
    case "VariableDeclarator":
      return parent.init === node;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "CatchClause":
      return false;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent.body === node;
    case "ClassDeclaration":
    case "ClassExpression":
      return parent.superClass === node;
    default:
      return true;
  }
}

// tools/build/dialect-names.ts
function checkNames(program, scopes, more, find) {
  for (const [identifier, declared2] of scopes.of) if (!declared2) checkFree(identifier, scopes, more, find);
  const defined = definedProperties(program);
  const visit = (node) => {
    if (node.type === "MemberExpression") checkMember(node, scopes, defined, find);
    if (node.type === "CallExpression") checkCall(node, scopes, find);
    childrenOf(node).forEach(visit);
  };
  visit(program);
}
function checkFree(identifier, { parents }, more, find) {
  const { name } = identifier;
  const parent = parents.get(identifier);
  if (name === "arguments") {
    let at = identifier;
    while (at && !isFunction(at)) at = parents.get(at);
    if (!at || at.type === "ArrowFunctionExpression")
      find(identifier, "arguments", "Espruino's arrows have no `arguments`", "use a rest parameter");
    return;
  }
  if (name === "Uint24Array")
    find(identifier, "not-simulated", "the simulator has no Uint24Array", "use Uint8Array or Uint32Array");
  else if (more.has(name) || parent?.type === "UnaryExpression" && parent.operator === "typeof") return;
  else if (!GLOBALS.has(name)) {
    const near = nearestName(name, [...GLOBALS]);
    find(
      identifier,
      "unknown-global",
      `the board has no global called ${name}`,
      near ? `did you mean ${near}?` : "declare it, or test it with typeof"
    );
  } else if (parent?.type === "AssignmentExpression" && parent.left === identifier || parent?.type === "UpdateExpression")
    find(
      identifier,
      "assign-builtin",
      `Espruino does not let ${name} be assigned like that`,
      `write global.${name} = \u2026`
    );
}
function definedProperties(program) {
  const found = /* @__PURE__ */ new Set();
  const add2 = (key) => {
    if (key.type === "Identifier") found.add(key.name);
    if (key.type === "Literal") found.add(String(key.value));
  };
  const visit = (node) => {
    const loose = node;
    if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(node.type)) add2(loose.key);
    if (node.type === "AssignmentExpression" && loose.left.type === "MemberExpression")
      add2(loose.left.property);
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return found;
}
var PROTOTYPES = /^(Array|String|Number|Function|Promise|Date|RegExp|\w+Array|DataView|ArrayBuffer)$/;
function checkMember(node, scopes, defined, find) {
  const object = node.object;
  const property = node.property;
  if (node.computed || property.type !== "Identifier") return;
  const name = property.name;
  const parent = scopes.parents.get(node);
  const isTarget = parent?.type === "AssignmentExpression" && parent.left === node;
  const free = (at) => at.type === "Identifier" && !scopes.of.get(at) ? at.name : void 0;
  const owner = free(object);
  const members = owner === void 0 ? void 0 : STATICS.get(owner);
  if (members && !members.includes(name) && !isTarget) {
    const near = nearestName(name, members);
    find(
      node,
      "missing-builtin",
      `Espruino has no ${owner}.${name}`,
      near ? `did you mean ${owner}.${near}?` : `${owner} has: ${members.join(", ")}`
    );
  } else if (object.type === "MemberExpression" && !isTarget) {
    const holder = free(object.object);
    const isPrototype = object.property.name === "prototype";
    if (isPrototype && holder && PROTOTYPES.test(holder))
      find(
        node,
        "builtin-prototype",
        `${holder}.prototype.${name} is undefined on Espruino`,
        `take it from an instance: [].${name}`
      );
  }
  const instead = MISSING_METHODS.get(name);
  const isCalled = parent?.type === "CallExpression" && parent.callee === node;
  if (instead && isCalled && !members && !defined.has(name))
    find(property, "missing-method", `nothing on Espruino has a method ${name}()`, instead);
}
function checkCall(node, scopes, find) {
  const callee = node.callee;
  const given = node.arguments;
  const isNothing = (at) => !at || at.type === "Literal" && at.value === null || at.type === "Identifier" && at.name === "undefined" || at.type === "UnaryExpression" && at.operator === "void";
  if (callee.type === "Identifier" && !scopes.of.get(callee)) {
    const name2 = callee.name;
    if (/^clear(Timeout|Interval|Watch)$/.test(name2) && given.length === 1 && isNothing(given[0]))
      find(node, "clear-undefined", `${name2}(undefined) throws`, `test the id, or call ${name2}() to clear all`);
  }
  if (callee.type !== "MemberExpression" || callee.computed) return;
  const { name } = callee.property;
  const object = callee.object;
  const isJson = object.type === "Identifier" && object.name === "JSON";
  if (isJson && (name === "parse" || name === "stringify") && !isNothing(given[1]))
    find(
      node,
      "json-callback",
      `Espruino's JSON.${name} ignores its second argument`,
      "change the object before or after"
    );
  if (isJson && name === "stringify" && !isNothing(given[2]))
    find(node, "json-space", "Espruino indents JSON in another way", "leave the third argument out");
  if (name === "split" && given.length > 1)
    find(node, "split-limit", "Espruino's split ignores its limit", "use slice on the result");
}

// tools/build/dialect-order.ts
function checkOrder(program, scopes, find) {
  const visit = (node) => {
    const list = statementsOf(node);
    if (list) checkList(list, scopes, find);
    if (node.type === "BlockStatement" && !isFunction(scopes.parents.get(node) ?? node)) checkBlock(list, find);
    childrenOf(node).forEach(visit);
  };
  visit(program);
  for (const scope of scopes.all)
    for (const declared2 of scope.names.values()) if (declared2.kind === "var") checkBranch(declared2, scopes, find);
}
function checkBlock(list, find) {
  const isLexical = (node) => node.type === "VariableDeclaration" && node.kind !== "var" || node.type === "ClassDeclaration";
  const made = (node) => isFunction(node) || childrenOf(node).some(made);
  const first = list.findIndex(isLexical);
  const early = list.slice(0, Math.max(first, 0)).find(made);
  if (early)
    find(
      early,
      "late-scope",
      "on Espruino this function does not see the block's variables",
      "begin the block with a let"
    );
}
function statementsOf(node) {
  const { body, consequent } = node;
  if (node.type === "Program" || node.type === "BlockStatement") return body;
  return node.type === "SwitchCase" ? consequent : void 0;
}
function checkList(list, scopes, find) {
  const touched = /* @__PURE__ */ new Set();
  const touch = (node) => {
    for (const declared2 of mentions(node, scopes)) {
      if (touched.has(declared2)) continue;
      touched.add(declared2);
      valuesOf2(declared2, scopes).forEach(touch);
    }
  };
  const declare2 = (at, id) => {
    for (const declared2 of touched)
      if (declared2.name === id.name && declared2.declarations.includes(at) && isFirst(declared2, at))
        find(
          at,
          "hoisting",
          `${id.name} may be used before this line runs: Espruino hoists nothing`,
          "declare it further up"
        );
  };
  for (const statement2 of list) {
    const loose = statement2;
    if (statement2.type === "FunctionDeclaration") declare2(statement2, loose.id);
    else {
      const declaration = headOf(loose);
      if (declaration?.type === "VariableDeclaration" && declaration.kind === "var")
        for (const declarator of declaration.declarations) {
          const init = declarator.init;
          if (init && !isFunction(init)) touch(init);
          declare2(declarator, declarator.id);
        }
      if (statement2.type !== "VariableDeclaration") touch(statement2);
      else for (const { init } of loose.declarations) if (init && !isFunction(init)) touch(init);
    }
  }
}
function headOf(statement2) {
  if (statement2.type === "ForStatement") return statement2.init;
  return /^For(In|Of)Statement$/.test(statement2.type) ? statement2.left : statement2;
}
var isFirst = (declared2, at) => declared2.declarations[0] === at;
function mentions(node, scopes) {
  const found = /* @__PURE__ */ new Set();
  const walk = (inner) => {
    const declared2 = inner.type === "Identifier" ? scopes.of.get(inner) : void 0;
    if (declared2) found.add(declared2);
    childrenOf(inner).forEach(walk);
  };
  walk(node);
  return found;
}
function valuesOf2(declared2, { parents }) {
  const values = declared2.declarations.flatMap(
    (at) => at.type === "VariableDeclarator" ? [at.init] : declared2.kind === "parameter" ? [] : [at]
  );
  for (const reference of declared2.references) {
    const parent = parents.get(reference);
    if (parent?.type === "AssignmentExpression" && parent.left === reference) values.push(parent.right);
  }
  return values.filter((value) => value && (isFunction(value) || /^Class|Object|Call/.test(value.type)));
}
function checkBranch(declared2, { parents }, find) {
  const first = declared2.declarations[0];
  let at = first;
  let region;
  while (at !== declared2.scope.node) {
    const parent = parents.get(at);
    if (!parent || isFunction(parent)) break;
    const runsAlways = /^(Program|VariableDeclaration|VariableDeclarator)$/.test(parent.type) || parent.type === "BlockStatement" && (parents.get(parent) === void 0 || isFunction(parents.get(parent))) || /^For(In|Of)?Statement$/.test(parent.type) && headOf(parent) === at;
    const isRegion = /^(BlockStatement|SwitchCase|For(In|Of)Statement)$/.test(parent.type);
    if (!runsAlways) region ??= isRegion ? parent : at;
    at = parent;
  }
  if (!region) return;
  const { start, end } = region;
  if (declared2.references.some((reference) => reference.start < start || reference.end > end))
    find(
      first,
      "var-in-branch",
      `\`var ${declared2.name}\` does not exist where its branch did not run`,
      "declare it before the branch"
    );
}

// tools/build/refuse.ts
import babel2 from "@babel/core";
var RESERVED = new Set(
  "if else do while for break continue function return var let const this throw try catch finally true false null undefined new in instanceof switch case default delete typeof void debugger class extends super static of".split(" ")
);
var BUILT_IN_CLASSES = /^(Object|Function|Array|String|Number|Boolean|Promise|Date|RegExp|\w*Error|\w+Array|ArrayBuffer|DataView)$/;
var t2 = babel2.types;
function reporter(findings, locate) {
  return (node, rule, message, instead) => {
    const found = node.loc ? locate(node.loc.start.line, node.loc.start.column) : void 0;
    findings.push({ rule, message, instead, position: found?.position, source: found?.source });
  };
}
function refuseUnsupported(ast, report) {
  babel2.traverse(ast, {
    Function: (path) => refuseFunction(path, report),
    Class: (path) => refuseClass(path, report),
    ForOfStatement({ node }) {
      if (node.await) report(node, "for-await", "`for await` cannot be lowered", "await inside a plain for loop");
    },
    AwaitExpression(path) {
      if (!path.getFunctionParent())
        report(
          path.node,
          "top-level-await",
          "`await` outside a function",
          "put it into an async function and call that"
        );
    },
    LabeledStatement: ({ node }) => report(node, "label", "Espruino has no labels", "put the loops into a function and leave it with return"),
    BigIntLiteral: ({ node }) => report(node, "bigint", "Espruino has no BigInt", "split the number, or use a double (exact up to 2^53)"),
    TaggedTemplateExpression: ({ node }) => report(node, "tagged-template", "Espruino has no tagged templates", "call the function with plain arguments"),
    WithStatement: ({ node }) => report(node, "with", "Espruino has no `with`", "name the object"),
    MetaProperty: ({ node }) => report(node, "meta-property", `Espruino has no ${node.meta.name}.${node.property.name}`, "pass the value in"),
    Import: ({ node }) => report(node, "dynamic-import", "`import()` is not bundled", 'import it, or require("\u2026")'),
    Decorator: ({ node }) => report(node, "decorator", "decorators are not lowered", "call the function yourself"),
    StringLiteral: ({ node }) => refuseWide(node, node.value, report),
    TemplateElement: ({ node }) => refuseWide(node, node.value.cooked ?? "", report),
    RegExpLiteral({ node }) {
      const problem = regexProblem(node.pattern, node.flags);
      if (problem) report(node, "regex", problem.message, problem.instead);
    },
    NewExpression({ node }) {
      if (node.arguments.some((argument) => argument.type === "SpreadElement"))
        report(node, "new-spread", "`new X(...list)` cannot be lowered", "pass the arguments one by one");
    },
    ObjectMember(path) {
      if (path.isObjectMethod() && path.node.computed && path.node.kind !== "method")
        report(path.node, "computed-accessor", "computed getters and setters cannot be lowered", "use a method");
    },
    Super: (path) => refuseSuper(path, report),
    VariableDeclaration({ node }) {
      if (node.kind === "using" || node.kind === "await using")
        report(node, "using", "`using` is not lowered", "release it in `finally`");
    },
    ForXStatement(path) {
      if (!t2.isVariableDeclaration(path.node.left) && !t2.isIdentifier(path.node.left))
        report(path.node, "loop-target", "Espruino's for-in and for-of need a variable", "assign inside the body");
    }
  });
}
function refuseFunction({ node }, report) {
  if (node.generator)
    report(node, "generator", "Espruino has no generators", "return an array, or take a callback for each item");
}
function refuseClass(path, report) {
  const base = path.node.superClass;
  if (base) {
    const binding = base.type === "Identifier" ? path.scope.getBinding(base.name) : void 0;
    if (base.type !== "Identifier")
      report(base, "extends", "Espruino extends only a class given by its name", "name the base class first");
    else if (!binding && BUILT_IN_CLASSES.test(base.name))
      report(base, "extends-builtin", `Espruino cannot extend ${base.name}`, `keep a ${base.name} in a property`);
    else if (binding?.path.isFunctionDeclaration())
      report(base, "extends-function", `Espruino would not call ${base.name}()`, "make the base a class");
    else if (binding && !binding.constant)
      report(base, "extends", "the base class is assigned more than once", "use one variable per class");
  }
  for (const member2 of path.node.body.body) {
    if (member2.type === "StaticBlock")
      report(member2, "static-block", "Espruino has no static blocks", "write the statements after the class");
    else if (member2.type === "ClassAccessorProperty")
      report(member2, "accessor", "`accessor` fields are not lowered", "write a getter and a setter");
    else if ("computed" in member2 && member2.computed)
      report(
        member2,
        "computed-member",
        "Espruino has no computed class members",
        "assign to the instance, or use an object"
      );
    else if (member2.type === "ClassMethod" && member2.kind !== "constructor") {
      if (member2.key.type !== "Identifier")
        report(member2, "member-name", "Espruino's class methods need a plain name", "rename it, or use an object");
      else if (RESERVED.has(member2.key.name))
        report(member2, "reserved-member", `Espruino reserves the word ${member2.key.name}`, "rename the method");
    }
  }
}
function refuseSuper(path, report) {
  const { parentPath: parent } = path;
  const { node } = path;
  if (parent.isCallExpression()) {
    if (parent.node.arguments.some((argument) => argument.type === "SpreadElement"))
      report(node, "super-spread", "`super(...list)` cannot be lowered", "pass the arguments one by one");
    if (path.getFunctionParent()?.isArrowFunctionExpression())
      report(node, "super-arrow", "`super()` inside an arrow function", "call it in the constructor itself");
    return;
  }
  const called = parent.parentPath?.isCallExpression() && parent.key === "callee";
  if (!called || !parent.isMemberExpression() || parent.node.computed)
    report(node, "super-property", "only calls of `super.method()` can be lowered", "use a method, or `this`");
  else if (!path.findParent((up) => up.isClass()) || path.findParent((up) => up.isClass() || up.isObjectMethod())?.isObjectMethod())
    report(node, "super-object", "Espruino has no `super` in object literals", "name the other object");
}
function refuseWide(node, text, report) {
  const wide = [...text].find((character) => character.charCodeAt(0) > 255);
  if (wide === void 0) return;
  const bytes = [...Buffer.from(wide, "utf8")].map((byte2) => `\\x${byte2.toString(16)}`).join("");
  report(
    node,
    "wide-character",
    `"${wide}" does not fit in one byte: Espruino keeps its low byte`,
    `UTF-8 bytes: "${bytes}"`
  );
}

// tools/build/dialect-syntax.ts
var NEVER = {
  ArrayPattern: ["destructuring", "Espruino has no destructuring", "take the parts one by one"],
  AssignmentPattern: ["default-value", "Espruino has no default values", "test for undefined"],
  AwaitExpression: ["async", "Espruino has no await", "use then"],
  ChainExpression: ["optional-chaining", "Espruino has no `?.`", "test for null and undefined"],
  ImportExpression: ["dynamic-import", "Espruino has no import()", "use require"],
  LabeledStatement: ["label", "Espruino has no labels", "leave the loops with return"],
  MetaProperty: ["meta-property", "Espruino has no new.target", "pass the value in"],
  ObjectPattern: ["destructuring", "Espruino has no destructuring", "take the parts one by one"],
  PrivateIdentifier: ["private-name", "Espruino has no #names", "use a name that begins with _"],
  PropertyDefinition: [
    "class-field",
    "Espruino evaluates class fields with the wrong `this`",
    "assign in the constructor"
  ],
  RestElement: ["rest", "Espruino has no rest parameters", "use arguments"],
  SpreadElement: ["spread", "Espruino has no spread", "use concat, apply or Object.assign"],
  StaticBlock: ["static-block", "Espruino has no static blocks", "write the statements after the class"],
  TaggedTemplateExpression: ["tagged-template", "Espruino has no tagged templates", "call the function"],
  WithStatement: ["with", "Espruino has no `with`", "name the object"],
  YieldExpression: ["generator", "Espruino has no generators", "return an array"]
};
var BUILT_IN = /^(Object|Function|Array|String|Number|Boolean|Promise|Date|RegExp|\w*Error|\w+Array|ArrayBuffer|DataView)$/;
function checkSyntax(program, code, scopes, find) {
  const classes = /* @__PURE__ */ new Map();
  const visit = (node) => {
    const loose = node;
    const never = NEVER[node.type];
    if (never) find(node, ...never);
    CHECKS[node.type]?.(loose, { find, scopes, code });
    if (isFunction(node)) checkFunction(loose, find);
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      checkClass(loose, scopes, find);
      const declared2 = classVariable(loose, scopes);
      if (declared2) classes.set(declared2, loose);
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  checkInheritance(classes, scopes, find);
  for (const scope of scopes.all) for (const declared2 of scope.names.values()) checkDeclared(declared2, scopes, find);
}
var CHECKS = {
  BinaryExpression(node, { find }) {
    if (node.operator === "**") find(node, "exponent", "Espruino has no `**`", "use Math.pow");
    const isHuge = ({ type, value }) => type === "Literal" && typeof value === "number" && value >= 2 ** 63;
    if (/^([|&^]|<<|>>>?)$/.test(node.operator) && (isHuge(node.left) || isHuge(node.right)))
      find(node, "long-number", "Espruino's bits of so large a number are 0", "use a number below 2^63");
  },
  AssignmentExpression(node, { find }) {
    if (/^(\*\*|&&|\|\||\?\?)=$/.test(node.operator))
      find(node, "logical-assignment", `Espruino has no \`${node.operator}\``, "write the assignment out");
    checkLength(node.left, find);
  },
  UpdateExpression: (node, { find }) => checkLength(node.argument, find),
  Literal(node, { find }) {
    const regex = node.regex;
    const problem = regex && regexProblem(regex.pattern, regex.flags);
    if (problem) find(node, "regex", problem.message, problem.instead);
    if (regex && endsEarly(regex.pattern))
      find(node, "regex", "Espruino ends the regular expression at a `/` in a class", "write \\/");
    if (typeof node.bigint === "string") find(node, "bigint", "Espruino has no BigInt", "use a double, or two numbers");
    if (typeof node.value === "string") checkText(node, node.value, find);
    if (typeof node.value === "number" && node.value >= 2 ** 63 && /^\d+$/.test(node.raw))
      find(node, "long-number", "Espruino reads so many digits as another number", "write it with an exponent");
  },
  UnaryExpression(node, { find }) {
    const argument = node.argument;
    if (node.operator === "-" && argument.type === "Literal" && argument.value === 0)
      find(node, "minus-zero", "Espruino's zero has no sign", "write 0");
  },
  ObjectExpression(node, { find }) {
    const names = node.properties.map(({ key }) => String(key?.value ?? ""));
    const isIndex = (name) => /^(0|[1-9]\d{0,8})$/.test(name);
    if (names.some((name, i) => isIndex(name) && i > 0 && !(isIndex(names[i - 1]) && +names[i - 1] < +name)))
      find(
        node,
        "key-order",
        "Espruino keeps numbers among the keys in the order of the text",
        "write them first, ascending"
      );
  },
  ForInStatement(node, { find }) {
    const walk = (inner) => {
      const { operator, argument } = inner;
      if (operator === "delete" && argument.computed)
        find(
          inner,
          "delete-in-loop",
          "Espruino leaves out keys when one is deleted in the loop",
          "loop over Object.keys"
        );
      childrenOf(inner).forEach(walk);
    };
    walk(node.body);
  },
  ThisExpression(node, { find, scopes }) {
    let at = scopes.parents.get(node);
    while (at && (!isFunction(at) || at.type === "ArrowFunctionExpression")) at = scopes.parents.get(at);
    const parent = at && scopes.parents.get(at);
    if (!at || parent?.type === "CallExpression" && parent.callee === at)
      find(node, "global-this", "`this` is the global object here", "write global");
  },
  CallExpression(node, { find, scopes }) {
    const callee = node.callee;
    if (callee.type === "Identifier" && callee.name === "eval" && !scopes.of.get(callee))
      find(node, "eval", "the names that this text uses are shortened in the bundle", "write the code out");
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const object = callee.object;
    const declared2 = object.type === "Identifier" ? scopes.of.get(object) : void 0;
    if (callee.property.name === "toString" && (isFunction(object) || declared2?.kind === "function"))
      find(node, "function-text", "the text of a function is another in the bundle", "keep the text in a string");
  },
  NewExpression(node, { find, scopes }) {
    const declared2 = scopes.of.get(node.callee);
    const made = declared2?.kind === "function" ? declared2.declarations[0] : void 0;
    const walk = (inner) => {
      const value = inner.argument;
      if (inner.type === "ReturnStatement" && value && /^(Literal|TemplateLiteral|BinaryExpression|UnaryExpression)$/.test(value.type))
        find(inner, "constructor-return", "Espruino returns this instead of the new object", "return nothing");
      if (!isFunction(inner) || inner === made) childrenOf(inner).forEach(walk);
    };
    if (made) walk(made);
  },
  TemplateElement: (node, { find }) => checkWide(node, node.value.cooked, find),
  Property(node, { find, scopes }) {
    if (node.computed && scopes.parents.get(node)?.type === "ObjectExpression")
      find(node, "computed-key", "Espruino has no computed keys", "assign after the literal");
  },
  ArrayExpression(node, { find }) {
    if (node.elements.includes(null))
      find(node, "array-hole", "Espruino cannot parse holes in a list", "write undefined");
  },
  DoWhileStatement(node, { find }) {
    if (node.body.type === "EmptyStatement")
      find(node, "empty-do", "Espruino cannot parse `do;while`", "write do{}while");
  },
  SwitchStatement(node, { find }) {
    const cases = node.cases;
    const index = cases.findIndex(({ test }) => !test);
    if (index >= 0 && index < cases.length - 1)
      find(cases[index + 1], "case-after-default", "Espruino wants `default` last", "move it to the end");
  },
  ForStatement(node, { find }) {
    const walk = (inner) => {
      if (inner.type === "BinaryExpression" && inner.operator === "in")
        find(inner, "in-for-init", "Espruino takes this `in` for a for-in loop", "compute it before the loop");
      if (!isFunction(inner)) childrenOf(inner).forEach(walk);
    };
    if (node.init) walk(node.init);
  },
  ForOfStatement(node, { find }) {
    if (node.await) find(node, "async", "Espruino has no `for await`", "use then");
  },
  ReturnStatement(node, { find, code }) {
    if (!node.argument && /^return[^;]*\n\s*[^\s;}]/.test(code.slice(node.start, node.start + 200)))
      find(node, "return-newline", "Espruino returns what is on the next line", "write `return;`");
  },
  Super(node, { find, scopes }) {
    let at = scopes.parents.get(node);
    while (at && !isFunction(at)) at = scopes.parents.get(at);
    const method = at && scopes.parents.get(at);
    if (at?.type === "ArrowFunctionExpression")
      find(node, "super-arrow", "Espruino has no `super` in arrows", "name the base class");
    else if (method?.type !== "MethodDefinition")
      find(node, "super-object", "Espruino has no `super` in objects", "name the object");
  }
};
function checkLength(target, find) {
  if (target.type === "MemberExpression" && !target.computed && target.property.name === "length")
    find(target, "assign-length", "Espruino cannot assign the length of an array", "use splice");
}
function checkText(node, text, find) {
  checkWide(node, text, find);
  const raw = node.raw;
  if (/(^|[^\\])(\\\\)*\\\r?\n/.test(raw))
    find(node, "line-continuation", "Espruino keeps the end of the line in the text", "join two strings");
  if (/(^|[^\\])(\\\\)*\\(0\d|[1-9])/.test(raw))
    find(node, "octal-escape", "octal escapes are not in the language any more", "write \\xNN");
}
function checkWide(node, text, find) {
  if (text !== null && /[^\0-\xff]/.test(text))
    find(
      node,
      "wide-character",
      "a character does not fit in one byte: Espruino keeps its low byte",
      "write UTF-8 bytes as \\xNN"
    );
}
function checkFunction(node, find) {
  if (node.generator) find(node, "generator", "Espruino has no generators", "return an array");
  else if (node.async) find(node, "async", "Espruino has no async functions", "use then");
}
function checkClass(node, { of, parents }, find) {
  if (isReadWhenSkipped(node, parents))
    find(
      node,
      "class-skipped",
      "Espruino cannot read past a class in code that it skips",
      "put it into a block or function"
    );
  const base = node.superClass;
  if (node.type === "ClassExpression" && node.id)
    find(node, "class-name", "Espruino does not bind the name of a class expression", "leave the name out");
  if (base && base.type !== "Identifier")
    find(base, "extends", "Espruino extends only a plain name", "name the base class first");
  else if (base) {
    const declared2 = of.get(base);
    if (!declared2 && BUILT_IN.test(base.name))
      find(base, "extends-builtin", `Espruino cannot extend ${base.name}`, "keep one in a property");
    if (declared2?.kind === "function")
      find(base, "extends-function", "Espruino would not call this function", "make it a class");
  }
  for (const member2 of node.body.body) {
    if (member2.type !== "MethodDefinition") continue;
    const key = member2.key;
    if (member2.computed || key.type !== "Identifier" && key.type !== "PrivateIdentifier")
      find(member2, "member-name", "Espruino's class members need a plain name", "rename the member");
    else if (RESERVED.has(key.name))
      find(member2, "reserved-member", `Espruino reserves the word ${key.name}`, "rename the member");
  }
}
function isReadWhenSkipped(node, parents) {
  let at = node;
  for (let parent = parents.get(at); parent; parent = parents.get(at)) {
    if (parent.type === "BlockStatement") return false;
    if (parent.type === "SwitchCase" || parent.type === "ArrowFunctionExpression" && parent.body === at) return true;
    if (parent.type === "LogicalExpression" && parent.right === at) return true;
    if (/^(If|Conditional)/.test(parent.type) && parent.test !== at) return true;
    if (/^(For|While|DoWhile)/.test(parent.type) && parent.body === at) return true;
    at = parent;
  }
  return false;
}
function classVariable(node, scopes) {
  const parent = scopes.parents.get(node);
  const id = node.type === "ClassDeclaration" ? node.id : parent?.type === "VariableDeclarator" ? parent.id : void 0;
  const name = id?.name;
  const at = node.type === "ClassDeclaration" ? node : parent;
  for (const scope of scopes.all) {
    const declared2 = name === void 0 ? void 0 : scope.names.get(name);
    if (declared2 && at && declared2.declarations.includes(at)) return declared2;
  }
  return void 0;
}
function checkInheritance(classes, scopes, find) {
  const baseOf = (declared2) => {
    const base = classes.get(declared2)?.superClass;
    return base ? scopes.of.get(base) : void 0;
  };
  const assigned = (declared2) => declared2.references.flatMap((reference) => {
    const member2 = scopes.parents.get(reference);
    const parent = member2 && scopes.parents.get(member2);
    const isSet = parent?.type === "AssignmentExpression" && parent.left === member2 && member2?.object === reference;
    return isSet ? [member2.property.name] : [];
  });
  const statics = (declared2) => {
    const members = classes.get(declared2).body.body;
    const own = members.filter((member2) => member2.static).map((member2) => member2.key.name);
    return /* @__PURE__ */ new Set([...own, ...assigned(declared2)]);
  };
  const inherited = (declared2, name) => {
    if (statics(declared2).has(name)) return false;
    for (let base = baseOf(declared2); base && classes.has(base); base = baseOf(base))
      if (statics(base).has(name)) return true;
    return false;
  };
  for (const [declared2, node] of classes) {
    const check2 = (member2, object) => {
      if (member2?.type !== "MemberExpression" || member2.object !== object || member2.computed) return;
      const name = member2.property.name;
      if (inherited(declared2, name))
        find(
          member2,
          "static-inheritance",
          `Espruino does not inherit the static member ${name}`,
          "name the class that has it"
        );
    };
    for (const reference of declared2.references) check2(scopes.parents.get(reference), reference);
    const hasSubclass = [...classes.keys()].some((other) => baseOf(other) === declared2);
    const walk = (inner, isStatic) => {
      if (inner.type === "ThisExpression" && isStatic) check2(scopes.parents.get(inner), inner);
      if (inner.type === "Super" && hasSubclass && scopes.parents.get(inner)?.type === "MemberExpression")
        find(
          inner,
          "super-method",
          "in a subclass of this one, Espruino would call this method for ever",
          "name the base class"
        );
      for (const child of childrenOf(inner))
        walk(child, isStatic || inner.type === "MethodDefinition" && inner.static === true);
    };
    walk(node, false);
  }
}
function checkDeclared(declared2, scopes, find) {
  const first = declared2.declarations[0];
  if (RESERVED.has(declared2.name))
    find(first, "reserved-name", `Espruino reserves the word ${declared2.name}`, "rename the variable");
  const loop2 = declared2.scope.node;
  if (!/^For(In|Of)?Statement$/.test(loop2.type) || declared2.kind === "var") return;
  const isCaptured = declared2.references.some((reference) => {
    let at = reference;
    while (at && at !== loop2 && !isFunction(at)) at = scopes.parents.get(at);
    return at !== loop2;
  });
  if (isCaptured)
    find(
      first,
      "loop-closure",
      `closures share one ${declared2.name} for all rounds on Espruino`,
      "copy it to a variable in the body"
    );
}

// tools/build/dialect-update.ts
function checkUpdates(program, scopes, find) {
  const visit = (node) => {
    const { operator, left, right } = node;
    if (node.type === "AssignmentExpression" && operator !== "=" && runs(right) && mayChange(node, left, scopes))
      find(node, "late-read", "Espruino reads what is updated after the right side has run", "keep the right side in a variable first");
    childrenOf(node).forEach(visit);
  };
  visit(program);
}
function runs(node) {
  if (isFunction(node)) return false;
  const { callee } = node;
  const object = callee?.object;
  const isPure2 = object?.type === "Identifier" && /^(Math|String|E|JSON|Object)$/.test(object.name);
  if (node.type === "CallExpression" && !isPure2) return true;
  return /^(New|Assignment|Update)Expression$/.test(node.type) || childrenOf(node).some(runs);
}
function functionAround(node, { parents }) {
  let at = parents.get(node);
  while (at && !isFunction(at)) at = parents.get(at);
  return at;
}
function mayChange(node, left, scopes) {
  if (left.type === "MemberExpression") return true;
  const declared2 = scopes.of.get(left);
  if (!declared2) return true;
  const here = functionAround(node, scopes);
  return declared2.references.some((reference) => {
    const parent = scopes.parents.get(reference);
    const isWritten = parent?.type === "AssignmentExpression" && parent.left === reference || parent?.type === "UpdateExpression";
    if (!isWritten || parent === node) return false;
    return functionAround(reference, scopes) !== here || within(reference, node.right);
  });
}
var within = (inner, outer) => inner.start >= outer.start && inner.end <= outer.end;

// tools/build/dialect.ts
function checkDialect(code, { sourceMap, globals = [] } = {}) {
  const locate = sourceMap ? locateWith(sourceMap) : locateIn("bundle.js", code);
  const findings = [];
  const note = (line, column, rule, message, instead) => {
    const found = locate(line, column) ?? nearby(locate, line, column);
    findings.push({ rule, message, instead, position: found?.position, source: found?.source });
  };
  let program;
  try {
    program = parse(code, {
      ecmaVersion: "latest",
      sourceType: "script",
      locations: true,
      allowAwaitOutsideFunction: true
    });
  } catch (error) {
    const { loc, message } = error;
    note(loc.line, loc.column, "syntax", message.replace(/ \(\d+:\d+\)$/, ""), "correct the syntax");
    return findings;
  }
  const find = (node, rule, message, instead) => {
    const start = node.loc?.start;
    if (start) note(start.line, start.column, rule, message, instead);
  };
  const scopes = analyse(program);
  checkCharacters(code, note);
  checkSyntax(program, code, scopes, find);
  checkOrder(program, scopes, find);
  checkNames(program, scopes, new Set(globals), find);
  checkUpdates(program, scopes, find);
  return findings.sort(
    (a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}
function nearby(locate, line, column) {
  for (let at = column; at >= 0; at -= 8) {
    const found = locate(line, at);
    if (found) return found;
  }
  return void 0;
}
function checkCharacters(code, note) {
  code.split("\n").forEach((text, index) => {
    const column = text.search(/[^\t\r\x20-\x7e]/);
    if (column >= 0)
      note(index + 1, column, "non-ascii", "only ASCII survives the way to the device", "write \\xNN escapes");
  });
}

// tools/build/finish.ts
import babel6 from "@babel/core";
import { minify_sync } from "terser";

// tools/build/arrows.ts
import babel3 from "@babel/core";
var t3 = babel3.types;
function toArrow(path) {
  const { node } = path;
  if (node.id || needsFunction(path)) return;
  path.replaceWith(arrowOf(node));
  path.skip();
}
function functionsFirst(path) {
  const arrows = [];
  const functions2 = [];
  const rest = [];
  for (const statement2 of path.get("body")) {
    const { node } = statement2;
    if (node.type !== "FunctionDeclaration") rest.push(node);
    else if (needsFunction(statement2) || isConstructed(statement2))
      functions2.push(node);
    else arrows.push(t3.variableDeclarator(node.id, arrowOf(node)));
  }
  const first = arrows.length ? [t3.variableDeclaration("let", arrows)] : [];
  path.node.body = [...first, ...functions2, ...rest];
}
function arrowOf({ params, body }) {
  const [only] = body.body;
  const value = body.body.length === 1 && only?.type === "ReturnStatement" ? only.argument : void 0;
  return t3.arrowFunctionExpression(params, value ?? body);
}
function needsFunction(path) {
  if (path.node.generator || path.node.async) return true;
  let found = false;
  path.traverse({
    ThisExpression(inner) {
      found ||= ownerOf(inner) === path.node;
    },
    Identifier(inner) {
      found ||= inner.node.name === "arguments" && inner.isReferencedIdentifier() && ownerOf(inner) === path.node;
    }
  });
  return found;
}
function ownerOf(path) {
  return path.findParent((up) => up.isFunction() && !up.isArrowFunctionExpression())?.node;
}
function isConstructed(path) {
  const { id } = path.node;
  const binding = path.scope.getBinding(id.name);
  if (!binding || binding.constantViolations.length > 0) return true;
  return binding.referencePaths.some(
    ({ parent, key }) => parent.type === "NewExpression" && key === "callee" || parent.type === "MemberExpression" && key === "object" || parent.type === "ClassDeclaration" || parent.type === "ClassExpression"
  );
}

// tools/build/code.ts
import remapping from "@jridgewell/remapping";
var RUNTIME = "async runtime";
var PLAIN = { configFile: false, babelrc: false, browserslistConfigFile: false };
function chain(map, previous) {
  const load = (source, { depth }) => depth === 1 && source !== RUNTIME ? previous : null;
  return JSON.parse(JSON.stringify(remapping(map, load)));
}

// tools/build/compound.ts
import babel4 from "@babel/core";
var t4 = babel4.types;
function keepOldValue(path) {
  const { node } = path;
  const isUpdate = node.type === "AssignmentExpression";
  if (isUpdate ? !/^([-+*/%&|^]|<<|>>>?)=$/.test(node.operator) : node.operator !== "+") return;
  const left = node.left;
  if (!calls(path.get("right")) || !changesElsewhere(path, left, isUpdate) || !isStable(left)) return;
  const owner = path.getFunctionParent() ?? path.scope.getProgramParent().path;
  const old = owner.scope.generateUidIdentifier("o");
  owner.scope.push({ id: old, kind: "var" });
  const operator = isUpdate ? node.operator.slice(0, -1) : node.operator;
  const result2 = t4.binaryExpression(operator, t4.cloneNode(old), node.right);
  const copy = t4.cloneNode(left);
  const keep2 = t4.assignmentExpression("=", t4.cloneNode(old), left);
  path.replaceWith(
    t4.sequenceExpression([keep2, isUpdate ? t4.assignmentExpression("=", copy, result2) : result2])
  );
  path.skip();
}
function calls(right) {
  const isCall = (at) => at.isCallExpression() ? !isPure(at.node) : at.isNewExpression() || at.isAssignmentExpression() || at.isUpdateExpression();
  if (isCall(right)) return true;
  let found = false;
  right.traverse({
    Function: (inner) => inner.skip(),
    Expression(inner) {
      if (!isCall(inner)) return;
      found = true;
      inner.stop();
    }
  });
  return found;
}
function isPure({ callee }) {
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" && /^(Math|String|E|JSON|Object)$/.test(callee.object.name);
}
function changesElsewhere(path, left, isUpdate) {
  const here = path.getFunctionParent()?.node;
  const counts = (violation) => isUpdate || violation.isAssignmentExpression() && violation.node.operator === "+=";
  if (left.type === "Identifier") {
    const binding = path.scope.getBinding(left.name);
    if (!binding) return isUpdate;
    return binding.constantViolations.some(
      (at) => counts(at) && (at.getFunctionParent()?.node !== here || at.findParent((up) => up === path) !== null)
    );
  }
  if (left.type !== "MemberExpression") return false;
  if (isUpdate) return true;
  const name = propertyOf(left);
  let found = false;
  path.scope.getProgramParent().path.traverse({
    AssignmentExpression(at) {
      const { operator, left: target } = at.node;
      if (operator !== "+=" || target.type !== "MemberExpression" || propertyOf(target) !== name) return;
      if (at.getFunctionParent()?.node !== here) found = true;
    }
  });
  return found;
}
var propertyOf = ({ computed, property }) => !computed && property.type === "Identifier" ? property.name : void 0;
function isStable(node) {
  if (node.type === "Identifier" || node.type === "ThisExpression" || t4.isLiteral(node)) return true;
  return node.type === "MemberExpression" && isStable(node.object) && (!node.computed || isStable(node.property));
}

// tools/build/hoist.ts
import babel5 from "@babel/core";
var t5 = babel5.types;
function hoistVariables(path) {
  const body = path.isProgram() ? path.node : path.node.type !== "Program" && path.node.body.type === "BlockStatement" ? path.node.body : void 0;
  if (!body) return;
  const own = Object.values(path.scope.bindings).filter(
    ({ kind, path: at2 }) => kind === "var" && at2.isVariableDeclarator()
  );
  if (own.length === 0) return;
  const list = path.isProgram() ? path.get("body") : path.get("body.body");
  const early = usedEarly(list, own);
  const hoisted = own.filter(
    (binding) => early.has(binding) || !list.some((statement2) => declares(statement2, binding))
  );
  if (hoisted.length === 0) return;
  const names = new Set(hoisted.map(({ identifier }) => identifier.name));
  path.traverse({
    Function: (inner) => inner.skip(),
    VariableDeclaration: { exit: (declaration) => assign(declaration, names) }
  });
  const at = body.body.findIndex((statement2) => statement2.type !== "FunctionDeclaration");
  const declarators = [...names].map((name) => t5.variableDeclarator(t5.identifier(name)));
  const next = body.body[at];
  if (next?.type === "VariableDeclaration" && next.kind === "var") next.declarations.unshift(...declarators);
  else body.body.splice(at < 0 ? body.body.length : at, 0, t5.variableDeclaration("var", declarators));
}
function declarationOf(statement2) {
  if (statement2.isForStatement()) return statement2.get("init");
  return statement2.isForXStatement() ? statement2.get("left") : statement2;
}
function declares(statement2, { identifier }) {
  const declaration = declarationOf(statement2).node;
  return declaration?.type === "VariableDeclaration" && declaration.kind === "var" && declaration.declarations.some(({ id }) => id === identifier);
}
function usedEarly(list, own) {
  const early = /* @__PURE__ */ new Set();
  const touched = /* @__PURE__ */ new Set();
  const touch = (binding) => {
    if (touched.has(binding)) return;
    touched.add(binding);
    for (const value of functionsIn(binding)) mentions2(value).forEach(touch);
  };
  const byName = new Map(own.map((binding) => [binding.identifier, binding]));
  const visit = (part) => {
    if (part.node && !part.isFunction()) mentions2(part).forEach(touch);
  };
  for (const statement2 of list) {
    if (statement2.isFunctionDeclaration()) continue;
    const declaration = declarationOf(statement2);
    if (declaration.isVariableDeclaration({ kind: "var" })) {
      for (const declarator of declaration.get("declarations")) {
        visit(declarator.get("init"));
        const binding = byName.get(declarator.node.id);
        if (binding && touched.has(binding)) early.add(binding);
      }
    }
    if (!statement2.isVariableDeclaration({ kind: "var" })) visit(statement2);
  }
  return early;
}
function functionsIn(binding) {
  const { path } = binding;
  if (path.isFunctionDeclaration() || path.isClassDeclaration()) return [path];
  const values = path.isVariableDeclarator() ? [path.get("init")] : [];
  for (const violation of binding.constantViolations)
    if (violation.isAssignmentExpression()) values.push(violation.get("right"));
    else if (violation.isVariableDeclarator()) values.push(violation.get("init"));
  return values.filter((value) => value.node);
}
var known = /* @__PURE__ */ new WeakMap();
function mentions2(path) {
  const before = known.get(path.node);
  if (before) return before;
  const found = /* @__PURE__ */ new Set();
  known.set(path.node, found);
  const add2 = (identifier) => {
    const binding = identifier.scope.getBinding(identifier.node.name);
    if (binding && binding.identifier !== identifier.node) found.add(binding);
  };
  if (path.isIdentifier()) add2(path);
  path.traverse({ Identifier: add2 });
  return found;
}
function assign(path, names) {
  const { node } = path;
  const isHoisted = ({ id }) => id.type === "Identifier" && names.has(id.name);
  if (node.kind !== "var" || !node.declarations.some(isHoisted)) return;
  const { parent } = path;
  if (t5.isForXStatement(parent) && parent.left === node) {
    parent.left = node.declarations[0].id;
    return;
  }
  const isInit = t5.isForStatement(parent) && parent.init === node;
  if (!node.declarations.every(isHoisted)) {
    node.declarations = node.declarations.filter((declarator) => declarator.init || !isHoisted(declarator));
    return;
  }
  const values = node.declarations.flatMap(
    ({ id, init }) => init ? [t5.assignmentExpression("=", id, init)] : []
  );
  const value = values.length > 1 ? t5.sequenceExpression(values) : values[0];
  if (isInit) parent.init = value ?? null;
  else if (value) path.replaceWith(t5.inherits(t5.expressionStatement(value), node));
  else path.remove();
}

// tools/build/finish.ts
var t6 = babel6.types;
function finish({ code, map }) {
  const ast = babel6.parseSync(code, { ...PLAIN, sourceType: "script" });
  babel6.traverse(ast, {
    Loop: { exit: copyCaptured },
    ForStatement: { exit: moveInit },
    SwitchStatement: { exit: defaultLast },
    Class: { exit: shelterClass },
    "AssignmentExpression|BinaryExpression": { exit: (path) => keepOldValue(path) },
    ArrayExpression({ node }) {
      node.elements = node.elements.map((element) => element ?? t6.unaryExpression("void", t6.numericLiteral(0)));
    },
    UnaryExpression(path) {
      const { operator, argument } = path.node;
      if (operator === "-" && argument.type === "NumericLiteral" && !argument.value) path.replaceWith(argument);
    },
    DoWhileStatement({ node }) {
      if (node.body.type === "EmptyStatement") node.body = t6.blockStatement([]);
    },
    FunctionExpression: { exit: toArrow },
    "Program|BlockStatement": {
      exit(path) {
        functionsFirst(path);
        if (path.isBlockStatement()) openScope(path);
      }
    }
  });
  babel6.traverse.cache.clear();
  babel6.traverse(ast, { "Program|Function": { exit: (path) => hoistVariables(path) } });
  const result2 = babel6.transformFromAstSync(ast, code, {
    ...PLAIN,
    cloneInputAst: false,
    compact: true,
    comments: false,
    sourceMaps: true,
    sourceFileName: "bundle.js"
  });
  return print({ code: result2?.code ?? "", map: chain(result2?.map, map) });
}
function print({ code, map }) {
  const format = { ascii_only: true, ecma: 5 };
  const result2 = minify_sync(
    { "bundle.js": code },
    { compress: false, mangle: false, format, sourceMap: { asObject: true } }
  );
  return { code: result2.code ?? "", map: chain(result2.map, map) };
}
function openScope(path) {
  if (t6.isFunction(path.parent)) return;
  const isLexical = (statement2) => statement2.type === "VariableDeclaration" && statement2.kind !== "var" || statement2.type === "ClassDeclaration";
  const statements2 = path.get("body");
  const first = statements2.findIndex(({ node }) => isLexical(node));
  const makes = (statement2) => {
    let found = statement2.isFunction();
    statement2.traverse({ Function: () => void (found = true) });
    return found;
  };
  if (first <= 0 || !statements2.slice(0, first).some(makes)) return;
  const opener = t6.variableDeclaration("let", [t6.variableDeclarator(path.scope.generateUidIdentifier("b"))]);
  path.node.body.unshift(opener);
}
function copyCaptured(path) {
  const { node } = path;
  const head = node.type === "ForStatement" ? node.init : t6.isForXStatement(node) ? node.left : void 0;
  if (head?.type !== "VariableDeclaration" || head.kind === "var") return;
  const copies = [];
  for (const name of Object.keys(t6.getBindingIdentifiers(head))) {
    const binding = path.scope.getOwnBinding(name);
    const owner = path.getFunctionParent()?.node;
    const inBody = (reference) => reference.find((up) => up.key === "body" && up.parent === node) !== null;
    const isCaptured = binding?.referencePaths.some((reference) => reference.getFunctionParent()?.node !== owner);
    if (!binding || !isCaptured) continue;
    if (node.type === "ForStatement" && binding.constantViolations.some(inBody)) continue;
    const outer = path.scope.generateUid(name);
    const copy = t6.identifier(name);
    for (const reference of [...binding.referencePaths, ...binding.constantViolations])
      if (!inBody(reference)) renameIn(reference, name, outer);
    for (const declarator of head.declarations)
      if (declarator.id.type === "Identifier" && declarator.id.name === name) declarator.id.name = outer;
    copies.push(t6.variableDeclarator(copy, t6.identifier(outer)));
  }
  if (copies.length === 0) return;
  const body = t6.isBlockStatement(node.body) ? node.body : t6.blockStatement([node.body]);
  body.body.unshift(t6.variableDeclaration("let", copies));
  node.body = body;
}
function renameIn(path, from, to) {
  if (path.isIdentifier({ name: from })) path.node.name = to;
  else
    for (const identifier of Object.values(t6.getBindingIdentifiers(path.node, false, true)))
      if (!Array.isArray(identifier) && identifier.name === from) identifier.name = to;
}
function shelterClass(path) {
  if (!isReadWhenSkipped2(path)) return;
  const { node } = path;
  const value = t6.classExpression(null, node.superClass, node.body);
  const shelter = t6.functionExpression(null, [], t6.blockStatement([t6.returnStatement(value)]));
  const call2 = t6.callExpression(shelter, []);
  if (path.isClassExpression()) path.replaceWith(call2);
  else path.replaceWith(t6.variableDeclaration("let", [t6.variableDeclarator(node.id, call2)]));
  path.skip();
}
function isReadWhenSkipped2(path) {
  for (let at = path; at.parentPath; at = at.parentPath) {
    const { parent, key } = at;
    if (t6.isBlockStatement(parent) || t6.isProgram(parent)) return false;
    if (t6.isSwitchCase(parent) || t6.isArrowFunctionExpression(parent) && key === "body") return true;
    if (t6.isLogicalExpression(parent) && key === "right") return true;
    if (t6.isConditional(parent) && key !== "test" || t6.isLoop(parent) && key === "body") return true;
  }
  return false;
}
function moveInit(path) {
  const { init } = path.node;
  if (!init || !path.inList) return;
  let hasIn = false;
  const look = (inner) => {
    if (inner.isBinaryExpression({ operator: "in" })) hasIn = true;
  };
  const initPath = path.get("init");
  look(initPath);
  initPath.traverse({ BinaryExpression: look, Function: (inner) => inner.skip() });
  if (!hasIn) return;
  path.node.init = null;
  const first = init.type === "VariableDeclaration" ? init : t6.expressionStatement(init);
  if (init.type === "VariableDeclaration" && init.kind !== "var")
    path.replaceWith(t6.blockStatement([first, path.node]));
  else path.insertBefore(first);
}
function defaultLast({ node }) {
  const index = node.cases.findIndex(({ test }) => !test);
  if (index < 0 || index === node.cases.length - 1) return;
  const ends = (each2) => !each2 || /^(Break|Return|Throw|Continue)Statement$/.test(each2.consequent.at(-1)?.type ?? "");
  if (!ends(node.cases[index - 1]) || !ends(node.cases[index])) return;
  const last = node.cases.at(-1);
  if (!ends(last)) last.consequent.push(t6.breakStatement());
  node.cases.push(...node.cases.splice(index, 1));
}

// tools/build/lower.ts
import babel11 from "@babel/core";
import classProperties from "@babel/plugin-transform-class-properties";
import destructuring from "@babel/plugin-transform-destructuring";
import exponentiation from "@babel/plugin-transform-exponentiation-operator";
import logicalAssignment from "@babel/plugin-transform-logical-assignment-operators";
import objectRestSpread from "@babel/plugin-transform-object-rest-spread";
import optionalChaining from "@babel/plugin-transform-optional-chaining";
import parameters from "@babel/plugin-transform-parameters";
import spread from "@babel/plugin-transform-spread";
import { minify_sync as minify_sync2 } from "terser";

// tools/build/async.ts
import babel10 from "@babel/core";

// tools/build/async-machine.ts
import babel7 from "@babel/core";
var t7 = babel7.types;
var Machine = class {
  k;
  v;
  s;
  /** Variables of the function around the body: they live as long as the call. */
  variables = [];
  /** Variables that keep their first value: what was read from them needs no copy. */
  constants = /* @__PURE__ */ new Set();
  targets = [];
  finallies = [];
  handler;
  /** Variable that holds the arguments of the function, when it uses them. */
  savedArguments;
  awaits;
  report;
  scope;
  items = [];
  reachable = true;
  jumps = false;
  constructor(scope, awaits, report) {
    this.scope = scope;
    this.awaits = awaits;
    this.report = report;
    [this.k, this.v, this.s] = [scope.generateUid("k"), scope.generateUid("v"), scope.generateUid("s")];
  }
  waits(node) {
    return node ? this.awaits.has(node) : false;
  }
  variable(name) {
    const unique2 = this.scope.generateUid(name);
    this.variables.push(unique2);
    return unique2;
  }
  isConstant(name) {
    const isOwn = name === this.v || this.variables.includes(name);
    return this.constants.has(name) || !isOwn && !this.scope.getBinding(name);
  }
  label() {
    return { references: [], state: 0 };
  }
  mark(label) {
    this.items.push(label);
    this.reachable = true;
  }
  emit(...statements2) {
    for (const statement2 of statements2) {
      if (!this.reachable) return;
      this.items.push(statement2);
      if (t7.isReturnStatement(statement2) || t7.isThrowStatement(statement2) || t7.isContinueStatement(statement2))
        this.reachable = false;
    }
  }
  assign(name, value) {
    this.emit(set(t7.identifier(name), value));
  }
  /** Number of the label's state, as a node. */
  number(label) {
    const literal = t7.numericLiteral(0);
    label?.references.push(literal);
    return literal;
  }
  /** Errors from here on go to `handler`. */
  handleAt(handler) {
    this.handler = handler;
    this.emit(set(this.field("h"), this.number(handler)));
  }
  jump(label) {
    this.jumps = true;
    return [set(t7.identifier(this.k), this.number(label)), t7.continueStatement()];
  }
  /** Leaves for `label`, first through every `finally` that is opened since there were `finallies` of them. */
  leave(label, handler, finallies) {
    const inner = this.finallies.length > finallies ? this.finallies.at(-1) : void 0;
    if (!inner) {
      const reset = this.handler === handler ? [] : [set(this.field("h"), this.number(handler))];
      return [...reset, ...this.jump(label)];
    }
    return this.exit(inner, () => this.emit(...this.leave(label, handler, finallies)));
  }
  /** Ends the function with `value`, first through every `finally`. */
  finish(value) {
    const inner = this.finallies.at(-1);
    if (!inner) return [t7.returnStatement(value ?? null)];
    const keep2 = set(t7.identifier(inner.value), value ?? t7.unaryExpression("void", t7.numericLiteral(0)));
    return [keep2, ...this.exit(inner, () => this.emit(...this.finish(t7.identifier(inner.value))))];
  }
  exit(inner, emit) {
    const label = this.label();
    inner.exits.push({ label, emit });
    return [set(t7.identifier(inner.next), this.number(label)), ...this.jump(inner.begin)];
  }
  /** Waits for `value`; what it becomes is in `v` afterwards. */
  wait(value) {
    const resumed = this.label();
    const next = t7.assignmentExpression("=", this.field("n"), this.number(resumed));
    this.emit(t7.returnStatement(t7.sequenceExpression([next, value])));
    this.mark(resumed);
    return t7.identifier(this.v);
  }
  field(name) {
    return t7.memberExpression(t7.identifier(this.s), t7.identifier(name));
  }
  /** The function that runs the states. */
  body() {
    const cases = [t7.switchCase(t7.numericLiteral(1), [])];
    const pending = [];
    for (const item of this.items) {
      if (!("references" in item)) {
        if (pending.length > 0) {
          const last = cases.at(-1);
          const isNew = cases.length > 1 || last.consequent.length > 0;
          if (isNew) cases.push(t7.switchCase(t7.numericLiteral(cases.length + 1), []));
          for (const label of pending.splice(0)) number(label, cases.length);
        }
        cases.at(-1).consequent.push(item);
      } else if (item.references.length > 0) pending.push(item);
    }
    if (this.reachable && (this.jumps || pending.length > 0)) {
      if (pending.length > 0) cases.push(t7.switchCase(t7.numericLiteral(cases.length + 1), []));
      for (const label of pending) number(label, cases.length);
      cases.at(-1).consequent.push(t7.returnStatement());
    }
    const parameters2 = [this.k, this.v, this.s].map((name) => t7.identifier(name));
    if (cases.length === 1 && !this.jumps)
      return t7.arrowFunctionExpression(parameters2, t7.blockStatement(cases[0].consequent));
    const states = t7.switchStatement(t7.identifier(this.k), cases);
    const whole = this.jumps ? t7.forStatement(null, null, null, t7.blockStatement([states])) : states;
    return t7.arrowFunctionExpression(parameters2, t7.blockStatement([whole]));
  }
};
function number(label, state) {
  for (const literal of label.references) literal.value = state;
}
function set(target, value) {
  return t7.expressionStatement(t7.assignmentExpression("=", target, value));
}

// tools/build/async-statements.ts
import babel9 from "@babel/core";

// tools/build/async-expressions.ts
import babel8 from "@babel/core";
var t8 = babel8.types;
function expression(machine, node) {
  if (!machine.waits(node)) return node;
  switch (node.type) {
    case "AwaitExpression":
      return machine.wait(expression(machine, node.argument));
    case "SequenceExpression":
      for (const part of node.expressions.slice(0, -1)) machine.emit(t8.expressionStatement(expression(machine, part)));
      return expression(machine, node.expressions.at(-1));
    case "BinaryExpression":
      [node.left, node.right] = inOrder(machine, [node.left, node.right]);
      return node;
    case "UnaryExpression":
    case "UpdateExpression":
      node.argument = expression(machine, node.argument);
      return node;
    case "MemberExpression":
      return member(machine, node);
    case "AssignmentExpression":
      return assignment(machine, node);
    case "LogicalExpression":
    case "ConditionalExpression":
      return choice(machine, node);
    case "CallExpression":
    case "NewExpression":
      return call(machine, node);
    case "ArrayExpression":
      node.elements = inOrder(machine, node.elements);
      return node;
    case "TemplateLiteral":
      node.expressions = inOrder(machine, node.expressions);
      return node;
    case "ObjectExpression": {
      const values = inOrder(
        machine,
        node.properties.map(
          (property) => property.type === "ObjectProperty" ? property.value : null
        )
      );
      node.properties.forEach((property, index) => {
        if (property.type !== "ObjectProperty") return;
        property.value = values[index];
        property.shorthand = false;
      });
      return node;
    }
    default:
      machine.report(node, "await-place", "`await` cannot stand here", "await into a variable first");
      return node;
  }
}
function effect(machine, node) {
  const left = expression(machine, node);
  if (left.type !== "Identifier") machine.emit(t8.expressionStatement(left));
}
function keep(machine, value) {
  const name = machine.variable("t");
  machine.constants.add(name);
  machine.assign(name, value);
  return t8.identifier(name);
}
function isFixed(machine, node) {
  if (node.type === "Identifier") return machine.isConstant(node.name);
  return t8.isLiteral(node) && node.type !== "TemplateLiteral" || t8.isFunction(node) || node.type === "ThisExpression";
}
function inOrder(machine, parts) {
  let last = -1;
  parts.forEach((part, index) => {
    if (machine.waits(part)) last = index;
  });
  return parts.map((part, index) => {
    if (!part) return part;
    const value = expression(machine, part);
    return index < last && !isFixed(machine, value) ? keep(machine, value) : value;
  });
}
function member(machine, node) {
  if (!node.computed) {
    node.object = expression(machine, node.object);
    return node;
  }
  const [object, property] = inOrder(machine, [node.object, node.property]);
  [node.object, node.property] = [object, property];
  return node;
}
function place(machine, node) {
  const object = expression(machine, node.object);
  node.object = isFixed(machine, object) ? object : keep(machine, object);
  if (node.computed) {
    const property = expression(machine, node.property);
    node.property = isFixed(machine, property) ? property : keep(machine, property);
  }
  return node;
}
function assignment(machine, node) {
  const left = node.left;
  if (left.type !== "Identifier" && left.type !== "MemberExpression") {
    machine.report(node, "await-place", "`await` inside a destructuring assignment", "await into a variable first");
    return node;
  }
  const target = left.type === "MemberExpression" ? place(machine, left) : left;
  node.left = target;
  if (node.operator !== "=") {
    const before = keep(machine, t8.cloneNode(target));
    const operator = node.operator.slice(0, -1);
    node.right = t8.binaryExpression(operator, before, expression(machine, node.right));
    node.operator = "=";
  } else node.right = expression(machine, node.right);
  return node;
}
function choice(machine, node) {
  const result2 = machine.variable("t");
  machine.constants.add(result2);
  const other = machine.label();
  const end = machine.label();
  if (node.type === "ConditionalExpression") {
    const test = expression(machine, node.test);
    machine.emit(t8.ifStatement(t8.unaryExpression("!", test), t8.blockStatement(machine.jump(other))));
    machine.assign(result2, expression(machine, node.consequent));
    machine.emit(...machine.jump(end));
    machine.mark(other);
    machine.assign(result2, expression(machine, node.alternate));
  } else {
    machine.assign(result2, expression(machine, node.left));
    const left = t8.identifier(result2);
    const isDecided = node.operator === "||" ? left : node.operator === "&&" ? t8.unaryExpression("!", left) : t8.binaryExpression("!=", left, t8.nullLiteral());
    machine.emit(t8.ifStatement(isDecided, t8.blockStatement(machine.jump(end))));
    machine.assign(result2, expression(machine, node.right));
  }
  machine.mark(end);
  return t8.identifier(result2);
}
function call(machine, node) {
  const { callee } = node;
  const argumentsWait = node.arguments.some((argument) => machine.waits(argument));
  if (callee.type === "MemberExpression")
    node.callee = argumentsWait ? place(machine, callee) : member(machine, callee);
  else if (machine.waits(callee)) {
    const called = expression(machine, callee);
    node.callee = argumentsWait ? keep(machine, called) : called;
  }
  node.arguments = inOrder(machine, node.arguments);
  return node;
}

// tools/build/async-statements.ts
var t9 = babel9.types;
function statements(machine, boxes, list) {
  for (const node of list) if (node.type === "FunctionDeclaration") declareFunction(machine, node);
  for (const node of list) statement(machine, boxes, node);
}
function declareFunction(machine, node) {
  const value = t9.functionExpression(
    null,
    node.params,
    node.body,
    false,
    node.async
  );
  machine.emit(set(node.id, t9.inherits(value, node)));
}
function statement(machine, boxes, node) {
  if (node.type === "FunctionDeclaration") return;
  if (node.type === "VariableDeclaration") return declare(machine, boxes, node);
  if (node.type === "ClassDeclaration") {
    const value = t9.classExpression(null, node.superClass, node.body);
    return machine.emit(set(node.id, t9.inherits(value, node)));
  }
  if (node.type === "ForOfStatement" && !machine.waits(node.body)) node.right = expression(machine, node.right);
  else if (machine.waits(node)) return takeApart(machine, boxes, node);
  machine.emit(...intact(machine, node));
}
function takeApart(machine, boxes, node) {
  const forms = {
    ExpressionStatement: () => effect(machine, node.expression),
    BlockStatement: () => statements(machine, boxes, node.body),
    ReturnStatement: () => giveBack(machine, node),
    ThrowStatement: () => machine.emit(t9.throwStatement(expression(machine, node.argument))),
    IfStatement: () => branch(machine, boxes, node),
    WhileStatement: () => loop(machine, boxes, node),
    DoWhileStatement: () => loop(machine, boxes, node),
    ForStatement: () => loop(machine, boxes, node),
    ForOfStatement: () => each(machine, boxes, node),
    SwitchStatement: () => choose(machine, boxes, node),
    TryStatement: () => guard(machine, boxes, node)
  };
  const form = forms[node.type];
  if (form) form();
  else if (node.type === "ForInStatement")
    machine.report(node, "await-for-in", "`await` inside for-in", "loop over Object.keys(\u2026) with for-of");
  else machine.report(node, "await-place", "`await` cannot stand here", "await into a variable first");
}
function declare(machine, boxes, node) {
  for (const { id, init } of node.declarations) {
    if (init) machine.emit(t9.inherits(set(id, expression(machine, init)), node));
    else if (boxes.repeats(id))
      machine.emit(set(id, t9.unaryExpression("void", t9.numericLiteral(0))));
  }
}
function giveBack(machine, node) {
  const { argument } = node;
  if (argument?.type === "AwaitExpression" && !machine.handler && machine.finallies.length === 0)
    return machine.emit(t9.returnStatement(expression(machine, argument.argument)));
  machine.emit(...machine.finish(argument && expression(machine, argument)));
}
function unless(machine, test, label) {
  if (t9.isBooleanLiteral(test, { value: true })) return;
  const value = expression(machine, test);
  machine.emit(t9.ifStatement(t9.unaryExpression("!", value), t9.blockStatement(machine.jump(label))));
}
function branch(machine, boxes, node) {
  if (!machine.waits(node.consequent) && !machine.waits(node.alternate)) {
    node.test = expression(machine, node.test);
    return machine.emit(...intact(machine, node));
  }
  const other = machine.label();
  const end = machine.label();
  unless(machine, node.test, node.alternate ? other : end);
  statement(machine, boxes, node.consequent);
  if (node.alternate) {
    machine.emit(...machine.jump(end));
    machine.mark(other);
    statement(machine, boxes, node.alternate);
  }
  machine.mark(end);
}
function inside(machine, leave2, again, run) {
  machine.targets.push({ leave: leave2, again, handler: machine.handler, finallies: machine.finallies.length });
  run();
  machine.targets.pop();
}
function freshBox(machine, box2) {
  if (box2) machine.assign(box2, t9.objectExpression([]));
}
function loop(machine, boxes, node) {
  const [begin, again, leave2] = [machine.label(), machine.label(), machine.label()];
  const head = boxes.head(node);
  const isFor = node.type === "ForStatement";
  freshBox(machine, head?.box);
  if (isFor && node.init)
    if (node.init.type === "VariableDeclaration") declare(machine, boxes, node.init);
    else effect(machine, node.init);
  machine.mark(begin);
  if (!isFor && node.type === "WhileStatement") machine.mark(again);
  if (node.type !== "DoWhileStatement" && node.test) unless(machine, node.test, leave2);
  freshBox(machine, boxes.body(node));
  inside(machine, leave2, again, () => statement(machine, boxes, node.body));
  if (node.type !== "WhileStatement") machine.mark(again);
  if (head) {
    const copy = head.names.map(
      (name) => t9.objectProperty(t9.identifier(name), t9.memberExpression(t9.identifier(head.box), t9.identifier(name)))
    );
    machine.assign(head.box, t9.objectExpression(copy));
  }
  if (isFor && node.update) effect(machine, node.update);
  if (node.type === "DoWhileStatement") unless(machine, node.test, leave2);
  machine.emit(...machine.jump(begin));
  machine.mark(leave2);
}
function each(machine, boxes, node) {
  const [list, index] = [machine.variable("list"), machine.variable("i")];
  const [begin, again, leave2] = [machine.label(), machine.label(), machine.label()];
  machine.assign(list, expression(machine, node.right));
  machine.assign(index, t9.numericLiteral(0));
  machine.mark(begin);
  const length = t9.memberExpression(t9.identifier(list), t9.identifier("length"));
  unless(machine, t9.binaryExpression("<", t9.identifier(index), length), leave2);
  freshBox(machine, boxes.body(node));
  const [declared2] = node.left.type === "VariableDeclaration" ? node.left.declarations : [];
  const item = t9.memberExpression(t9.identifier(list), t9.identifier(index), true);
  machine.emit(set(declared2 ? declared2.id : node.left, item));
  inside(machine, leave2, again, () => statement(machine, boxes, node.body));
  machine.mark(again);
  machine.emit(t9.expressionStatement(t9.updateExpression("++", t9.identifier(index))));
  machine.emit(...machine.jump(begin));
  machine.mark(leave2);
}
function choose(machine, boxes, node) {
  const value = machine.variable("t");
  machine.assign(value, expression(machine, node.discriminant));
  const leave2 = machine.label();
  const labels = node.cases.map(() => machine.label());
  let otherwise = leave2;
  node.cases.forEach(({ test }, index) => {
    const label = labels[index];
    if (!test) otherwise = label;
    else {
      const isThis = t9.binaryExpression("===", t9.identifier(value), expression(machine, test));
      machine.emit(t9.ifStatement(isThis, t9.blockStatement(machine.jump(label))));
    }
  });
  machine.emit(...machine.jump(otherwise));
  inside(
    machine,
    leave2,
    void 0,
    () => node.cases.forEach(({ consequent }, index) => {
      machine.mark(labels[index]);
      statements(machine, boxes, consequent);
    })
  );
  machine.mark(leave2);
}
function guard(machine, boxes, node) {
  if (!node.finalizer) return guardCatch(machine, boxes, node);
  const [thrown, begin, again, after] = [machine.label(), machine.label(), machine.label(), machine.label()];
  const frame = { begin, next: machine.variable("next"), value: machine.variable("kept"), exits: [] };
  const outer = machine.handler;
  machine.finallies.push(frame);
  if (node.handler) {
    machine.handler = thrown;
    guardCatch(machine, boxes, node);
  } else {
    machine.handleAt(thrown);
    statements(machine, boxes, node.block.body);
  }
  machine.assign(frame.next, machine.number(after));
  machine.emit(...machine.jump(begin));
  machine.mark(thrown);
  machine.assign(frame.value, t9.identifier(machine.v));
  machine.assign(frame.next, machine.number(again));
  machine.finallies.pop();
  machine.mark(begin);
  machine.handleAt(outer);
  statements(machine, boxes, node.finalizer.body);
  machine.assign(machine.k, t9.identifier(frame.next));
  machine.emit(t9.continueStatement());
  machine.mark(again);
  machine.emit(t9.throwStatement(t9.identifier(frame.value)));
  for (const { label, emit } of frame.exits) {
    machine.mark(label);
    emit();
  }
  machine.mark(after);
}
function guardCatch(machine, boxes, { block, handler }) {
  if (!handler) return;
  const [caught, after] = [machine.label(), machine.label()];
  const outer = machine.handler;
  machine.handleAt(caught);
  statements(machine, boxes, block.body);
  machine.handleAt(outer);
  machine.emit(...machine.jump(after));
  machine.mark(caught);
  if (outer) machine.handleAt(outer);
  if (handler.param) machine.emit(set(handler.param, t9.identifier(machine.v)));
  statements(machine, boxes, handler.body.body);
  machine.mark(after);
}
function intact(machine, node, inLoop = false, inSwitch = false) {
  const one = (inner, loops = inLoop, switches = inSwitch) => {
    const result2 = intact(machine, inner, loops, switches);
    return result2.length === 1 ? result2[0] : t9.blockStatement(result2);
  };
  switch (node.type) {
    case "ReturnStatement":
      return machine.finallies.length > 0 ? machine.finish(node.argument) : [node];
    case "BreakStatement": {
      const target = machine.targets.at(-1);
      return inLoop || inSwitch || !target ? [node] : machine.leave(target.leave, target.handler, target.finallies);
    }
    case "ContinueStatement": {
      const target = machine.targets.findLast(({ again }) => again);
      return inLoop || !target?.again ? [node] : machine.leave(target.again, target.handler, target.finallies);
    }
    case "VariableDeclaration":
      return node.kind === "var" ? assignments(node).map((value) => t9.expressionStatement(value)) : [node];
    case "BlockStatement":
      node.body = node.body.flatMap((inner) => intact(machine, inner, inLoop, inSwitch));
      return [node];
    case "IfStatement":
      node.consequent = one(node.consequent);
      if (node.alternate) node.alternate = one(node.alternate);
      return [node];
    case "ForStatement":
      if (node.init?.type === "VariableDeclaration" && node.init.kind === "var")
        node.init = assignments(node.init).length > 0 ? t9.sequenceExpression(assignments(node.init)) : null;
      node.body = one(node.body, true);
      return [node];
    case "ForInStatement":
    case "ForOfStatement":
      if (node.left.type === "VariableDeclaration" && node.left.kind === "var")
        node.left = node.left.declarations[0].id;
      node.body = one(node.body, true);
      return [node];
    case "WhileStatement":
    case "DoWhileStatement":
      node.body = one(node.body, true);
      return [node];
    case "SwitchStatement":
      for (const each2 of node.cases)
        each2.consequent = each2.consequent.flatMap((inner) => intact(machine, inner, inLoop, true));
      return [node];
    case "TryStatement":
      for (const block of [node.block, node.handler?.body, node.finalizer])
        if (block) intact(machine, block, inLoop, inSwitch);
      return [node];
    default:
      return [node];
  }
}
function assignments(node) {
  return node.declarations.flatMap(
    ({ id, init }) => init ? [t9.assignmentExpression("=", id, init)] : []
  );
}

// tools/build/async.ts
var t10 = babel10.types;
var RUNTIME_SOURCE = `function NAME(body) {
  var done, fail, s = { n: 0, h: 0 };
  var promise = new Promise(function (resolve, reject) { done = resolve; fail = reject; });
  function run(k, v) {
    for (;;) {
      s.n = 0;
      try { v = body(k, v, s); break; }
      catch (e) { if (!s.h) return fail(e); k = s.h; s.h = 0; v = e; }
    }
    if (s.n) Promise.resolve(v).then(resume, throwIn); else done(v);
  }
  function resume(v) { run(s.n, v); }
  function throwIn(e) { var k = s.h; s.h = 0; if (k) run(k, e); else fail(e); }
  run(1);
  return promise;
}`;
function lowerAsync(report) {
  return {
    Program(program) {
      const found = [];
      program.traverse({
        Function: {
          exit(path) {
            if (path.node.async) found.push(path);
          }
        }
      });
      if (found.length === 0) return;
      const name = program.scope.generateUid("async");
      for (const path of found) lowerFunction(path, name, report);
      const runtime = babel10.parseSync(RUNTIME_SOURCE.replace("NAME", name), {
        ...PLAIN,
        sourceType: "script",
        parserOpts: { sourceFilename: RUNTIME }
      });
      program.node.body.unshift(...runtime.program.body);
    }
  };
}
function waiting(root) {
  const found = /* @__PURE__ */ new Set();
  const walk = (node) => {
    if (node !== root && t10.isFunction(node)) return false;
    let waits = node.type === "AwaitExpression";
    for (const child of children(node)) if (walk(child)) waits = true;
    if (waits) found.add(node);
    return waits;
  };
  walk(root);
  return found;
}
function children(node) {
  const fields = node;
  return (t10.VISITOR_KEYS[node.type] ?? []).flatMap((key) => {
    const value = fields[key];
    return (Array.isArray(value) ? value : [value]).filter((child) => Boolean(child));
  });
}
function lowerFunction(path, runtime, report) {
  const { node } = path;
  if (t10.isExpression(node.body)) node.body = t10.blockStatement([t10.returnStatement(node.body)]);
  const body = node.body;
  path.scope.crawl();
  const waits = waiting(body);
  const machine = new Machine(path.scope, waits, report);
  for (const [name, binding] of Object.entries(path.scope.getAllBindings()))
    if (binding.constant) machine.constants.add(name);
  saveArguments(path, machine);
  const boxes = hoist(path, machine, waits);
  const own = body.body.filter((statement2) => statement2.type === "FunctionDeclaration");
  statements(
    machine,
    boxes,
    body.body.filter((statement2) => statement2.type !== "FunctionDeclaration")
  );
  const states = machine.body();
  const declared2 = machine.variables.map(
    (name) => t10.variableDeclarator(t10.identifier(name), name === machine.savedArguments ? t10.identifier("arguments") : null)
  );
  node.body = t10.blockStatement([
    ...own,
    ...declared2.length > 0 ? [t10.variableDeclaration("var", declared2)] : [],
    t10.returnStatement(t10.callExpression(t10.identifier(runtime), [states]))
  ]);
  node.async = false;
}
function saveArguments(path, machine) {
  if (path.isArrowFunctionExpression()) return;
  path.traverse({
    Function(inner) {
      if (!inner.isArrowFunctionExpression()) inner.skip();
    },
    Identifier(identifier) {
      if (identifier.node.name !== "arguments" || !identifier.isReferencedIdentifier()) return;
      machine.savedArguments ??= machine.variable("args");
      identifier.node.name = machine.savedArguments;
    }
  });
}
function hoist(path, machine, waits) {
  const inLoops = /* @__PURE__ */ new Set();
  const heads = /* @__PURE__ */ new Map();
  const bodies = /* @__PURE__ */ new Map();
  const scopes = /* @__PURE__ */ new Set([path.scope]);
  path.traverse({
    Function: (inner) => inner.skip(),
    Scope(inner) {
      scopes.add(inner.scope);
    }
  });
  for (const scope of scopes) {
    for (const binding of Object.values(scope.bindings)) {
      if (binding.kind === "param" && !scope.path.isCatchClause()) continue;
      const isTop = scope === path.scope;
      if (!isTop && binding.kind !== "var" && !isTakenApart(scope.path, waits)) continue;
      if (isTop && binding.path.isFunctionDeclaration()) continue;
      const name = path.scope.generateUid(binding.identifier.name);
      if (binding.constant) machine.constants.add(name);
      scope.rename(binding.identifier.name, name);
      const loop2 = binding.kind === "var" ? void 0 : waitingLoop(binding.path, path, waits);
      if (loop2) inLoops.add(name);
      const references = [...binding.referencePaths, ...binding.constantViolations];
      const isCaptured = references.some((reference) => functionAround2(reference) !== path.node);
      if (!loop2 || !isCaptured) {
        machine.variables.push(name);
        continue;
      }
      const isHead = loop2.type === "ForStatement" && scope.path.node === loop2;
      const kind = isHead ? heads : bodies;
      const group = kind.get(loop2) ?? { box: machine.variable("box"), names: [] };
      group.names.push(name);
      kind.set(loop2, group);
    }
  }
  box([...heads.values(), ...bodies.values()], path, machine);
  return {
    head: (loop2) => heads.get(loop2),
    body: (loop2) => bodies.get(loop2)?.box,
    repeats: (id) => id.type === "MemberExpression" || id.type === "Identifier" && inLoops.has(id.name)
  };
}
function isTakenApart({ node, parent }, waits) {
  if (node.type === "ForOfStatement") return waits.has(node.body);
  return waits.has(node) || parent.type === "TryStatement" && waits.has(parent);
}
function functionAround2(path) {
  return path.findParent((up) => up.isFunction() || up.isClassBody())?.node;
}
function waitingLoop(from, owner, waits) {
  const found = from.findParent((up) => up === owner || up.isLoop() && isTakenApart(up, waits));
  return found && found !== owner ? found.node : void 0;
}
function box(groups, path, machine) {
  if (groups.length === 0) return;
  const boxOf = new Map(groups.flatMap(({ box: box2, names }) => names.map((name) => [name, box2])));
  const mentioned = (node) => {
    const found = /* @__PURE__ */ new Set();
    const walk = (inner) => {
      if (inner.type === "Identifier" && boxOf.has(inner.name)) found.add(boxOf.get(inner.name));
      children(inner).forEach(walk);
    };
    walk(node);
    return found;
  };
  const closures = [];
  path.traverse({
    "Function|Class"(closure) {
      const boxes = [...mentioned(closure.node)];
      if (boxes.length > 0) closures.push({ closure, boxes });
      closure.skip();
    }
  });
  path.traverse({
    Identifier(identifier) {
      const name = identifier.node.name;
      const of = boxOf.get(name);
      if (!of || identifier.parentPath.isFunctionDeclaration({ id: identifier.node })) return;
      if (identifier.parentPath.isClassDeclaration({ id: identifier.node })) return;
      if (identifier.key === "key" && !identifier.parent.computed) return;
      if (identifier.parentPath.isObjectProperty({ shorthand: true })) identifier.parentPath.node.shorthand = false;
      identifier.replaceWith(t10.memberExpression(t10.identifier(of), t10.identifier(name)));
      identifier.skip();
    }
  });
  for (const { closure, boxes } of closures) wrap(closure, boxes, boxOf, machine);
}
function wrap(closure, boxes, boxOf, machine) {
  const names = () => boxes.map((name) => t10.identifier(name));
  const wrapped = (value) => t10.callExpression(t10.arrowFunctionExpression(names(), value), names());
  const { node } = closure;
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
    const name = node.id.name;
    const of = boxOf.get(name);
    const target = of ? t10.memberExpression(t10.identifier(of), t10.identifier(name)) : t10.identifier(name);
    const value = node.type === "FunctionDeclaration" ? t10.functionExpression(null, node.params, node.body, false, node.async) : t10.classExpression(null, node.superClass, node.body);
    const assignment2 = t10.expressionStatement(t10.assignmentExpression("=", target, wrapped(value)));
    const list = closure.container;
    if (node.type === "ClassDeclaration") closure.replaceWith(assignment2);
    else {
      closure.remove();
      list.unshift(assignment2);
    }
  } else if (node.type === "ObjectMethod") {
    if (node.kind !== "method")
      machine.report(node, "await-accessor", "an accessor in a loop that awaits", "use a method");
    const value = t10.functionExpression(
      null,
      node.params,
      node.body,
      false,
      node.async
    );
    closure.replaceWith(t10.objectProperty(node.key, wrapped(value), node.computed));
  } else closure.replaceWith(wrapped(node));
  closure.skip();
}

// tools/build/scope-depth.ts
var NO_INLINE = "@__NOINLINE__";
function keepScopesShallow() {
  return {
    CallExpression(path) {
      const { callee } = path.node;
      if (callee.type !== "Identifier") return;
      const binding = path.scope.getBinding(callee.name);
      if (!binding?.scope.path.isProgram() || !binding.constant) return;
      const made = functionOf(binding.path);
      if (!made || !makesClosures(made)) return;
      path.addComment("leading", NO_INLINE);
    }
  };
}
function functionOf(path) {
  if (path.isFunction()) return path;
  const init = path.isVariableDeclarator() ? path.get("init") : void 0;
  return init?.isFunction() ? init : void 0;
}
function makesClosures(path) {
  let found = false;
  path.get("body").traverse({
    Function(inner) {
      found = true;
      inner.stop();
    }
  });
  const body = path.get("body");
  return found || (Array.isArray(body) ? false : body.isFunction());
}

// tools/build/lower.ts
var SYNTAX = [
  classProperties,
  parameters,
  destructuring,
  [objectRestSpread, { useBuiltIns: true }],
  spread,
  optionalChaining,
  exponentiation,
  logicalAssignment
];
var ASSUMPTIONS = {
  constantSuper: true,
  ignoreFunctionLength: true,
  ignoreToPrimitiveHint: true,
  iterableIsArray: true,
  noDocumentAll: true,
  objectRestNoSymbols: true,
  pureGetters: true,
  setPublicClassFields: true,
  setSpreadProperties: true
};
function lowerSyntax(source, filename, map) {
  const ast = babel11.parseSync(source, {
    ...PLAIN,
    sourceType: "module",
    parserOpts: { plugins: ["decorators", "explicitResourceManagement"], errorRecovery: false }
  });
  const findings = [];
  const report = reporter(findings, map ? locateWith(map) : locateIn(filename, source));
  refuseUnsupported(ast, report);
  if (findings.length === 0) prepare(ast, report);
  if (findings.length > 0) throw refusal(findings);
  babel11.traverse.cache.clear();
  const lowered = babel11.transformFromAstSync(ast, source, {
    ...PLAIN,
    plugins: SYNTAX,
    assumptions: ASSUMPTIONS,
    ast: true,
    code: false,
    cloneInputAst: false
  });
  const result2 = babel11.transformFromAstSync(lowered?.ast, source, {
    ...PLAIN,
    plugins: [() => ({ visitor: lowerAsync(report) }), () => ({ visitor: keepScopesShallow() })],
    cloneInputAst: false,
    compact: false,
    shouldPrintComment: (text) => text === NO_INLINE,
    sourceMaps: true,
    sourceFileName: filename
  });
  if (findings.length > 0) throw refusal(findings);
  const own = result2?.map;
  return { code: result2?.code ?? "", map: map ? chain(own, map) : own };
}
var KEPT = ["E", "LED", "of", "get", "set", "static", ...Array.from({ length: 49 }, (_, pin) => `D${pin}`)];
function minify({ code, map }, privateProperties = /^_/) {
  const result2 = minify_sync2(
    { "bundle.js": code },
    {
      ecma: 5,
      toplevel: true,
      compress: { passes: 3, ecma: 5, unsafe_arrows: false, unsafe_proto: true, pure_getters: true, hoist_funs: true },
      mangle: {
        toplevel: true,
        reserved: KEPT,
        properties: { regex: privateProperties, keep_quoted: true, builtins: true }
      },
      format: { ascii_only: true, ecma: 5 },
      sourceMap: { asObject: true }
    }
  );
  return { code: result2.code ?? "", map: chain(result2.map, map) };
}

// tools/build/private-names.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { join as join2 } from "node:path";
import ts from "typescript";
function privateNames(files2) {
  const mine = /* @__PURE__ */ new Set();
  const kept = new Set(declaredNames());
  for (const file of files2) {
    const own = ["lib", "boards"].some((folder) => file.startsWith(join2(packageFolder, folder, "/")));
    collect(parse2(file), mine, kept, own);
  }
  const names = [...mine].filter((name) => !kept.has(name) && /^[a-zA-Z]\w*$/.test(name)).sort();
  return new RegExp(`^(?:_.*${names.map((name) => `|${name}`).join("")})$`);
}
function parse2(file) {
  return ts.createSourceFile(file, readFileSync2(file, "utf8"), ts.ScriptTarget.Latest, false);
}
function collect(at, mine, kept, own) {
  if (ts.isStringLiteralLike(at)) kept.add(at.text);
  else if (ts.isIdentifier(at) || ts.isPrivateIdentifier(at)) (own ? mine : kept).add(at.text);
  ts.forEachChild(at, (child) => collect(child, mine, kept, own));
}
var declared;
function declaredNames() {
  if (!declared) {
    const names = /* @__PURE__ */ new Set();
    const visit = (at) => {
      const { name } = at;
      if (name && !ts.isParameter(at) && (ts.isIdentifier(name) || ts.isStringLiteral(name))) names.add(name.text);
      ts.forEachChild(at, visit);
    };
    for (const file of ["language", "binary", "utility", "espruino"]) {
      visit(parse2(join2(packageFolder, "lib", "types", `${file}.d.ts`)));
    }
    declared = [...names];
  }
  return declared;
}

// tools/simulator/espruino/data.ts
function latin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
function fromLatin1(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
var NO_BYTES = new Uint8Array(0);

// tools/simulator/espruino/flash.ts
var FLASH_BYTES = 4194304;
var PAGE_BYTES = 4096;
var STORAGE_START = 3276800;
var STORAGE_END = 4194304;
var Flash = class {
  bytes = new Uint8Array(FLASH_BYTES).fill(255);
  /** Changes whenever the Storage area may have changed. */
  storageVersion = 0;
  /** A look at the bytes, not a copy, wherever the range lies inside the chip: copy what is kept. */
  view(address, length) {
    const inside2 = address >= 0 && address + length <= FLASH_BYTES;
    return inside2 ? this.bytes.subarray(address, address + length) : this.read(address, length);
  }
  read(address, length) {
    const data = new Uint8Array(length).fill(255);
    if (address >= 0 && address < FLASH_BYTES)
      data.set(this.bytes.subarray(address, Math.min(address + length, FLASH_BYTES)));
    return data;
  }
  /** The bytes as one character each. */
  text(address, length) {
    return Buffer.from(this.bytes.buffer, address, length).toString("latin1");
  }
  /** Clears bits; never sets one. */
  program(address, data) {
    const { bytes } = this;
    for (let i = 0; i < data.length; i++) bytes[address + i] &= data[i];
    this.#touched(address);
  }
  /** Erases the page that holds `address`; only the first `length` bytes of it when the power fails half-way. */
  erase(address, length = PAGE_BYTES) {
    if (!(address >= 0 && address < FLASH_BYTES)) return;
    const page = address - address % PAGE_BYTES;
    this.bytes.fill(255, page, page + length);
    this.#touched(address);
  }
  /** Image of the Storage partition, for comparison with a real device's. */
  get storageImage() {
    return this.bytes.subarray(STORAGE_START, STORAGE_END);
  }
  #touched(address) {
    if (address >= STORAGE_START) this.storageVersion++;
  }
};

// tools/simulator/espruino/flash-driver.ts
function rawFlash(flash) {
  return {
    read: (address, length) => flash.view(address, length),
    write: (address, data) => flash.program(address, data),
    erasePage: (address) => flash.erase(address),
    erasePages(address, length) {
      for (let page = address - address % PAGE_BYTES; page < address + length; page += PAGE_BYTES) flash.erase(page);
    }
  };
}

// tools/simulator/espruino/storage.ts
var HEADER2 = 32;
var NAME = 28;
var STORAGE_FILE = 64;
var COMPRESSED = 128;
var UNSET = 4294967295;
var StorageError = class extends Error {
};
var align = (n) => n + 3 & ~3;
var dataOf = (entry) => entry.address + HEADER2;
var isReal = ({ deleted, flags }) => !deleted && (flags === 0 || flags === STORAGE_FILE || flags === COMPRESSED);
var Storage = class _Storage {
  #flash;
  #driver;
  #print;
  constructor(flash, driver, print2) {
    this.#flash = flash;
    this.#driver = driver;
    this.#print = print2;
  }
  /** 28 characters at most; a drive prefix like `C:` is dropped. */
  static fileName(name) {
    const cut = name.slice(0, NAME);
    return cut[1] === ":" ? cut.slice(2) : cut;
  }
  find(name) {
    const wanted = _Storage.fileName(name);
    for (const entry of this.#entries()) if (!entry.deleted && this.name(entry) === wanted) return entry;
    return void 0;
  }
  name({ address }) {
    const name = this.#flash.text(address + 4, NAME);
    const end = name.indexOf("\0");
    return end < 0 ? name : name.slice(0, end);
  }
  list() {
    return [...this.#entries()].filter(isReal);
  }
  /** Memory-mapped: reading takes no time of its own. */
  text(entry, offset = 0, length = entry.size - offset) {
    return this.#flash.text(dataOf(entry) + offset, length);
  }
  erase(name) {
    const entry = this.find(name);
    if (entry) this.#delete(entry);
  }
  eraseAll() {
    this.#driver.erasePages(STORAGE_START, STORAGE_END - STORAGE_START);
  }
  /** Throws StorageError. `size` reserves room for later writes at other offsets. */
  write(name, data, offset = 0, size = 0, flags = 0) {
    if (offset < 0 || size < 0) return false;
    const total = size || data.length;
    if (!total) throw new StorageError("Can't create zero length file");
    let entry = this.find(name);
    if (offset === 0 && (!entry || entry.flags !== flags || entry.size !== total || !this.#isErased(dataOf(entry), total))) {
      if (entry && entry.size === total && entry.flags === flags && data.length === total && this.#flash.text(dataOf(entry), total) === fromLatin1(data))
        return true;
      if (entry) this.#delete(entry);
      entry = this.#create(_Storage.fileName(name), total, flags);
    }
    if (!entry) throw new StorageError("Unable to find or create file");
    if (offset + data.length > entry.size) throw new StorageError("Too much data for file size");
    const at = dataOf(entry) + offset;
    if (!this.#isErased(at, data.length)) throw new StorageError("File already written with different data");
    this.#driver.write(at, data);
    return true;
  }
  stats() {
    const stats = { totalBytes: STORAGE_END - STORAGE_START, freeBytes: 0, fileBytes: 0, fileCount: 0, trashBytes: 0, trashCount: 0 };
    let last = STORAGE_START;
    for (const { address, size, deleted } of this.#entries()) {
      const bytes = align(size) + HEADER2;
      last = address + bytes;
      stats[deleted ? "trashBytes" : "fileBytes"] += bytes;
      stats[deleted ? "trashCount" : "fileCount"]++;
    }
    stats.freeBytes = STORAGE_END - last;
    return stats;
  }
  /** Rewrites everything from the first page with a deleted file on. True when that freed something. */
  compact() {
    if (!this.stats().trashBytes) return false;
    this.#print("Compacting... ");
    const from = this.#firstPageWithTrash();
    const files2 = this.list().filter(({ address }) => address >= from);
    const moved = files2.map((entry) => this.#flash.read(entry.address, HEADER2 + align(entry.size)));
    const image = Buffer.concat(moved);
    const usedEnd = Math.max(...[...this.#entries()].map(({ address, size }) => address + HEADER2 + align(size)));
    for (let at = 0; at < image.length; at += PAGE_BYTES) {
      this.#driver.erasePage(from + at);
      this.#driver.write(from + at, image.subarray(at, at + PAGE_BYTES));
    }
    const firstFree = from + Math.ceil(image.length / PAGE_BYTES) * PAGE_BYTES;
    if (firstFree < usedEnd) this.#driver.erasePages(firstFree, usedEnd - firstFree);
    this.#print("\n");
    return true;
  }
  /** What the interpreter checks at boot before it trusts the headers; when false it erases everything. */
  isValid() {
    let address = STORAGE_START;
    let entry = this.#entryAt(address);
    let judged = STORAGE_START;
    if (entry) {
      for (; ; ) {
        const next = align(address + HEADER2 + entry.size);
        if (next + HEADER2 > STORAGE_END) return next <= STORAGE_END;
        judged = next;
        let following = this.#entryAt(next);
        if (!following) {
          judged = next - next % PAGE_BYTES + PAGE_BYTES;
          if (judged >= STORAGE_END) return next <= STORAGE_END;
          following = this.#entryAt(judged);
        }
        if (!following) break;
        entry = following;
        address = judged;
      }
    }
    return judged === STORAGE_START ? this.#isErased(STORAGE_START, STORAGE_END - STORAGE_START) : this.#isErased(judged, HEADER2);
  }
  *#entries() {
    let address = STORAGE_START;
    let entry = this.#entryAt(address);
    while (entry) {
      yield entry;
      address = align(address + HEADER2 + entry.size);
      if (address + HEADER2 > STORAGE_END) return;
      entry = this.#entryAt(address);
      if (entry) continue;
      address = address - address % PAGE_BYTES + PAGE_BYTES;
      if (address >= STORAGE_END) return;
      entry = this.#entryAt(address);
    }
  }
  #entryAt(address) {
    const { bytes } = this.#flash;
    const word = (bytes[address] | bytes[address + 1] << 8 | bytes[address + 2] << 16 | bytes[address + 3] << 24) >>> 0;
    if (word === UNSET || word === 0) return void 0;
    const size = word & 16777215;
    if (address + HEADER2 + size > STORAGE_END) return void 0;
    const deleted = !(bytes[address + 4] | bytes[address + 5] | bytes[address + 6] | bytes[address + 7]);
    return { address, size, flags: word >>> 24, deleted };
  }
  #delete({ address }) {
    this.#driver.write(address + 4, new Uint8Array(4));
  }
  #create(name, size, flags) {
    const required = align(size) + HEADER2;
    let address = this.#room(required);
    if (address === void 0) {
      const { freeBytes, trashBytes, trashCount } = this.stats();
      if (required >= freeBytes + trashBytes - trashCount * HEADER2 || !this.compact()) return void 0;
      address = this.#room(required);
      if (address === void 0) return void 0;
    }
    const header = new Uint8Array(HEADER2);
    new DataView(header.buffer).setUint32(0, (size | flags << 24) >>> 0, true);
    header.set(latin1(name).subarray(0, NAME), 4);
    this.#driver.write(address, header);
    return { address, size, flags, deleted: false };
  }
  /** The first place where `required` bytes fit: after the last file of a run of pages. */
  #room(required) {
    let address = STORAGE_START;
    for (; ; ) {
      for (let entry = this.#entryAt(address); entry; entry = this.#entryAt(address)) {
        address = align(address + HEADER2 + entry.size);
        if (address + HEADER2 > STORAGE_END) return void 0;
      }
      const nextPage = address - address % PAGE_BYTES + PAGE_BYTES;
      const space = (nextPage < STORAGE_END && this.#entryAt(nextPage) ? nextPage : STORAGE_END) - address;
      if (space >= required) return address;
      if (nextPage >= STORAGE_END) return void 0;
      address = nextPage;
    }
  }
  /** Start of the last page that began with a header before the first deleted file. */
  #firstPageWithTrash() {
    let page = STORAGE_START;
    for (const { address, deleted } of this.#entries()) {
      if (address % PAGE_BYTES === 0) page = address;
      if (deleted) return page;
    }
    return page;
  }
  #isErased(address, length) {
    const { bytes } = this.#flash;
    for (let i = address; i < address + length; i++) if (bytes[i] !== 255) return false;
    return true;
  }
};

// tools/models/on-device.ts
var built = /* @__PURE__ */ new Map();
function buildProgram(source) {
  const known2 = built.get(source) ?? build(source);
  built.set(source, known2);
  return known2;
}
async function build(source) {
  const folder = realpathSync(mkdtempSync(join3(tmpdir(), "hibernode-model-")));
  try {
    writeFileSync(join3(folder, "node.ts"), source);
    const bundled = await bundle(join3(folder, "node.ts"), folder);
    const lowered = await lowerSyntax(bundled.code, "bundle.js", bundled.map);
    const { code } = finish(await minify(lowered, privateNames(bundled.files)));
    const [finding] = checkDialect(code);
    if (finding) throw new Error(`the device's code would not run there: ${finding.message}`);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// ../../../tmp/cl/t12.ts
for (const n of ["hello_world_int8", "micro_speech_quantized", "ad01_int8", "kws_ref_model"]) {
  const f = n.startsWith("kws") ? `/tmp/cl/models/${n}.tflite` : `/work/shared/data/models/${n}.tflite`;
  const c = convert(new Uint8Array(readFileSync3(f)), n, "model", "single");
  const progs = {};
  for (const k of [0, 20]) progs["run" + k] = `${c.device.imports}
 const model=${c.device.open}; if(typeof model!=="number"){const x=new Int8Array(model.inputs);for(let i=0;i<${k};i++)model.run(x);print("ok "+process.memory(true).usage);}else print("fault "+model);`;
  if (n.startsWith("micro")) for (const k of [0, 1]) progs["naive" + k] = `
 const input=new Int8Array(1960),weights=new Int8Array(640),bias=new Int32Array(8),out=new Int8Array(4000);
 function conv(){ for(let oy=0;oy<25;oy++)for(let ox=0;ox<20;ox++)for(let ch=0;ch<8;ch++){let acc=bias[ch];for(let ky=0;ky<10;ky++)for(let kx=0;kx<8;kx++){const y=oy*2-4+ky,x=ox*2-3+kx;if(y>=0&&y<49&&x>=0&&x<40)acc+=(input[y*40+x]+128)*weights[(ky*8+kx)*8+ch];}
  let v=Math.floor(acc*0.0013+0.5)-128;out[(oy*20+ox)*8+ch]=v<-128?-128:v>127?127:v;} }
 for(let i=0;i<${k};i++)conv(); print("ok");`;
  for (const [name, src] of Object.entries(progs)) {
    const dir = `/tmp/cl/cpu/${n}-${name}`;
    mkdirSync(dir, { recursive: true });
    const flash = new Flash();
    const st = new Storage(flash, rawFlash(flash), () => void 0);
    for (const [k, v] of Object.entries(c.device.files)) st.write(k, v);
    st.write("app", Buffer.from(await buildProgram(src), "latin1"));
    writeFileSync2(dir + "/espruino.flash", Buffer.concat([Buffer.alloc(65536, 255), flash.storageImage]));
    writeFileSync2(dir + "/start.js", 'eval(require("Storage").read("app"));');
  }
}
process.exit(0);
