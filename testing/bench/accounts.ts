import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { attachToDatabase } from "../../embedded/supervisor/attach.ts";
import { accounts, users } from "#drizzle/schema/index.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { parseConfig } from "#lib/config.ts";
import { account } from "./person.ts";

const email = (index: number): string => `person-${String(index)}@example.org`;

/** While the product is stopped. */
export async function addMembers(dataDir: string, count: number): Promise<void> {
  const attached = await attachToDatabase(parseConfig({ DROVER_DATA_DIR: dataDir }));
  try {
    await insertMembers(attached.url, count, account.email);
  } finally {
    await attached.release();
  }
}

/** Members with the password of the person with this address: only its hash is known here. */
export async function insertMembers(url: string, count: number, like: string): Promise<void> {
  const connection = await openDatabase({ url, maxConnections: 1 });
  try {
    const { db } = connection;
    const [first] = await db.select().from(users).where(eq(users.email, like));
    if (first === undefined) throw new Error(`nobody has the address ${like}`);
    const [credential] = await db.select().from(accounts).where(eq(accounts.userId, first.id));
    if (credential === undefined) throw new Error("the first person has no password");
    const ids = Array.from({ length: count }, (_, index) => `benchperson${String(index)}`);
    const member = { ...first, role: "member" as const };
    await db.insert(users).values(ids.map((id, index) => ({ ...member, id, email: email(index) })));
    await db
      .insert(accounts)
      .values(ids.map((id) => ({ ...credential, id: `of-${id}`, userId: id, accountId: id })));
  } finally {
    await connection.close();
  }
}

/** Signs in one of `addMembers`, as often as the server asks to wait. @returns the session's cookie */
export async function signInMember(
  origin: string,
  index: number,
  password = account.password,
): Promise<string> {
  for (;;) {
    const response = await fetch(`${origin}/api/session`, {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: JSON.stringify({ email: email(index), password }),
    });
    await response.body?.cancel();
    if (response.ok)
      return response.headers
        .getSetCookie()
        .map((value) => value.split(";")[0] ?? "")
        .join("; ");
    if (response.status !== 429) throw new Error(`sign-in: ${String(response.status)}`);
    await delay(Number(response.headers.get("retry-after") ?? "1") * 1_000);
  }
}
