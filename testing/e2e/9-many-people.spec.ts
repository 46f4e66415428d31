import { insertMembers, signInMember } from "../bench/accounts.ts";
import { growthOf, holdManyPeople } from "../load/many-people.ts";
import { metricsToken } from "./start-product.ts";
import { address, admin, begin, databaseUrl, expect, test } from "./test.ts";

const people = 500;
const streams = 50;
const minutes = process.env["TEST_LONG"] === "1" ? 10 : 2;
/** What a garbage collection more or less makes; a leak goes on growing. */
const flat = 1.1;

test(`500 people with an open page and 50 streams from one address keep memory flat and the event loop free for ${String(minutes)} minutes`, async ({
  page,
}) => {
  test.setTimeout((minutes + 3) * 60_000);
  // The last file: these people stay in the workspace.
  await begin(page);
  await page.goto("about:blank");
  await insertMembers(databaseUrl(), people, admin.email);
  const cookies: string[] = [];
  const next = Array.from({ length: people }, (_, index) => index).values();
  const signInRest = async (): Promise<void> => {
    for (const index of next) cookies.push(await signInMember(address(), index, admin.password));
  };
  await Promise.all([signInRest(), signInRest(), signInRest(), signInRest()]);
  const load = { origin: address(), metricsToken, cookies, streams, lastsMs: minutes * 60_000 };
  const { faults, mostStreams, memory, lateShare } = await holdManyPeople(load);
  const figures = `memory × ${growthOf(memory).toFixed(3)} (${(Math.max(...memory) / 1e6).toFixed(0)} MB), ${String(mostStreams)} streams, later than 50 ms: ${(100 * lateShare(0.05)).toFixed(2)} %`;
  console.log(figures);
  expect(faults).toEqual([]);
  expect(mostStreams).toBe(streams);
  expect(growthOf(memory)).toBeLessThan(flat);
  expect(lateShare(0.05)).toBeLessThanOrEqual(0.01);
});
