import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { matrix } from "./matrix-table.ts";

const metricsToken = "metrics-token-that-nobody-sees-again";

let line: AccessLine;

beforeAll(async () => {
  line = await openAccessLine("scripted", { DROVER_METRICS_TOKEN: metricsToken });
});
afterAll(() => line.close());

/** Everything that an admin can read without naming a thing: settings, people, audit, cluster, cache, export and the rest. */
const readable = Object.keys(matrix)
  .filter((route) => route.startsWith("GET /") && !route.includes("["))
  // Streams do not end.
  .filter((route) => !route.endsWith("/events"))
  .map((route) => route.slice("GET ".length));

it("no answer to an admin shows a secret again: the operator's, a link's, a session's or a password's", async () => {
  const { admin, test } = line;
  const invitation = await admin.send("POST", "/api/invitations", {
    ...{ email: null, role: "member", groupIds: [] },
  });
  expect(invitation.status).toBe(201);
  const link = /#token=([\w-]+)/u.exec(await invitation.text())?.[1] ?? "";
  expect(link.length).toBeGreaterThan(20);
  const secret = (await readFile(test.container.config.secretFile, "utf8")).trim();
  const secrets = {
    ...{ metricsToken, link, secret, database: test.connection.url },
    session: admin.cookie.split("=")[1]?.split(".")[0] ?? admin.cookie,
    passwordHash: "$argon2",
  };
  expect(readable).toContain("/api/settings");
  const seen: string[] = [];
  for (const path of readable) {
    const response = await admin.send("GET", path);
    seen.push(path);
    const text = await response.text();
    for (const [name, value] of Object.entries(secrets))
      expect(text.includes(value), `${name} in ${path}`).toBe(false);
  }
  expect(seen.length).toBeGreaterThan(15);
});
