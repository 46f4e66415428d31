import type { MatrixEntry, Need } from "./matrix-entry.ts";
import { type ActorKind, actorKinds } from "./world.ts";

/** Those who get the success; everyone else gets `refusal`. */
export const admitted: Readonly<Record<Need, readonly ActorKind[]>> = {
  nothing: actorKinds,
  session: ["outsider", "member", "demoted", "groupReader", "reader", "owner", "admin"],
  // The outsider is an admin, of another workspace.
  admin: ["outsider", "admin"],
  workspace: ["member", "demoted", "groupReader", "reader", "owner", "admin"],
  "its admin": ["admin"],
  read: ["groupReader", "reader", "owner", "admin"],
  write: ["owner", "admin"],
  manage: ["admin"],
  owner: ["owner"],
};

/** The status for somebody who is not admitted. */
export function refusal(entry: MatrixEntry, kind: ActorKind): number {
  if (kind === "nobody" || kind === "revoked" || kind === "suspended") return 401;
  if ((kind === "reader" || kind === "groupReader") && entry.readerGets !== undefined)
    return entry.readerGets;
  if (entry.need === "its admin") return kind === "outsider" ? 404 : 403;
  return entry.need === "admin" ? 403 : 404;
}
