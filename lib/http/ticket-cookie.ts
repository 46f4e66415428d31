const lifetimeSeconds = 600;

const isSecure = (origin: string): boolean => origin.startsWith("https:");
const nameAt = (origin: string): string =>
  isSecure(origin) ? "__Host-drover-ticket" : "drover-ticket";

/** Kept by the browser between its way to the identity provider and back; `null` takes it away. Lax, for the way back begins elsewhere. */
export const ticketCookie = (origin: string, ticket: string | null): string =>
  `${nameAt(origin)}=${ticket ?? ""}; Max-Age=${ticket === null ? 0 : lifetimeSeconds}; Path=/; HttpOnly; SameSite=Lax${isSecure(origin) ? "; Secure" : ""}`;

/** Empty when the browser brings none. */
export function readTicket(headers: Headers, origin: string): string {
  const prefix = `${nameAt(origin)}=`;
  const pair = (headers.get("cookie") ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return pair?.slice(prefix.length, prefix.length + 2_000) ?? "";
}
