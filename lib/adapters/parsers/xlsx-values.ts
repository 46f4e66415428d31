import { attribute, childOf, childrenOf, findAll, parseXml, textContent } from "./xml-tree.ts";

/** How a number format shows a cell, as far as words differ. */
export type NumberKind = "number" | "percent" | "date" | "time" | "dateTime";

const builtIn: Readonly<Record<number, NumberKind>> = {
  9: "percent",
  10: "percent",
  14: "date",
  15: "date",
  16: "date",
  17: "date",
  18: "time",
  19: "time",
  20: "time",
  21: "time",
  22: "dateTime",
  45: "time",
  46: "time",
  47: "time",
};

function kindOfCode(code: string): NumberKind {
  // Quoted words, escaped characters, colours and conditions are no codes.
  const bare = code
    .replaceAll(/"[^"]{0,200}"/g, "")
    .replaceAll(/\\./g, "")
    .replaceAll(/\[[^\]]{0,100}\]/g, "")
    .toLowerCase();
  if (bare.includes("%")) return "percent";
  const hasDay =
    /[yd]/.test(bare) || /(?<![hs:.])m+(?![s:.])/.test(bare.replaceAll(/general/g, ""));
  const hasTime = /[hs]/.test(bare);
  if (hasDay && hasTime) return "dateTime";
  if (hasTime) return "time";
  return hasDay && /[ymd]/.test(bare.replaceAll(/general/g, "")) ? "date" : "number";
}

/** Number kind by cell style index, from the styles part. */
export function readNumberKinds(styles: string | null): readonly NumberKind[] {
  if (styles === null) return [];
  const tree = parseXml(styles);
  const own = new Map(
    findAll(tree, ["numFmt"]).map((format) => [
      Number(attribute(format, "numFmtId")),
      kindOfCode(attribute(format, "formatCode") ?? ""),
    ]),
  );
  const [cellFormats] = findAll(tree, ["cellXfs"]);
  return childrenOf(cellFormats, "xf").map((format) => {
    const id = Number(attribute(format, "numFmtId") ?? "0");
    return own.get(id) ?? builtIn[id] ?? "number";
  });
}

/** Shared strings in order, without the phonetic readings beside them. */
export function readSharedStrings(strings: string | null): readonly string[] {
  if (strings === null) return [];
  return findAll(parseXml(strings), ["si"]).map((item) => {
    const own = childOf(item, "t");
    if (own !== undefined) return textContent(own);
    return childrenOf(item, "r")
      .flatMap((run) => childrenOf(run, "t"))
      .map((text) => textContent(text))
      .join("");
  });
}

const dayMs = 86_400_000;
const pad = (value: number): string => String(value).padStart(2, "0");

/** Serial day numbers count from 1899-12-30, or from 1904-01-01 in workbooks that old Macs began. */
function shownDate(serial: number, kind: NumberKind, from1904: boolean): string {
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const date = new Date(epoch + Math.round(serial * 86_400) * 1000);
  if (Number.isNaN(date.getTime()) || Math.abs(serial * dayMs) > 8e15) return String(serial);
  const day = date.toISOString().slice(0, 10);
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  if (kind === "time") return time;
  return kind === "date" || serial % 1 === 0 ? day : `${day} ${time}`;
}

/** A stored number as people see it. */
export function shownNumber(raw: string, kind: NumberKind, from1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === "" || !Number.isFinite(value)) return raw;
  if (kind === "percent") return `${String(Number((value * 100).toPrecision(12)))}%`;
  if (kind !== "number") return shownDate(value, kind, from1904);
  return String(Number(value.toPrecision(15)));
}
