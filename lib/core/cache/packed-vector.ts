/** 32-bit floats, little end first whatever the machine. */
export function packedVector(vector: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [place, value] of vector.entries()) view.setFloat32(place * 4, value, true);
  return bytes;
}

/** `null` for what is no vector: a wrong length, or values that are no numbers. */
export function unpackedVector(bytes: Uint8Array): readonly number[] | null {
  if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = Array.from({ length: bytes.byteLength / 4 }, (_, place) =>
    view.getFloat32(place * 4, true),
  );
  return vector.every(Number.isFinite) ? vector : null;
}
