import type { Actor } from "../core/access/actor.ts";

/** Everything that is a person's own, as it goes into their export. */
export interface PersonExport {
  /** Conversations with their turns, oldest first. */
  conversations(
    actor: Actor,
    signal: AbortSignal,
  ): AsyncGenerator<Readonly<Record<string, unknown>>, void>;
  /** Feedback, sessions, groups, uploaded documents (what they are called, not their content). */
  rest(actor: Actor): Promise<Readonly<Record<string, unknown>>>;
}
