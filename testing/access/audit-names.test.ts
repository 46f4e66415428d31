import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser } from "./people.ts";

interface Row {
  readonly action: string;
  readonly target: string | null;
  readonly targetName: string | null;
}

let line: AccessLine;
let admin: Browser;

beforeAll(async () => {
  line = await openAccessLine();
  ({ admin } = line);
});
afterAll(() => line.close());

const made = async (path: string, body: unknown, kind: string): Promise<string> => {
  const answer = (await (await admin.send("POST", path, body)).json()) as Record<
    string,
    { readonly id: string }
  >;
  return answer[kind]?.id ?? `no ${kind}`;
};
const file = (text: string) => new TextEncoder().encode(text);
/** What was done to one thing, the newest first, as the log calls it. */
const rowsOf = async (target: string): Promise<readonly (readonly [string, string | null])[]> => {
  const { rows } = (await (await admin.send("GET", `/api/audit?text=${target}`)).json()) as {
    readonly rows: readonly Row[];
  };
  return rows.map(({ action, targetName }) => [action, targetName]);
};

describe("a row of the audit log names its target", () => {
  it("as it was called then, also once it is gone", async () => {
    const group = await made("/api/groups", { name: "Night shift" }, "group");
    await admin.send("PATCH", `/api/groups/${group}`, { name: "Day shift" });
    await admin.send("DELETE", `/api/groups/${group}`);
    expect(await rowsOf(group)).toEqual([
      ["group.remove", "Day shift"],
      ["group.change", "Day shift"],
      ["group.create", "Night shift"],
    ]);

    const invitation = await made(
      "/api/invitations",
      { email: "ole@example.org", role: "member", groupIds: [] },
      "invitation",
    );
    await admin.send("DELETE", `/api/invitations/${invitation}`);
    expect(await rowsOf(invitation)).toEqual([
      ["invitation.revoke", "ole@example.org"],
      ["invitation.create", "ole@example.org"],
    ]);

    const person = await addPerson(line.test, line.server.origin, {
      email: "ina@example.org",
      role: "member",
      workspaceId: line.workspaceId,
    });
    const before = await rowsOf(person.userId);
    await admin.send("PATCH", `/api/people/${person.userId}`, { suspended: true });
    await admin.send("DELETE", `/api/people/${person.userId}`);
    const named = "ina@example.org <ina@example.org>";
    expect((await rowsOf(person.userId)).slice(0, -before.length)).toEqual([
      ["person.remove", named],
      ["person.change", named],
    ]);
  });

  it("for collections and their documents, and finds rows by that name", async () => {
    const collection = await made(
      "/api/collections",
      { name: "Tide tables", visibility: "private" },
      "collection",
    );
    const document = await made(
      `/api/documents?collectionId=${collection}&fileName=spring.txt`,
      file("High water at noon."),
      "document",
    );
    await admin.send("DELETE", `/api/documents/${document}`);
    await admin.send("DELETE", `/api/collections/${collection}`);
    expect(await rowsOf("SPRING.txt")).toEqual([
      ["document.remove", "spring.txt"],
      ["document.upload", "spring.txt"],
    ]);
    expect(await rowsOf("tide%20tables")).toEqual([
      ["collection.remove", "Tide tables"],
      ["collection.create", "Tide tables"],
    ]);
  });

  it("never for what belongs to somebody's chat", async () => {
    const conversation = await made(
      "/api/conversations",
      { question: "What do I owe?", collectionIds: [] },
      "conversation",
    );
    const attached = await made(
      `/api/conversations/${conversation}/attachments?fileName=my-debts.txt`,
      file("Forty pounds."),
      "document",
    );
    expect(await rowsOf(attached)).toEqual([["conversation.attach", null]]);
    expect(await rowsOf("my-debts")).toEqual([]);
  });
});
