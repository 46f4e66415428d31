import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../core/errors/app-error.ts";

const secretBytes = 48;
const shortestSecret = 32;

/**
 * The secret that signs cookies: what the file holds, or a new one written for the owner's eyes only.
 * @throws AppError `config_invalid` when the file holds fewer than 32 characters
 */
export async function readSecretFile(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const candidate = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(candidate, `${randomBytes(secretBytes).toString("base64url")}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    // A link never replaces a file and is never half written: of processes that start at once one wins, the others read it.
    await link(candidate, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(candidate);
  }
  const secret = (await readFile(path, "utf8")).trim();
  if (secret.length < shortestSecret) {
    const fault = `DROVER_SECRET_FILE: ${path} holds fewer than ${shortestSecret} characters. Delete it to have a new one made.`;
    throw new AppError("config_invalid", { faults: [fault] });
  }
  return secret;
}
