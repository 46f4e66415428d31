import { describe, expect, it } from "vitest";

import { ApiFailure, readFailure } from "#components/api/failure.ts";

import { createUploads } from "./uploads.ts";

interface Sending {
  readonly name: string;
  readonly sent: (bytes: number) => void;
  readonly succeed: (duplicate?: boolean) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

// A settled upload starts the next one a few microtasks later.
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

const setUp = () => {
  const sending: Sending[] = [];
  const done: string[] = [];
  const uploads = createUploads({
    send: (file, _collectionId, sent, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
        sending.push({
          name: file.name,
          sent,
          succeed: (duplicate = false) => {
            resolve({ duplicate });
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
    onDone: (upload, duplicate) => {
      done.push(`${upload.fileName}${duplicate ? " again" : ""}`);
    },
  });
  const names = (): readonly string[] =>
    uploads.list.get().map(({ fileName, phase }) => `${fileName} ${phase}`);
  const at = (index: number): Sending => {
    const one = sending[index];
    if (one === undefined) throw new Error("not sent");
    return one;
  };
  return { uploads, sending, done, names, at };
};

const files = (...names: readonly string[]) => names.map((name) => new File(["12345"], name));

describe("createUploads", () => {
  it("sends two at a time and the next as soon as one has arrived", async () => {
    const { uploads, names, done, at } = setUp();
    uploads.add(files("a", "b", "c"), "col");
    expect(names()).toEqual(["a sending", "b sending", "c waiting"]);
    await at(0).succeed();
    expect(names()).toEqual(["b sending", "c sending"]);
    expect(done).toEqual(["a"]);
  });

  it("shows how much has been sent", () => {
    const { uploads, at } = setUp();
    uploads.add(files("a"), "col");
    at(0).sent(3);
    expect(uploads.list.get()[0]).toMatchObject({ bytes: 5, sentBytes: 3 });
  });

  it("keeps a failed file with its reason until it is sent again", async () => {
    const { uploads, names, sending, done, at } = setUp();
    uploads.add(files("a"), "col");
    const body = {
      error: { code: "unsupported_type", message: "This kind of file cannot be read." },
    };
    await at(0).fail(new ApiFailure(readFailure(415, body, null)));
    expect(names()).toEqual(["a failed"]);
    expect(uploads.list.get()[0]?.failure?.message).toBe("This kind of file cannot be read.");
    uploads.retry(uploads.list.get()[0]?.id ?? 0);
    expect(sending).toHaveLength(2);
    await at(1).succeed(true);
    expect(done).toEqual(["a again"]);
  });

  it("gives the place of a cancelled file to the next", async () => {
    const { uploads, names } = setUp();
    uploads.add(files("a", "b", "c"), "col");
    uploads.cancel(uploads.list.get()[0]?.id ?? 0);
    await settle();
    expect(names()).toEqual(["b sending", "c sending"]);
  });

  it("forgets a file that was cancelled before it was sent", () => {
    const { uploads, names, sending } = setUp();
    uploads.add(files("a", "b", "c"), "col");
    uploads.cancel(uploads.list.get()[2]?.id ?? 0);
    expect(names()).toEqual(["a sending", "b sending"]);
    expect(sending).toHaveLength(2);
  });
});
