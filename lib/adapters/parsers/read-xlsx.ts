import { AppError } from "../../core/errors/app-error.ts";
import type { ReadFile } from "./read-file.ts";
import { compactRows, tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";
import { type Grid, readGrid, type Workbook } from "./xlsx-grid.ts";
import { attribute, findAll, parseXml, relationships } from "./xml-tree.ts";
import { readNumberKinds, readSharedStrings } from "./xlsx-values.ts";
import { type Archive, openArchive, resolveEntry } from "./zip-archive.ts";

interface Sheet {
  readonly name: string;
  readonly entry: string;
  readonly isHidden: boolean;
}

/** Rows between empty ones are a table of their own; a single filled cell alone is a sentence. */
function addRegions(grid: Grid, builder: TextBuilder): void {
  let region: (readonly string[])[] = [];
  const close = () => {
    const rows = compactRows(region);
    region = [];
    if (rows.length === 1 && rows[0]?.length === 1) builder.add("paragraph", rows[0][0] ?? "");
    else builder.add("table", rows.map(tableRow).join("\n"));
  };
  for (const row of grid.rows) {
    if (row.every((value) => value.trim() === "")) close();
    else region.push(row);
  }
  close();
}

function sheetsOf(archive: Archive, entry: string): { sheets: Sheet[]; from1904: boolean } {
  const markup = archive.text(entry);
  if (markup === null)
    throw new AppError("document_unreadable", {
      reason: "The workbook has no list of its sheets.",
    });
  const tree = parseXml(markup);
  const folder = entry.replace(/[^/]+$/, "");
  const targets = relationships(archive.text(`${folder}_rels/${entry.slice(folder.length)}.rels`));
  const properties = findAll(tree, ["workbookPr", "x:workbookPr"])[0];
  const sheets = findAll(tree, ["sheet", "x:sheet"]).flatMap((sheet): Sheet[] => {
    const target = targets.get(attribute(sheet, "r:id") ?? "");
    if (target === undefined) return [];
    const isHidden = (attribute(sheet, "state") ?? "visible") !== "visible";
    const name = attribute(sheet, "name") ?? "";
    return [{ name, entry: resolveEntry(entry, target), isHidden }];
  });
  return { sheets, from1904: ["1", "true"].includes(attribute(properties, "date1904") ?? "") };
}

const partNamed = (archive: Archive, pattern: RegExp): string | null => {
  const name = archive.names.find((candidate) => pattern.test(candidate));
  return name === undefined ? null : archive.text(name);
};

function warnOfHidden(
  builder: TextBuilder,
  hidden: { sheets: number; rows: number; columns: number },
) {
  const parts = Object.entries(hidden)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${String(count)} hidden ${count === 1 ? what.slice(0, -1) : what}`);
  if (parts.length > 0)
    builder.warn(`Left out ${parts.join(", ")}. Unhide what should be found, and upload it again.`);
}

export const readXlsx: ReadFile = async (bytes, onProgress) => {
  const archive = await openArchive(bytes);
  const entry = archive.names.find((name) => /(?:^|\/)workbook\d*\.xml$/i.test(name));
  const { sheets, from1904 } = sheetsOf(archive, entry ?? "xl/workbook.xml");
  const workbook: Workbook = {
    from1904,
    strings: readSharedStrings(partNamed(archive, /(?:^|\/)sharedStrings\.xml$/i)),
    kinds: readNumberKinds(partNamed(archive, /(?:^|\/)styles\.xml$/i)),
  };
  const builder = createTextBuilder();
  const hidden = { sheets: 0, rows: 0, columns: 0 };
  for (const [index, sheet] of sheets.entries()) {
    const markup = archive.text(sheet.entry);
    if (sheet.isHidden) hidden.sheets += 1;
    else if (markup !== null) {
      const grid = readGrid(markup, workbook);
      hidden.rows += grid.hiddenRows;
      hidden.columns += grid.hiddenColumns;
      if (grid.rows.some((row) => row.length > 0)) builder.add("heading", sheet.name, 1);
      addRegions(grid, builder);
    }
    onProgress({ done: index + 1, total: sheets.length });
  }
  warnOfHidden(builder, hidden);
  return builder.finish(null);
};
