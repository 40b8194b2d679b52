/**
 * The part of TensorFlow Lite's file schema (version 3) that quantised networks use: operator codes, tensor types, and
 * the fields of the operators' options. Source: schema.fbs of tflite-micro.
 */
import type { TensorType } from "./graph.ts";

export const operatorNames: Readonly<Record<number, string>> = {
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
  126: "BATCH_MATMUL",
};

export const tensorTypes: Readonly<Record<number, TensorType>> = {
  0: "float32",
  2: "int32",
  3: "uint8",
  4: "int64",
  7: "int16",
  9: "int8",
};

/** Activations fused into an operator. */
export const activations = ["NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"] as const;

interface Field {
  readonly name: string;
  readonly type: "byte" | "int" | "float";
  /** Fields that hold their default are not in the file. */
  readonly preset: number;
}

const byte = (name: string): Field => ({ name, type: "byte", preset: 0 });
const int = (name: string, preset = 0): Field => ({ name, type: "int", preset });
const float = (name: string): Field => ({ name, type: "float", preset: 0 });

/** Options by operator, in the order of the fields, with the code of their table in the union. */
export const optionTables: Readonly<Record<string, { readonly code: number; readonly fields: readonly Field[] }>> = {
  CONV_2D: {
    code: 1,
    fields: [
      byte("padding"), int("strideW"), int("strideH"), byte("activation"), int("dilationW", 1), int("dilationH", 1),
    ],
  },
  DEPTHWISE_CONV_2D: {
    code: 2,
    fields: [
      byte("padding"), int("strideW"), int("strideH"), int("multiplier"), byte("activation"), int("dilationW", 1),
      int("dilationH", 1),
    ],
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
  QUANTIZE: { code: 87, fields: [] },
}; // prettier-ignore

function poolFields(): readonly Field[] {
  return [byte("padding"), int("strideW"), int("strideH"), int("kernelW"), int("kernelH"), byte("activation")];
}
