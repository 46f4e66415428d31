import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

export interface RealProvider {
  readonly issuer: string;
  /** What the provider says about who signs in under a name. */
  readonly accounts: Map<string, Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

export const clientId = "drover";
export const clientSecret = "a secret that two programs share, at least 32 bytes";

/** A certified OpenID Connect provider on this machine, with one client and the accounts that the test puts in. */
export async function startIdentityProvider(callbacks: readonly string[]): Promise<RealProvider> {
  const accounts: RealProvider["accounts"] = new Map();
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...callbacks] }],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    cookies: { keys: ["only for this test"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts.get(id) }),
    }),
  });
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));
  return {
    issuer,
    accounts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The cookies that a browser keeps for one house. */
function createJar() {
  const jar = new Map<string, string>();
  return {
    header: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    keep(response: Response): void {
      for (const line of response.headers.getSetCookie()) {
        const [name = "", value = ""] = (line.split(";", 1)[0] ?? "").split("=", 2);
        jar.set(name, value);
      }
    },
  };
}

/** The form of the provider's page, filled in. */
async function filledIn(response: Response, login: string) {
  const page = await response.text();
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
  const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
  if (action === undefined || prompt === undefined) throw new Error(`No form: ${page}`);
  const form = prompt === "login" ? { prompt, login, password: "any" } : { prompt };
  return { action, body: new URLSearchParams(form) };
}

/** Signs in as `login` from the provider's first page on; returns the address it sends the browser back to. */
export async function throughProvider(start: string, login: string): Promise<string> {
  const jar = createJar();
  const issuer = new URL(start).origin;
  let next = { url: start, body: undefined as URLSearchParams | undefined };
  for (let step = 0; step < 12; step += 1) {
    const response = await fetch(next.url, {
      redirect: "manual",
      headers: { cookie: jar.header() },
      ...(next.body === undefined ? {} : { method: "POST", body: next.body }),
    });
    jar.keep(response);
    const location = response.headers.get("location");
    if (location === null) {
      const { action, body } = await filledIn(response, login);
      next = { url: new URL(action, next.url).href, body };
    } else {
      next = { url: new URL(location, next.url).href, body: undefined };
      if (new URL(next.url).origin !== issuer) return next.url;
    }
  }
  throw new Error("The provider never came back.");
}
