import { createHash } from "node:crypto";

/** Under which a text of any length is looked up exactly. */
export const keyOf = (text: string): string => createHash("sha256").update(text).digest("hex");
