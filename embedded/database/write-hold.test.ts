import { beforeEach, describe, expect, it } from "vitest";
import { createWriteHold } from "./write-hold.ts";

let said: string[];
let isForGood: boolean;

const hold = () =>
  createWriteHold(
    {
      exec: (query) => {
        said.push(query.replace("SET SESSION CHARACTERISTICS AS TRANSACTION ", ""));
        return Promise.resolve([]);
      },
    },
    { exclusively: (work) => work() },
    () => isForGood,
  );

beforeEach(() => {
  said = [];
  isForGood = false;
});

describe("a hold on writing", () => {
  it("lasts until the last of its holders ends it, each once", async () => {
    const holds = hold();
    const [first, second] = [await holds.begin(), await holds.begin()];
    await first();
    await first();
    expect(said).toEqual(["READ ONLY", "READ ONLY"]);
    await second();
    expect(said.at(-1)).toBe("READ WRITE");
  });

  it("stays for good where the database has moved away", async () => {
    const end = await hold().begin();
    isForGood = true;
    await end();
    expect(said).toEqual(["READ ONLY"]);
  });
});
