import { parseUrl } from "./node-addresses.ts";

/** A sign-in at another house, by OpenID Connect. */
export interface ConfiguredIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As the sign-in page calls it. */
  readonly name: string;
}

/** The variables with which an operator opens Drover to others. */
interface Opening {
  readonly DROVER_PUBLIC_ORIGIN?: string | undefined;
  /** Below 0: nothing was said. */
  readonly DROVER_PROXY_HOPS: number;
  readonly DROVER_TLS_CERT?: string | undefined;
  readonly DROVER_TLS_KEY?: string | undefined;
  readonly DROVER_OIDC_ISSUER?: string | undefined;
  readonly DROVER_OIDC_CLIENT_ID?: string | undefined;
  readonly DROVER_OIDC_CLIENT_SECRET?: string | undefined;
  readonly DROVER_OIDC_NAME: string;
}

const thisMachine: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** Plain HTTP would hand the code and the secret to whoever listens, so only this machine may use it. */
export function isIssuer(text: string): boolean {
  const url = parseUrl(text);
  if (url?.search !== "" || url.hash !== "") return false;
  return (
    url.protocol === "https:" || (url.protocol === "http:" && thisMachine.includes(url.hostname))
  );
}

/** All three or none. */
function identityProviderFaults(values: Opening): readonly string[] {
  const needed = [
    "DROVER_OIDC_ISSUER",
    "DROVER_OIDC_CLIENT_ID",
    "DROVER_OIDC_CLIENT_SECRET",
  ] as const;
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length === 0 || missing.length === needed.length) return [];
  return missing.map((name) => `${name}: it is needed for sign-in by OpenID Connect.`);
}

/** A certificate is for a name that browsers go to. */
function certificateFaults(values: Opening): readonly string[] {
  const { DROVER_TLS_CERT: cert, DROVER_TLS_KEY: key, DROVER_PUBLIC_ORIGIN: known } = values;
  if (cert === undefined && key === undefined) return [];
  return [
    ...(cert === undefined ? ["DROVER_TLS_CERT: it is needed beside DROVER_TLS_KEY."] : []),
    ...(key === undefined ? ["DROVER_TLS_KEY: it is needed beside DROVER_TLS_CERT."] : []),
    ...(known?.startsWith("https:") === true
      ? []
      : ["DROVER_PUBLIC_ORIGIN: with a certificate it is the https:// address that people type."]),
  ];
}

/** One sentence for each variable that contradicts another. */
export const openingFaults = (values: Opening): readonly string[] => [
  ...identityProviderFaults(values),
  ...certificateFaults(values),
];

/** Without a word about it, a public address that Drover does not encrypt itself belongs to one proxy. */
export function proxyHopsOf(values: Opening): number {
  if (values.DROVER_PROXY_HOPS >= 0) return values.DROVER_PROXY_HOPS;
  return values.DROVER_PUBLIC_ORIGIN !== undefined && values.DROVER_TLS_CERT === undefined ? 1 : 0;
}

/** @param absolute makes a path absolute */
export function certificateOf(
  values: Opening,
  absolute: (path: string) => string,
): { readonly cert: string; readonly key: string } | null {
  const { DROVER_TLS_CERT: cert, DROVER_TLS_KEY: key } = values;
  if (cert === undefined || key === undefined) return null;
  return { cert: absolute(cert), key: absolute(key) };
}

export function identityProviderOf(values: Opening): ConfiguredIdentityProvider | null {
  const {
    DROVER_OIDC_ISSUER: issuer,
    DROVER_OIDC_CLIENT_ID: clientId,
    DROVER_OIDC_CLIENT_SECRET: clientSecret,
  } = values;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return { issuer, clientId, clientSecret, name: values.DROVER_OIDC_NAME };
}
