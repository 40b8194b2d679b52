/** Reads a .tflite file (TensorFlow Lite's flatbuffer, schema version 3) into a `Graph`. */
import { ByteBuffer } from "flatbuffers";
import { UserError } from "../errors.ts";
import type { Graph, Operator, Tensor } from "./graph.ts";
import { operatorNames, optionTables, tensorTypes } from "./tflite-schema.ts";

const FIX = "name a .tflite file as TensorFlow's converter writes it";

/** Throws a UserError when the bytes are no such file; `where` is named in it. */
export function readTflite(bytes: Uint8Array, where: string): Graph {
  const refuse = (message: string): UserError => new UserError(message, { where, fix: FIX });
  if (bytes.length < 16 || Buffer.from(bytes.subarray(4, 8)).toString("latin1") !== "TFL3")
    throw refuse(`this is no TensorFlow Lite model: expected "TFL3" at byte 4, got ${bytes.length} other bytes`);
  try {
    return readModel(new Table(new ByteBuffer(bytes), new ByteBuffer(bytes).readInt32(0)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refuse(`the model is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readModel(model: Table): Graph {
  const buffers = model.tables(4);
  const graphs = model.tables(2);
  if (graphs.length !== 1) throw new Error(`expected one subgraph, got ${graphs.length}`);
  const graph = graphs[0]!;
  const kinds = model.tables(1).map((code) => {
    const number = Math.max(code.byte(0), code.int(3));
    return number === 32 ? `CUSTOM ${code.text(1)}` : (operatorNames[number] ?? `operator ${number}`);
  });
  const tensors = graph.tables(0).map((table): Tensor => {
    const quantization = table.table(4);
    const data = buffers[table.int(2)]?.bytes(0);
    return {
      name: table.text(3),
      shape: table.ints(0),
      type: tensorTypes[table.byte(1)] ?? "other",
      data: data?.length ? data : undefined,
      scales: quantization?.floats(2) ?? [],
      zeroPoints: quantization?.longs(3) ?? [],
      axis: quantization?.int(6) ?? 0,
    };
  });
  const operators = graph.tables(3).map((table): Operator => {
    const kind = kinds[table.int(0)];
    if (kind === undefined) throw new Error(`an operator has code ${table.int(0)} of ${kinds.length}`);
    return { kind, inputs: table.ints(1), outputs: table.ints(2), options: readOptions(kind, table) };
  });
  const inputs = graph.ints(1);
  const outputs = graph.ints(2);
  for (const index of [...inputs, ...outputs, ...operators.flatMap((one) => [...one.inputs, ...one.outputs])])
    if (index >= tensors.length) throw new Error(`tensor ${index} of ${tensors.length}`);
  return { tensors, operators, inputs, outputs };
}

function readOptions(kind: string, operator: Table): Record<string, number> {
  const layout = optionTables[kind];
  const options = operator.byte(3) === layout?.code ? operator.table(4) : undefined;
  return Object.fromEntries(
    (layout?.fields ?? []).map(({ name, type, preset }, id) => [name, options?.[type](id, preset) ?? preset]),
  );
}

/** A table of a flatbuffer, its fields by their number in the schema. Everything that lies outside of the file throws. */
class Table {
  readonly #buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    if (at < 0 || at + 4 > buffer.capacity()) throw new Error(`an offset leads outside of the file: ${at}`);
    this.#buffer = buffer;
    this.#at = at;
  }

  #field(id: number): number {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * id);
    return offset === 0 ? 0 : this.#at + offset;
  }

  byte(id: number, preset = 0): number {
    const at = this.#field(id);
    return at ? this.#buffer.readUint8(at) : preset;
  }

  int(id: number, preset = 0): number {
    const at = this.#field(id);
    return at ? this.#buffer.readInt32(at) : preset;
  }

  float(id: number, preset = 0): number {
    const at = this.#field(id);
    return at ? this.#buffer.readFloat32(at) : preset;
  }

  table(id: number): Table | undefined {
    const at = this.#field(id);
    return at ? new Table(this.#buffer, this.#buffer.__indirect(at)) : undefined;
  }

  text(id: number): string {
    return Buffer.from(this.bytes(id)).toString("utf8");
  }

  bytes(id: number): Uint8Array {
    const [start, length] = this.#vector(id, 1);
    return this.#buffer.bytes().subarray(start, start + length);
  }

  tables(id: number): Table[] {
    return this.#list(id, 4, (at) => new Table(this.#buffer, this.#buffer.__indirect(at)));
  }

  ints(id: number): number[] {
    return this.#list(id, 4, (at) => this.#buffer.readInt32(at));
  }

  longs(id: number): number[] {
    return this.#list(id, 8, (at) => Number(this.#buffer.readInt64(at)));
  }

  floats(id: number): number[] {
    return this.#list(id, 4, (at) => this.#buffer.readFloat32(at));
  }

  #list<T>(id: number, width: number, read: (at: number) => T): T[] {
    const [start, length] = this.#vector(id, width);
    return Array.from({ length }, (_, index) => read(start + index * width));
  }

  #vector(id: number, width: number): [start: number, length: number] {
    const at = this.#field(id);
    if (!at) return [0, 0];
    const start = this.#buffer.__vector(at);
    const length = this.#buffer.__vector_len(at);
    if (start < 4 || length < 0 || start + length * width > this.#buffer.capacity())
      throw new Error(`a list of ${length} leads outside of the file`);
    return [start, length];
  }
}
