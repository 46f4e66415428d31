/** Addresses of this machine, of private networks and of metadata services, each in every spelling that some program reads as it. */
const inside = ["127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.100.100.200"];

const bytesOf = (address: string): readonly number[] => address.split(".").map(Number);
const numberOf = (address: string): number =>
  bytesOf(address).reduce((number, byte) => number * 256 + byte, 0);
const hex = (number: number, width: number): string => number.toString(16).padStart(width, "0");
const inFullWidth = (text: string): string =>
  text.replace(/[0-9.]/g, (character) => String.fromCodePoint(character.charCodeAt(0) + 0xfee0));
const inCircles = (text: string): string =>
  text.replace(/[1-9]/g, (digit) => String.fromCodePoint(0x2460 + Number(digit) - 1));
const inPercents = (text: string): string =>
  text.replace(/./g, (character) => `%${hex(character.charCodeAt(0), 2)}`);

/** What a host may be written as that stands for this IPv4 address, to at least one program. */
function spellings(address: string): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(address);
  const [high, low] = [hex(a * 256 + b, 4), hex(c * 256 + d, 4)];
  const octal = bytesOf(address).map((byte) => `0${byte.toString(8)}`);
  const hexadecimal = bytesOf(address).map((byte) => `0x${hex(byte, 2)}`);
  return [
    ...[address, `${address}.`, String(numberOf(address)), `0x${hex(numberOf(address), 8)}`],
    ...[`0X${hex(numberOf(address), 8).toUpperCase()}`, `0${numberOf(address).toString(8)}`],
    ...[octal.join("."), `000${octal.join(".")}`, hexadecimal.join(".")],
    ...[`${octal[0] ?? ""}.${hexadecimal[1] ?? ""}.${String(c)}.${String(d)}`],
    ...[
      `${String(a)}.${String(b * 65_536 + c * 256 + d)}`,
      `${String(a)}.${String(b)}.${String(c * 256 + d)}`,
    ],
    ...[
      inFullWidth(address),
      inCircles(address),
      address.replaceAll(".", "。"),
      inPercents(address),
    ],
    ...[`[::ffff:${address}]`, `[::ffff:${high}:${low}]`, `[0:0:0:0:0:FFFF:${high}:${low}]`],
    ...[
      `[::${address}]`,
      `[64:ff9b::${address}]`,
      `[64:ff9b::${high}:${low}]`,
      `[2002:${high}:${low}::]`,
    ],
  ];
}

const hosts = [
  ...inside.flatMap(spellings),
  ...["localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "0.0.0.0", "0"],
  ...["[fe80::1]", "[fd00:ec2::254]", "[::ffff:0:127.0.0.1]", "127.0.0.1.nip.test", "metadata"],
];

/** Ways to put a host into an address on which programs disagree; `example.org` stands where some of them look instead. */
const shapes: readonly ((host: string, port: number) => string)[] = [
  (host, port) => `http://${host}:${String(port)}/`,
  (host, port) => `HtTp:\\\\${host}:${String(port)}\\`,
  (host, port) => `http:${host}:${String(port)}`,
  (host, port) => `http:////${host}:${String(port)}/`,
  (host, port) => `\u0000 \thttp://${host}:${String(port)}/ `,
  (host, port) => `ht\ntp://${host}:\t${String(port)}/`,
  (host, port) => `http://example.org@${host}:${String(port)}/`,
  (host, port) => `http://example.org:80@${host}:${String(port)}/`,
  (host, port) => `http://${host}:${String(port)}\\@example.org/`,
  (host, port) => `http://${host}:${String(port)}#@example.org/`,
  (host, port) => `http://${host}:${String(port)}?@example.org/`,
];

/** Every host in every shape: none of them may be asked. */
export const hostileAddresses = (port: number): readonly string[] =>
  shapes.flatMap((shape) => hosts.map((host) => shape(host, port)));
