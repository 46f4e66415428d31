/** Compared as text: a URL parser would also take `user@127.0.0.1` and `2130706433` for this machine. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/**
 * The origin that a browser talks to, from the `Host` that it named; `null` unless Drover is known by it. Somebody on this machine
 * may come past the proxy or the certificate, over plain HTTP: what a cookie may be is decided by this, not by the configuration.
 * @param publicOrigin where browsers on other machines reach Drover
 */
export function originByHost(host: string | null, publicOrigin: string | undefined): string | null {
  if (host === null) return null;
  if (publicOrigin !== undefined && new URL(publicOrigin).host === host) return publicOrigin;
  return loopbackHost.test(host) ? `http://${host}` : null;
}

/** Whether browsers may be told to come back encrypted only: of this machine they would remember it for every port and program. */
export const mayPinEncryption = (host: string): boolean => !loopbackHost.test(host);
