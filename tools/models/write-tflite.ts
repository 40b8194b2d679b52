/** Writes a `Graph` as a .tflite file, so that TensorFlow Lite itself can judge networks that were trained here. */
import { Builder } from "flatbuffers";
import type { Graph, Operator, Tensor, TensorType } from "./graph.ts";
import { operatorNames, optionTables, tensorTypes } from "./tflite-schema.ts";

const VERSION = 3;
/** Of the operator codes: int8 forms came with these versions. */
const versions: Readonly<Record<string, number>> = {
  FULLY_CONNECTED: 4,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 3,
  QUANTIZE: 1,
  DEQUANTIZE: 2,
  RESHAPE: 1,
};

export function writeTflite(graph: Graph): Uint8Array {
  const b = new Builder(1024);
  const kinds = [...new Set(graph.operators.map(({ kind }) => kind))];
  const empty = table(b, 3, () => undefined);
  const buffers = [empty];
  const tensors = graph.tensors.map((tensor) => {
    if (tensor.data) {
      const data = b.createByteVector(tensor.data);
      buffers.push(table(b, 3, () => b.addFieldOffset(0, data, 0)));
    }
    return writeTensor(b, tensor, tensor.data ? buffers.length - 1 : 0);
  });
  const operators = graph.operators.map((operator) => writeOperator(b, operator, kinds.indexOf(operator.kind)));
  const lists = [
    offsets(b, tensors),
    ints(b, graph.inputs),
    ints(b, graph.outputs),
    offsets(b, operators),
    b.createString("main"),
  ];
  const subgraph = table(b, 5, () => lists.forEach((list, id) => b.addFieldOffset(id, list, 0)));
  const codes = kinds.map((kind) => {
    const code = Number(Object.entries(operatorNames).find(([, name]) => name === kind)![0]);
    return table(b, 4, () => {
      b.addFieldInt8(0, Math.min(code, 127), 0);
      b.addFieldInt32(2, versions[kind] ?? 2, 1);
      b.addFieldInt32(3, code, 0);
    });
  });
  const parts = [offsets(b, codes), offsets(b, [subgraph]), b.createString("hibernode"), offsets(b, buffers)];
  const model = table(b, 5, () => {
    b.addFieldInt32(0, VERSION, 0);
    parts.forEach((part, id) => b.addFieldOffset(id + 1, part, 0));
  });
  b.finish(model, "TFL3");
  return b.asUint8Array().slice();
}

function table(b: Builder, fields: number, fill: () => void): number {
  b.startObject(fields);
  fill();
  return b.endObject();
}

function list<T>(b: Builder, items: readonly T[], width: number, add: (item: T) => void): number {
  b.startVector(width, items.length, width);
  for (const item of [...items].reverse()) add(item);
  return b.endVector();
}
const ints = (b: Builder, items: readonly number[]): number => list(b, items, 4, (item) => b.addInt32(item));
const offsets = (b: Builder, items: readonly number[]): number => list(b, items, 4, (item) => b.addOffset(item));

const typeCode = (type: TensorType): number =>
  Number(Object.entries(tensorTypes).find(([, name]) => name === type)![0]);

function writeTensor(b: Builder, { name, shape, type, scales, zeroPoints, axis }: Tensor, buffer: number): number {
  const [scale, zero] = [
    list(b, scales, 4, (item) => b.addFloat32(item)),
    list(b, zeroPoints, 8, (item) => b.addInt64(BigInt(item))),
  ];
  const quantization = table(b, 7, () => {
    if (scales.length === 0) return;
    b.addFieldOffset(2, scale, 0);
    b.addFieldOffset(3, zero, 0);
    b.addFieldInt32(6, axis, 0);
  });
  const [dimensions, title] = [ints(b, shape), b.createString(name)];
  return table(b, 8, () => {
    b.addFieldOffset(0, dimensions, 0);
    b.addFieldInt8(1, typeCode(type), 0);
    b.addFieldInt32(2, buffer, 0);
    b.addFieldOffset(3, title, 0);
    b.addFieldOffset(4, quantization, 0);
  });
}

function writeOperator(b: Builder, { kind, inputs, outputs, options }: Operator, index: number): number {
  const layout = optionTables[kind];
  const written = layout
    ? table(b, layout.fields.length, () =>
        layout.fields.forEach(({ name, type, preset }, id) => {
          const value = options[name] ?? preset;
          if (type === "byte") b.addFieldInt8(id, value, preset);
          else if (type === "int") b.addFieldInt32(id, value, preset);
          else b.addFieldFloat32(id, value, preset);
        }),
      )
    : 0;
  const [from, to] = [ints(b, inputs), ints(b, outputs)];
  return table(b, 5, () => {
    b.addFieldInt32(0, index, 0);
    b.addFieldOffset(1, from, 0);
    b.addFieldOffset(2, to, 0);
    if (!layout) return;
    b.addFieldInt8(3, layout.code, 0);
    b.addFieldOffset(4, written, 0);
  });
}
