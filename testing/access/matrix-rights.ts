import type { MatrixEntry, Need } from "./matrix-table.ts";
import { type ActorKind, actorKinds } from "./world.ts";

/** Those who get the success; everyone else gets `refusal`. */
export const admitted: Readonly<Record<Need, readonly ActorKind[]>> = {
  nothing: actorKinds,
  session: ["outsider", "member", "reader", "owner", "admin"],
  admin: ["outsider", "admin"],
  read: ["reader", "owner", "admin"],
  write: ["owner", "admin"],
  manage: ["admin"],
  owner: ["owner"],
};

/** The status for somebody who is not admitted. */
export function refusal(entry: MatrixEntry, kind: ActorKind): number {
  if (kind === "nobody" || kind === "revoked" || kind === "suspended") return 401;
  if (kind === "reader" && entry.readerGets !== undefined) return entry.readerGets;
  return entry.need === "admin" ? 403 : 404;
}
