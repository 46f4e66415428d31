const protocols = new Set(["http:", "https:", "mailto:"]);
const longestHref = 2_000;

export interface SafeLink {
  readonly href: string;
  /** What the reader is told about where it leads. */
  readonly host: string;
}

/** An address that a reader may follow by a click: absolute, of a known protocol, without a hidden sign-in; else `null`. */
export const safeLink = (address: string): SafeLink | null => {
  if (address.length > longestHref || !/^(?:https?:\/\/|mailto:)/iu.test(address)) return null;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!protocols.has(url.protocol) || url.username !== "" || url.password !== "") return null;
  if (url.protocol === "mailto:") return { href: url.href, host: url.pathname };
  return url.hostname === "" ? null : { href: url.href, host: url.host };
};
