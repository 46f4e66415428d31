import { describe, expect, it } from "vitest";

import { groupHistory } from "./history-groups.ts";

const at = (id: string, updatedAt: Date) => ({
  id,
  title: id,
  collectionIds: [],
  pinned: false,
  archived: false,
  createdAt: updatedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const now = new Date(2026, 2, 12, 0, 30);

describe("groupHistory", () => {
  it("splits by the calendar of the reader, not by hours ago", () => {
    const groups = groupHistory(
      [at("late", new Date(2026, 2, 11, 23, 50)), at("now", new Date(2026, 2, 12, 0, 10))],
      now.getTime(),
    );
    expect(groups.map((group) => [group.label, group.conversations.map(({ id }) => id)])).toEqual([
      ["Today", ["now"]],
      ["Yesterday", ["late"]],
    ]);
  });

  it("names months after the last 7 days, with the year once it is another", () => {
    const groups = groupHistory(
      [
        at("week", new Date(2026, 2, 6, 12)),
        at("february", new Date(2026, 1, 3, 12)),
        at("december", new Date(2025, 11, 3, 12)),
      ],
      now.getTime(),
      "en-GB",
    );
    expect(groups.map(({ label }) => label)).toEqual(["Last 7 days", "February", "December 2025"]);
  });

  it("puts the newest first whatever order the server sends", () => {
    const [group] = groupHistory(
      [at("older", new Date(2026, 1, 3)), at("newer", new Date(2026, 1, 20))],
      now.getTime(),
    );
    expect(group?.conversations.map(({ id }) => id)).toEqual(["newer", "older"]);
  });

  it("gives no group for no conversations", () => {
    expect(groupHistory([], now.getTime())).toEqual([]);
  });
});
