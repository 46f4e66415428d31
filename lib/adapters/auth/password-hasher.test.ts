import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { isAppError } from "../../core/errors/app-error.ts";
import { createPasswordHasher, type PasswordHasher } from "./password-hasher.ts";

const workerFile = fileURLToPath(new URL("password.worker.ts", import.meta.url));
let hasher: PasswordHasher;
afterEach(() => hasher.dispose());

describe("createPasswordHasher", () => {
  it("verifies what it hashed, in any Unicode form, and nothing else", async () => {
    hasher = createPasswordHasher({ workerFile });
    const hash = await hasher.hash("Grüße aus Köln 7");
    expect(await hasher.verify("Grüße aus Köln 7".normalize("NFD"), hash)).toBe(true);
    expect(await hasher.verify("Grüße aus Köln 8", hash)).toBe(false);
    expect(await hasher.hash("Grüße aus Köln 7")).not.toBe(hash);
    for (const broken of ["", "plain", hash.slice(0, -30), hash.replace("argon2id", "argon2i")])
      expect(await hasher.verify("Grüße aus Köln 7", broken)).toBe(false);
  });

  it("refuses beyond a short queue instead of letting everybody wait", async () => {
    hasher = createPasswordHasher({ workerFile, longestQueue: 3 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => hasher.hash("a long enough phrase")),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(15);
    expect(refused.every((outcome) => isAppError(outcome.reason, "rate_limited"))).toBe(true);
  });

  it("leaves the event loop free while it works", async () => {
    hasher = createPasswordHasher({ workerFile, longestQueue: 100 });
    await hasher.hash("warm up the threads");
    const progress = { turns: 0, done: false };
    const hashes = Promise.all(Array.from({ length: 20 }, () => hasher.hash("a phrase"))).finally(
      () => {
        progress.done = true;
      },
    );
    const isDone = () => progress.done;
    while (!isDone()) {
      progress.turns += 1;
      await new Promise(setImmediate);
    }
    await hashes;
    // A hash on the loop itself would leave a few dozen turns.
    expect(progress.turns).toBeGreaterThan(1_000);
  });

  it("fails what waits when it is stopped", async () => {
    hasher = createPasswordHasher({ workerFile, threads: 1 });
    const outcomes = Promise.allSettled([hasher.hash("one"), hasher.hash("two")]);
    await hasher.dispose();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
