import { deflateRawSync } from "node:zlib";

const record = (fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );

/** Builds a zip archive for tests: first member stored, the others deflated. */
export const buildArchive = (
  members: readonly (readonly [name: string, data: Buffer])[],
): Buffer => {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [index, [name, data]] of members.entries()) {
    const method = index === 0 ? 0 : 8;
    const packed = method === 0 ? data : deflateRawSync(data);
    const nameBytes = Buffer.from(name);
    const sizes = [
      [4, 0],
      [4, packed.length],
      [4, data.length],
      [2, nameBytes.length],
    ] as const;
    const local = record([
      [4, 0x04034b50],
      [2, 20],
      [2, 0],
      [2, method],
      [2, 0],
      [2, 0],
      ...sizes,
      [2, 0],
    ]);
    const central = record([
      ...([
        [4, 0x02014b50],
        [2, 20],
        [2, 20],
        [2, 0],
        [2, method],
        [2, 0],
        [2, 0],
      ] as const),
      ...sizes,
      ...([
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, offset],
      ] as const),
    ]);
    bodies.push(local, nameBytes, packed);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + packed.length;
  }
  const table = Buffer.concat(directory);
  const count = members.length;
  const end = record([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, table.length],
    [4, offset],
    [2, 0],
  ]);
  return Buffer.concat([...bodies, table, end]);
};
