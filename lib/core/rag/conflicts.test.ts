import { describe, expect, it } from "vitest";
import { conflictOf } from "./conflicts.ts";

const quote = (documentId: string, day: string, text: string) => ({
  documentId,
  documentTitle: documentId,
  publishedAt: new Date(day),
  text,
});
const old = quote("old", "2023-01-01", "The warranty of the pump is 12 months.");
const young = quote("young", "2024-01-01", "The warranty of the pump is 24 months.");

describe("conflictOf", () => {
  it("finds two documents with another figure for one thing, the newer first", () => {
    expect(conflictOf([old, young])).toEqual({ newer: young, older: old });
    expect(conflictOf([young, old])?.newer).toBe(young);
  });
  it("finds a statement and its negation", () => {
    const no = quote("no", "2024-02-01", "The warranty of the pump does not cover seals.");
    const yes = quote("yes", "2024-01-01", "The warranty of the pump does cover seals.");
    expect(conflictOf([yes, no])?.newer).toBe(no);
  });
  it("sees none within one document, about two things, or where one only says more", () => {
    expect(conflictOf([old, { ...young, documentId: "old" }])).toBeNull();
    const other = quote("other", "2024-01-01", "The harbour has 24 berths for ships.");
    expect(conflictOf([old, other])).toBeNull();
    const more = quote("more", "2024-01-01", "The warranty of the pump is 12 months from 2020 on.");
    expect(conflictOf([old, more])).toBeNull();
    expect(conflictOf([])).toBeNull();
  });
  it("sees none between the records of two things", () => {
    const record =
      "Injuries: 1 Serious | Damage: Destroyed\nTotal Injuries: 1 Serious | Latitude: 36.3";
    const others = { ...young, text: record.replace("36.3", "30.5").replaceAll("1 S", "2 S") };
    expect(conflictOf([{ ...old, text: record }, others])).toBeNull();
  });
  it("sees none where each names a thing of its own, and sees a date that was moved", () => {
    const open = (place: string, from: string) =>
      `The harbour office in ${place} opens for visitors every day at ${from}.`;
    const inRome = { ...young, text: open("Rome", "9") };
    expect(conflictOf([{ ...old, text: open("Oslo", "8") }, inRome])).toBeNull();
    expect(conflictOf([{ ...old, text: open("Rome", "8") }, inRome])).not.toBeNull();
    const due = (day: string) => ({ text: `The yearly fee for the berth is due on ${day}.` });
    expect(
      conflictOf([
        { ...old, ...due("3 May") },
        { ...young, ...due("4 June") },
      ]),
    ).not.toBeNull();
  });
});
