import { describe, expect, it } from "vitest";
import { choice, number, onOff, type Setting, settingFault, text } from "./setting-kinds.ts";
import {
  allSettings,
  changeFaults,
  defaultSettings,
  groupTitles,
  settingGroups,
  settingsFrom,
} from "./settings.ts";

const words = { label: "A", hint: "B." };
const whole = number({ ...words, from: 1, to: 20, unit: "", fallback: 2 });
const share = number({ ...words, from: 0, to: 1, decimals: 2, unit: "", fallback: 0.5 });
const policy = choice({ ...words, options: ["a", "b"], fallback: "a" });
const allowed = onOff({ ...words, fallback: false });
const notice = text({ ...words, longest: 10, fallback: "" });

describe("settingFault", () => {
  it.each<[Setting, readonly unknown[]]>([
    [whole, [1, 2, 20]],
    [share, [0, 0.25, 1]],
    [policy, ["a", "b"]],
    [allowed, [true, false]],
    [notice, ["", "two\nlines", "ابجد"]],
  ])("takes what fits", (setting, values) => {
    expect(values.map((value) => settingFault(setting, value))).toEqual(values.map(() => null));
  });

  it.each<[Setting, readonly unknown[]]>([
    [whole, [0, 21, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", null, undefined, [2], {}]],
    [share, [-0.01, 0.125, 1.01]],
    [policy, ["c", "", 0, "toString", null]],
    [allowed, ["true", 1, null]],
    [notice, ["longer than ten", "a\u0000", "\ud800", "\u001b[31m", 3, null]],
  ])("says what to do about the rest", (setting, values) => {
    for (const value of values) expect(settingFault(setting, value)).toMatch(/^Use .+\.$/);
  });
});

describe("settings", () => {
  it("each has a fallback that fits, words for people, and a titled group", () => {
    for (const [key, setting] of allSettings) {
      expect([key, settingFault(setting, setting.fallback)]).toEqual([key, null]);
      expect(setting.label).not.toBe("");
      expect(setting.hint).toMatch(/\.$/);
    }
    expect(Object.keys(groupTitles)).toEqual(Object.keys(settingGroups));
  });

  it("are the defaults until something is changed, and a value that does not fit changes nothing", () => {
    expect(settingsFrom(new Map())).toEqual(defaultSettings);
    const stored = new Map<string, unknown>([
      ["chat.answersAtOnce", 7],
      ["chat.answersWaiting", "many"],
      ["gone.since", true],
    ]);
    expect(settingsFrom(stored).chat).toEqual({ ...defaultSettings.chat, answersAtOnce: 7 });
  });

  it("name every change that cannot be made", () => {
    const changes = new Map<string, unknown>([
      ["chat.answersAtOnce", 0],
      ["chat.answersWaiting", null],
      ["__proto__", 1],
    ]);
    expect(changeFaults(changes)).toEqual([
      "chat.answersAtOnce: Use a whole number from 1 to 20.",
      "__proto__: there is no such setting.",
    ]);
  });
});
