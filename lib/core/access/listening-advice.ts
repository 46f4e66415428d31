const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$|\[::1\]$)/.test(host);

/**
 * What an operator must still do before anybody on another machine can sign in; `null` when nothing is missing.
 * @param publicOrigin where browsers reach Drover; undefined = the listening address
 */
export function listeningAdvice(host: string, publicOrigin: string | undefined): string | null {
  if (publicOrigin === undefined)
    return isLoopback(host)
      ? null
      : `Drover listens on ${host}, but people on other machines cannot sign in yet: set DROVER_PUBLIC_ORIGIN to the https:// address they type, and give Drover a certificate (DROVER_TLS_CERT, DROVER_TLS_KEY) or put a proxy with HTTPS before it.`;
  const { protocol, hostname } = new URL(publicOrigin);
  return protocol === "https:" || isLoopback(hostname)
    ? null
    : `${publicOrigin} is not encrypted, so nobody can sign in there: make DROVER_PUBLIC_ORIGIN an https:// address, and give Drover a certificate (DROVER_TLS_CERT, DROVER_TLS_KEY) or put a proxy with HTTPS before it.`;
}
