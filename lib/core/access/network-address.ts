/**
 * Where an address leads. `never`: link-local, metadata services, multicast, reserved and tunnels that hide another address; nothing
 * there is asked, whatever an admin allows.
 */
export type NetworkKind = "public" | "private" | "loopback" | "never";

type Range = readonly [bytes: readonly number[], bits: number, kind: NetworkKind];

/** The first that fits decides (IANA special-purpose address registries, RFC 6890, and the metadata services of clouds). */
const ranges4: readonly Range[] = [
  [[100, 100, 100, 200], 32, "never"],
  [[168, 63, 129, 16], 32, "never"],
  [[0], 8, "never"],
  [[10], 8, "private"],
  [[100, 64], 10, "private"],
  [[127], 8, "loopback"],
  [[169, 254], 16, "never"],
  [[172, 16], 12, "private"],
  [[192, 0, 0], 24, "never"],
  [[192, 0, 2], 24, "never"],
  [[192, 88, 99], 24, "never"],
  [[192, 168], 16, "private"],
  [[198, 18], 15, "never"],
  [[198, 51, 100], 24, "never"],
  [[203, 0, 113], 24, "never"],
  [[224], 3, "never"],
];
const ranges6: readonly Range[] = [
  [[0xfd, 0, 0x0e, 0xc2], 32, "never"],
  [[0xfc], 7, "private"],
  [[0x20, 0x01, 0x0d, 0xb8], 32, "never"],
  [[0x20, 0x01, 0], 23, "never"],
  [[0x20, 0x02], 16, "never"],
  [[0x3f, 0xff], 20, "never"],
  [[0x20], 3, "public"],
];

const fits = (address: readonly number[], [bytes, bits]: Range): boolean =>
  Array.from({ length: Math.ceil(bits / 8) }, (_, index) => {
    const mask = (0xff << Math.max(0, 8 - (bits - index * 8))) & 0xff;
    return ((address[index] ?? 0) & mask) === ((bytes[index] ?? 0) & mask);
  }).every(Boolean);

function parse4(text: string): readonly number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function groupsOf(text: string): readonly number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const last4 = index === parts.length - 1 ? parse4(part) : null;
    if (last4 !== null) bytes.push(...last4);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}

function parse6(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groupsOf);
  if (head == null || tail === null) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const missing = 16 - head.length - tail.length;
  return missing < 2 ? null : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

const kind4 = (bytes: readonly number[]): NetworkKind =>
  ranges4.find((range) => fits(bytes, range))?.[2] ?? "public";

const isZero = (bytes: readonly number[]): boolean => bytes.every((byte) => byte === 0);

function kind6(bytes: readonly number[]): NetworkKind {
  const inner = bytes.slice(12);
  if (isZero(bytes.slice(0, 10)) && bytes[10] === 0xff && bytes[11] === 0xff) return kind4(inner); // mapped
  if (fits(bytes, [[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96, "never"]))
    return kind4(inner); // NAT64
  if (isZero(bytes.slice(0, 15)) && bytes[15] === 1) return "loopback";
  return ranges6.find((range) => fits(bytes, range))?.[2] ?? "never";
}

/** @param address as a name service or the system writes it: dotted decimal or IPv6, without a zone; anything else is `never`. */
export function networkOf(address: string): NetworkKind {
  const bytes4 = parse4(address);
  if (bytes4 !== null) return kind4(bytes4);
  const bytes6 = address.includes(":") ? parse6(address) : null;
  return bytes6 === null ? "never" : kind6(bytes6);
}
