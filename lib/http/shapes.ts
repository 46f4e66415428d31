import { answerLanguages, answerStyles } from "../core/chat/answer-instructions.ts";
import { answerModes } from "../core/chat/answer-policy.ts";
import { collectionLanguages } from "../core/rag/search-languages.ts";
import { z } from "zod";

/** Path and body shapes that several routes share. Unknown keys are refused everywhere. */
export const idParams = z.strictObject({ id: z.uuid() });
export const collectionIds = z.array(z.uuid()).max(100);

/** People's ids are the account library's own. */
export const personId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
/** Sessions carry the account library's ids: letters and digits. */
export const sessionId = z.string().regex(/^[A-Za-z0-9]{1,64}$/);
export const personIds = z.array(personId).max(10_000);
export const personParams = z.strictObject({ id: personId });
export const groupIds = z.array(z.uuid()).max(100);
export const role = z.enum(["admin", "member"]);

/** Text on one line, as people type names. */
export const nameText = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), "control characters");

/** What Postgres can store as text: no NUL, no half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed();

/** Text of any lines. */
export const freeText = (longest: number) =>
  z.string().trim().max(longest).refine(isStorable, "characters that cannot be stored");

export const questionText = freeText(8_000).min(1);

/** A file's name is data and never a path: any characters that can be stored, but not endless. */
export const fileNameText = z
  .string()
  .min(1)
  .max(255)
  .refine(isStorable, "characters that cannot be stored");

export const emailText = z.string().trim().max(254).pipe(z.email());
/** Checked for length in bytes by the password policy. */
export const passwordText = z.string().min(1).max(4_096);
export const tokenText = z.string().min(1).max(200);

const collectionText = {
  description: freeText(2_000).exactOptional(),
  language: z.enum(collectionLanguages).exactOptional(),
  answerMode: z.enum(answerModes).exactOptional(),
  refusalText: freeText(1_000).exactOptional(),
  systemPrompt: freeText(1_000).exactOptional(),
  answerStyle: z.enum(answerStyles).exactOptional(),
  answerLanguage: z.enum(answerLanguages).exactOptional(),
};
const visibility = z.enum(["everyone", "private"]);

export const newCollection = z.strictObject({ ...collectionText, name: nameText(120), visibility });
export const collectionChange = z.strictObject({
  ...collectionText,
  name: nameText(120).exactOptional(),
  visibility: visibility.exactOptional(),
  retentionDays: z.number().int().min(1).max(36_500).nullable().exactOptional(),
});
