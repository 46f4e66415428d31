import * as client from "openid-client";
import { AppError, isAppError } from "../../core/errors/app-error.ts";
import type { IdentityProvider } from "../../ports/identity-provider.ts";

interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
}

interface Ticket {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const timeoutSeconds = 10;
const scope = "openid email profile";

const failed = (cause: unknown, code: "sso_failed" | "sso_unavailable" = "sso_failed"): AppError =>
  isAppError(cause)
    ? cause
    : new AppError(code, { reason: cause instanceof Error ? cause.message : "unknown" }, { cause });

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : null;

function readTicket(text: string): Ticket {
  const value = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Partial<Ticket>;
  const { state, nonce, verifier } = value;
  if (typeof state !== "string" || typeof nonce !== "string" || typeof verifier !== "string")
    throw new AppError("sso_failed", { reason: "no ticket" });
  return { state, nonce, verifier };
}

/** Found out at first use and asked again until it answers: Drover starts without its provider. */
function createDiscovery(settings: OpenIdSettings) {
  const issuer = new URL(settings.issuer);
  let found: Promise<client.Configuration> | null = null;
  const discover = (): Promise<client.Configuration> =>
    client.discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
      timeout: timeoutSeconds,
      // The configuration lets plain HTTP through for this machine only.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out, which it should
      ...(issuer.protocol === "http:" ? { execute: [client.allowInsecureRequests] } : {}),
    });
  return (): Promise<client.Configuration> => {
    const asked =
      found ??
      discover().catch((error: unknown): never => {
        throw failed(error, "sso_unavailable");
      });
    found = asked;
    asked.catch(() => {
      found = null;
    });
    return asked;
  };
}

/** OpenID Connect by openid-client: issuer, audience, signature, state, nonce and PKCE are its checks. */
export function createOpenIdProvider(settings: OpenIdSettings): IdentityProvider {
  const configuration = createDiscovery(settings);
  return {
    name: settings.name,

    async begin(callback) {
      try {
        const ticket: Ticket = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        };
        const url = client.buildAuthorizationUrl(await configuration(), {
          redirect_uri: callback,
          scope,
          state: ticket.state,
          nonce: ticket.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(ticket.verifier),
          code_challenge_method: "S256",
        });
        return {
          url: url.href,
          ticket: Buffer.from(JSON.stringify(ticket)).toString("base64url"),
        };
      } catch (error) {
        throw failed(error);
      }
    },

    async finish(callback, text) {
      try {
        const ticket = readTicket(text);
        const found = await configuration();
        const tokens = await client.authorizationCodeGrant(found, new URL(callback), {
          expectedState: ticket.state,
          expectedNonce: ticket.nonce,
          pkceCodeVerifier: ticket.verifier,
          idTokenExpected: true,
        });
        const proven = tokens.claims();
        if (proven === undefined) throw new AppError("sso_failed", { reason: "no identity" });
        // Many providers put name and address into the user's own endpoint only.
        const more =
          found.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(found, tokens.access_token, proven.sub);
        const claims: Readonly<Record<string, unknown>> = { ...proven, ...more };
        return {
          subject: proven.sub,
          name: textOf(claims["name"]),
          verifiedEmail: claims["email_verified"] === true ? textOf(claims["email"]) : null,
        };
      } catch (error) {
        throw failed(error);
      }
    },
  };
}
