import { open } from "node:fs/promises";

/** Metadata values of a GGUF file, as far as an embedding model needs them. */
export type GgufValue =
  | { readonly type: "uint32"; readonly value: number }
  | { readonly type: "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int32[]"; readonly value: readonly number[] }
  | { readonly type: "string[]"; readonly value: readonly string[] };

/** One tensor. `shape` lists the fastest-moving dimension first, as GGUF does. `load` is called once, in file order. */
export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: "F32" | "Q8_0";
  readonly load: () => Promise<Uint8Array>;
}

const alignment = 32;
const valueTypes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { F32: 0, Q8_0: 8 } as const;
/** Elements and bytes of one block; Q8_0 is a half-precision scale and 32 signed bytes. */
const blocks = { F32: { elements: 1, bytes: 4 }, Q8_0: { elements: 32, bytes: 34 } } as const;

const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};
const uint64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
};
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
};
const padding = (length: number): number => (alignment - (length % alignment)) % alignment;

const encodeValue = (entry: GgufValue): Buffer => {
  switch (entry.type) {
    case "uint32":
      return Buffer.concat([uint32(valueTypes.uint32), uint32(entry.value)]);
    case "float32": {
      const buffer = Buffer.alloc(4);
      buffer.writeFloatLE(entry.value);
      return Buffer.concat([uint32(valueTypes.float32), buffer]);
    }
    case "bool":
      return Buffer.concat([uint32(valueTypes.bool), Buffer.from([entry.value ? 1 : 0])]);
    case "string":
      return Buffer.concat([uint32(valueTypes.string), text(entry.value)]);
    case "int32[]": {
      const numbers = Buffer.from(Int32Array.from(entry.value).buffer);
      const head = [uint32(valueTypes.array), uint32(valueTypes.int32), uint64(entry.value.length)];
      return Buffer.concat([...head, numbers]);
    }
    case "string[]": {
      const head = [
        uint32(valueTypes.array),
        uint32(valueTypes.string),
        uint64(entry.value.length),
      ];
      return Buffer.concat([...head, ...entry.value.map(text)]);
    }
    default:
      return entry satisfies never;
  }
};

/** Bytes of a tensor's data. @throws RangeError when its rows do not fill whole blocks */
const tensorBytes = (tensor: Pick<GgufTensor, "name" | "shape" | "type">): number => {
  const block = blocks[tensor.type];
  if ((tensor.shape[0] ?? 0) % block.elements !== 0)
    throw new RangeError(`The rows of ${tensor.name} do not fill whole ${tensor.type} blocks.`);
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  return (elements / block.elements) * block.bytes;
};

const encodeHead = (
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
): Buffer => {
  const parts = [Buffer.from("GGUF"), uint32(3), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, entry] of metadata) parts.push(text(key), encodeValue(entry));
  let offset = 0;
  for (const tensor of tensors) {
    parts.push(text(tensor.name), uint32(tensor.shape.length), ...tensor.shape.map(uint64));
    parts.push(uint32(tensorTypes[tensor.type]), uint64(offset));
    const bytes = tensorBytes(tensor);
    offset += bytes + padding(bytes);
  }
  const head = Buffer.concat(parts);
  return Buffer.concat([head, Buffer.alloc(padding(head.length))]);
};

/**
 * Writes a GGUF file, version 3, little-endian. The same input gives the same bytes: nothing of the time, the machine
 * or the order of a hash map gets in.
 *
 * @see ggml docs/gguf.md for the layout
 */
export const writeGguf = async (
  path: string,
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensor[],
  signal?: AbortSignal,
): Promise<void> => {
  const file = await open(path, "w");
  try {
    await file.write(encodeHead(metadata, tensors));
    for (const tensor of tensors) {
      signal?.throwIfAborted();
      const data = await tensor.load();
      if (data.byteLength !== tensorBytes(tensor))
        throw new RangeError(
          `${tensor.name} has ${String(data.byteLength)} bytes, which its shape does not give.`,
        );
      await file.write(data);
      await file.write(Buffer.alloc(padding(data.byteLength)));
    }
    await file.sync();
  } finally {
    await file.close();
  }
};
