import { argon2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { parentPort } from "node:worker_threads";
import type { PasswordTask, PasswordTaskResult } from "./password-hasher.ts";

/** Argon2id with 19 MiB and two passes, the OWASP password storage minimum; written in the PHC string format. */
const memoryKiB = 19_456;
const passes = 2;
const tagBytes = 32;

interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
}

const derive = (password: string, salt: Buffer, cost: Cost, length: number): Buffer =>
  argon2Sync("argon2id", {
    message: password.normalize("NFKC"),
    nonce: salt,
    parallelism: 1,
    tagLength: length,
    memory: cost.memoryKiB,
    passes: cost.passes,
  });

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

function hash(password: string): string {
  const salt = randomBytes(16);
  const tag = derive(password, salt, { memoryKiB, passes }, tagBytes);
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${unpadded(salt)}$${unpadded(tag)}`;
}

const phc =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

function verify(password: string, stored: string): boolean {
  const [, memory, time, salt, tag] = phc.exec(stored) ?? [];
  if (memory === undefined || time === undefined || salt === undefined || tag === undefined)
    return false;
  const expected = Buffer.from(tag, "base64");
  const cost = { memoryKiB: Number(memory), passes: Number(time) };
  return timingSafeEqual(
    derive(password, Buffer.from(salt, "base64"), cost, expected.length),
    expected,
  );
}

parentPort?.on("message", (task: PasswordTask) => {
  let result: PasswordTaskResult;
  try {
    result =
      task.kind === "hash"
        ? { ok: true, value: hash(task.password) }
        : { ok: true, value: verify(task.password, task.hash) };
  } catch (error) {
    result = { ok: false, reason: error instanceof Error ? error.message : "failed" };
  }
  parentPort?.postMessage(result);
});
