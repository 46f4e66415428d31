import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { createBetterAuth } from "#lib/adapters/auth/better-auth.ts";
import { sessions, users } from "#drizzle/schema/index.ts";
import type { TestContainer } from "./test-container.ts";

export const password = "a long enough phrase";

/** A person's browser: its cookie, and requests as Drover's own page sends them. */
export interface Browser {
  readonly userId: string;
  cookie: string;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

export function browserAt(origin: string, userId = ""): Browser {
  return {
    userId,
    cookie: "",
    async send(method, path, body, headers = {}) {
      const changing = method !== "GET";
      const isBytes = body instanceof Uint8Array;
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: {
          ...(this.cookie === "" ? {} : { cookie: this.cookie }),
          ...(changing
            ? { origin, "content-type": isBytes ? "application/octet-stream" : "application/json" }
            : {}),
          ...headers,
        },
        ...(changing && body !== undefined
          ? { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }
          : {}),
      });
      for (const line of response.headers.getSetCookie()) {
        const pair = line.split(";", 1)[0] ?? "";
        this.cookie = pair.endsWith("=") ? "" : pair;
      }
      return response;
    },
  };
}

/** The first admin, through the set-up link, as a person does it. */
export async function setUpAdmin(test: TestContainer, origin: string): Promise<Browser> {
  const link = await test.container.accounts.announce();
  const token = new URL(link ?? "").hash.replace("#token=", "");
  const anonymous = browserAt(origin);
  const response = await anonymous.send("POST", "/api/setup", {
    token,
    workspaceName: "Works",
    name: "Ada",
    email: "ada@example.org",
    password,
  });
  const identity = (await response.json()) as { user: { id: string } };
  return Object.assign(browserAt(origin, identity.user.id), { cookie: anonymous.cookie });
}

/** There is no invitation yet, so members are put in as the account library stores them. */
export async function addPerson(
  test: TestContainer,
  origin: string,
  person: {
    readonly email: string;
    readonly role: "admin" | "member";
    readonly workspaceId: string;
  },
): Promise<Browser> {
  const hash = "$argon2id$not-usable";
  const auth = createBetterAuth(
    test.connection.db,
    { secret: `unused ${randomUUID()}`, origin },
    { hash: async () => hash, verify: async () => false },
    "open",
  );
  const { user } = await auth.api.signUpEmail({
    body: { ...person, name: person.email, password },
  });
  await test.connection.db.delete(sessions).where(eq(sessions.userId, user.id));
  const link = await test.container.accounts.resetLink(person.email);
  const browser = browserAt(origin, user.id);
  const token = new URL(link).hash.replace("#token=", "");
  await browser.send("POST", "/api/password-reset", { token, password });
  await browser.send("POST", "/api/session", { email: person.email, password });
  return browser;
}

export const suspend = async (test: TestContainer, browser: Browser): Promise<void> => {
  await test.connection.db
    .update(users)
    .set({ suspendedAt: new Date() })
    .where(eq(users.id, browser.userId));
};
