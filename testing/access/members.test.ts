import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditLog, invitations, users } from "#drizzle/schema/index.ts";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { type Browser, browserAt, password } from "./people.ts";
import type { RouteServer } from "./route-server.ts";
import type { TestContainer } from "./test-container.ts";

let line: AccessLine;
let test: TestContainer;
let server: RouteServer;
let admin: Browser;

beforeAll(async () => {
  line = await openAccessLine();
  ({ test, server, admin } = line);
});
afterAll(() => line.close());

const read = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const codeOf = async (response: Response): Promise<string> =>
  (await read<{ error: { code: string } }>(response)).error.code;
const statusOf = async (browser: Browser) => (await browser.send("GET", "/api/session")).status;

interface Invited {
  readonly invitation: { readonly id: string };
  readonly link: string;
}

const invite = async (
  wanted: { email?: string | null; role?: string; groupIds?: readonly string[] } = {},
): Promise<Invited> =>
  read<Invited>(
    await admin.send("POST", "/api/invitations", {
      email: null,
      role: "member",
      groupIds: [],
      ...wanted,
    }),
  );
const tokenOf = ({ link }: Invited) => new URL(link).hash.replace("#token=", "");

async function join(token: string, name: string, email = `${name}@example.org`) {
  const browser = browserAt(server.origin);
  const response = await browser.send("POST", "/api/join", { token, name, email, password });
  if (response.status !== 201) return { response, browser };
  const { user } = await read<{ user: { id: string } }>(response);
  return {
    response,
    browser: Object.assign(browserAt(server.origin, user.id), { cookie: browser.cookie }),
  };
}

const newMember = async (name: string, wanted: Parameters<typeof invite>[0] = {}) =>
  (await join(tokenOf(await invite(wanted)), name)).browser;
const makeGroup = async (name: string) =>
  (await read<{ group: { id: string } }>(await admin.send("POST", "/api/groups", { name }))).group
    .id;
const makeCollection = async (name: string) =>
  (
    await read<{ collection: { id: string } }>(
      await admin.send("POST", "/api/collections", { name, visibility: "private" }),
    )
  ).collection.id;
const give = (by: Browser, collection: string, grants: readonly unknown[]) =>
  by.send("PUT", `/api/collections/${collection}/rights`, { grants });
const rightOf = async (browser: Browser, collection: string): Promise<string | number> => {
  const response = await browser.send("GET", `/api/collections/${collection}`);
  if (response.status !== 200) return response.status;
  return (await read<{ collection: { right: string } }>(response)).collection.right;
};

describe("an invitation", () => {
  it("says what it is for, makes one account, and is of no use afterwards", async () => {
    const token = tokenOf(await invite());
    const shown = await browserAt(server.origin).send("POST", "/api/join/invitation", { token });
    expect(await shown.json()).toEqual({ workspaceName: "Works", invitedBy: "Ada", email: null });
    const { browser, response } = await join(token, "ben");
    expect(response.status).toBe(201);
    expect(await statusOf(browser)).toBe(200);
    const again = await join(token, "bob");
    expect([again.response.status, await codeOf(again.response)]).toEqual([
      403,
      "invitation_invalid",
    ]);
  });

  it("makes one account of twenty who use it at the same time", async () => {
    const token = tokenOf(await invite());
    const joined = await Promise.all(
      Array.from({ length: 20 }, (_, index) => join(token, `crowd-${index}`)),
    );
    expect(joined.filter(({ response }) => response.status === 201)).toHaveLength(1);
  });

  it("for one address is of no use to another, and stays usable after the attempt", async () => {
    const token = tokenOf(await invite({ email: "Carla@Example.org" }));
    const other = await join(token, "mallory");
    expect(await codeOf(other.response)).toBe("invitation_invalid");
    expect((await join(token, "carla")).response.status).toBe(201);
  });

  it("brings role and groups with it", async () => {
    const group = await makeGroup("Harbour");
    const browser = await newMember("dora", { role: "admin", groupIds: [group] });
    const identity = await read<{ user: { role: string } }>(
      await browser.send("GET", "/api/session"),
    );
    expect(identity.user.role).toBe("admin");
    const { groups } = await read<{ groups: { id: string; memberIds: string[] }[] }>(
      await admin.send("GET", "/api/groups"),
    );
    expect(groups.find(({ id }) => id === group)?.memberIds).toEqual([browser.userId]);
  });

  it("is refused when revoked, run out, for a taken address or a weak password", async () => {
    const revoked = await invite();
    await admin.send("DELETE", `/api/invitations/${revoked.invitation.id}`);
    expect(await codeOf((await join(tokenOf(revoked), "eve")).response)).toBe("invitation_invalid");
    const old = await invite();
    await test.connection.db
      .update(invitations)
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where(eq(invitations.id, old.invitation.id));
    expect(await codeOf((await join(tokenOf(old), "eve")).response)).toBe("invitation_invalid");
    const taken = await join(tokenOf(await invite()), "ada again", "ADA@example.org");
    expect(await codeOf(taken.response)).toBe("email_taken");
    const weak = await browserAt(server.origin).send("POST", "/api/join", {
      token: tokenOf(await invite()),
      name: "Eve",
      email: "eve@example.org",
      password: "short",
    });
    expect(await codeOf(weak)).toBe("weak_password");
  });

  it("is stored without its link", async () => {
    const token = tokenOf(await invite());
    const rows = await test.connection.db.select().from(invitations);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(test.lines.join("\n")).not.toContain(token);
  });
});

describe("rights on a collection", () => {
  it("come to a person, through a group and to everyone, the best one counts, and go at once", async () => {
    const member = await newMember("frida");
    const collection = await makeCollection("Graded");
    expect(await rightOf(member, collection)).toBe(404);
    const group = await makeGroup("Graders");
    await admin.send("PATCH", `/api/groups/${group}`, { memberIds: [member.userId] });
    const everyone = { subjectKind: "everyone", subjectId: "*", right: "read" };
    const viaGroup = { subjectKind: "group", subjectId: group, right: "write" };
    const own = { subjectKind: "user", subjectId: member.userId, right: "manage" };
    const seen: (string | number)[] = [];
    for (const grants of [[everyone], [everyone, viaGroup], [everyone, viaGroup, own], []]) {
      expect((await give(admin, collection, grants)).status).toBe(200);
      seen.push(await rightOf(member, collection));
    }
    expect(seen).toEqual(["read", "write", "manage", 404]);
    await give(admin, collection, [viaGroup]);
    expect(await rightOf(member, collection)).toBe("write");
    await admin.send("PATCH", `/api/groups/${group}`, { memberIds: [] });
    expect(await rightOf(member, collection)).toBe(404);
  });

  it("are given by a member who manages, to people of the workspace only", async () => {
    const [manager, friend] = [await newMember("gina"), await newMember("hugo")];
    const collection = await makeCollection("Managed");
    const own = { subjectKind: "user", subjectId: manager.userId, right: "manage" };
    await give(admin, collection, [own]);
    const reading = { subjectKind: "user", subjectId: friend.userId, right: "read" };
    expect((await give(manager, collection, [own, reading])).status).toBe(200);
    expect((await give(friend, collection, [reading])).status).toBe(404);
    const stranger = { ...reading, subjectId: "x".repeat(32) };
    expect((await give(manager, collection, [own, stranger])).status).toBe(404);
    expect(await rightOf(friend, collection)).toBe("read");
    expect((await give(manager, collection, [own, own])).status).toBe(400);
  });

  it("of a group end with the group", async () => {
    const member = await newMember("ida");
    const group = await makeGroup("Passing");
    const collection = await makeCollection("Lent");
    await admin.send("PATCH", `/api/groups/${group}`, { memberIds: [member.userId] });
    await give(admin, collection, [{ subjectKind: "group", subjectId: group, right: "read" }]);
    expect(await rightOf(member, collection)).toBe("read");
    await admin.send("DELETE", `/api/groups/${group}`);
    expect(await rightOf(member, collection)).toBe(404);
  });
});

describe("people", () => {
  const change = (who: Browser, body: unknown) =>
    admin.send("PATCH", `/api/people/${who.userId}`, body);

  it("who are suspended are out at once and back when it is lifted", async () => {
    const member = await newMember("jana");
    await change(member, { suspended: true });
    expect(await statusOf(member)).toBe(401);
    const credentials = { email: "jana@example.org", password };
    const refused = await browserAt(server.origin).send("POST", "/api/session", credentials);
    expect(await codeOf(refused)).toBe("sign_in_failed");
    await change(member, { suspended: false });
    expect(await statusOf(member)).toBe(401);
    expect((await member.send("POST", "/api/session", credentials)).status).toBe(200);
  });

  it("whose role changes lose the sessions from before", async () => {
    const member = await newMember("kim");
    await change(member, { role: "admin" });
    expect(await statusOf(member)).toBe(401);
    await change(member, { role: "member" });
  });

  it("are never left without an admin, whoever tries, also at the same time", async () => {
    const alone = await admin.send("PATCH", `/api/people/${admin.userId}`, { role: "member" });
    // Dora is an admin since her invitation.
    expect(alone.status).toBe(200);
    const dora = browserAt(server.origin);
    await dora.send("POST", "/api/session", { email: "dora@example.org", password });
    const { user } = await read<{ user: { id: string } }>(await dora.send("GET", "/api/session"));
    for (const body of [{ role: "member" }, { suspended: true }])
      expect(await codeOf(await dora.send("PATCH", `/api/people/${user.id}`, body))).toBe(
        "last_admin",
      );
    expect(await codeOf(await dora.send("DELETE", `/api/people/${user.id}`))).toBe("last_admin");
    expect(await codeOf(await dora.send("POST", "/api/account/removal", { password }))).toBe(
      "last_admin",
    );
    await dora.send("PATCH", `/api/people/${admin.userId}`, { role: "admin" });
    await admin.send("POST", "/api/session", { email: "ada@example.org", password });
    const outcomes = await Promise.all([
      dora.send("PATCH", `/api/people/${admin.userId}`, { role: "member" }),
      admin.send("PATCH", `/api/people/${user.id}`, { role: "member" }),
    ]);
    const left = await test.connection.db.select().from(users).where(eq(users.role, "admin"));
    expect([outcomes.filter(({ status }) => status === 200).length, left.length]).toEqual([1, 1]);
    await test.connection.db.update(users).set({ role: "admin" }).where(eq(users.name, "Ada"));
    await admin.send("POST", "/api/session", { email: "ada@example.org", password });
  });

  it("get a link for a new password from an admin, which ends every session", async () => {
    const member = await newMember("leo");
    const made = await admin.send("POST", `/api/people/${member.userId}/reset-link`);
    const { link } = await read<{ link: string }>(made);
    const token = new URL(link).hash.replace("#token=", "");
    const next = "a completely new phrase";
    const reset = await member.send("POST", "/api/password-reset", { token, password: next });
    expect(reset.status).toBe(204);
    expect(await statusOf(member)).toBe(401);
    const signIn = { email: "leo@example.org", password: next };
    expect((await member.send("POST", "/api/session", signIn)).status).toBe(200);
  });

  it("who are removed are gone with all that was given to them", async () => {
    const member = await newMember("mia");
    const collection = await makeCollection("Once Mia's");
    await give(admin, collection, [
      { subjectKind: "user", subjectId: member.userId, right: "manage" },
    ]);
    expect((await admin.send("DELETE", `/api/people/${member.userId}`)).status).toBe(204);
    expect(await statusOf(member)).toBe(401);
    const { grants } = await read<{ grants: unknown[] }>(
      await admin.send("GET", `/api/collections/${collection}/rights`),
    );
    expect(grants).toEqual([]);
  });
});

describe("the audit log", () => {
  it("takes rows and refuses every change and removal, in the database itself", async () => {
    const { db } = test.connection;
    const refusal = (statement: ReturnType<typeof sql>) =>
      db.execute(statement).then(
        () => "done",
        (error: unknown) => (error as { cause?: { code?: string } }).cause?.code,
      );
    expect(await refusal(sql`update ${auditLog} set action = 'x'`)).toBe("42501");
    expect(await refusal(sql`delete from ${auditLog}`)).toBe("42501");
    expect(await refusal(sql`truncate ${auditLog}`)).toBe("42501");
  });

  it("is filtered, paged, exported as CSV and JSON, and knows who it was after they are gone", async () => {
    interface Page {
      readonly rows: readonly {
        readonly id: number;
        readonly action: string;
        readonly actorName: string | null;
      }[];
      readonly next: number | null;
    }
    const page = async (query: string) =>
      read<Page>(await admin.send("GET", `/api/audit?${query}`));
    const removed = await page("action=person.join&text=mia%40example.org");
    expect(removed.rows.map(({ actorName }) => actorName)).toEqual(["mia <mia@example.org>"]);
    const sessions = await page("action=session");
    expect(new Set(sessions.rows.map(({ action }) => action.split(".")[0]))).toEqual(
      new Set(["session"]),
    );
    expect((await page("to=2020-01-01")).rows).toEqual([]);
    expect((await page("text=%25")).rows).toEqual([]);
    const whole = await page("from=2020-01-01");
    expect((await page(`before=${whole.rows[0]!.id}`)).rows[0]!.id).toBeLessThan(whole.rows[0]!.id);

    const csv = await (await admin.send("GET", "/api/audit/export?format=csv")).text();
    expect(csv.split("\r\n", 1)[0]).toBe(
      "id,at,actorId,actorName,action,target,targetName,address,detail",
    );
    const json = await admin.send("GET", "/api/audit/export?format=json&action=person.join");
    expect(json.headers.get("content-disposition")).toContain("drover-audit.json");
    const rows = (await json.json()) as { action: string }[];
    expect(rows.every(({ action }) => action === "person.join")).toBe(true);
    expect(rows.length).toBeGreaterThan(5);
  });
});
