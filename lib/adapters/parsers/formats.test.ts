import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { docx, zip } from "#testing/fakes/office-file.ts";
import { line, pdf } from "#testing/fakes/pdf-file.ts";
import type { ParsedDocument } from "../../ports/document-parser.ts";
import { formats } from "./formats.ts";

const fixtures = fileURLToPath(new URL("../../../testing/fixtures/documents/", import.meta.url));

/** Reads in this process: what the child does to protect it is tested in document-parser.test.ts. */
async function read(extension: string, content: string | Uint8Array): Promise<ParsedDocument> {
  const format = formats.find((each) => each.extensions.includes(extension));
  const reader = await format?.load();
  if (reader === undefined) throw new TypeError(`no reader for ${extension}`);
  return reader(Buffer.from(content), () => undefined);
}
const fixture = async (name: string) =>
  read(name.slice(name.lastIndexOf(".")), await readFile(join(fixtures, name)));

const kinds = (document: ParsedDocument) =>
  document.blocks.map(({ kind, start, end }) => [kind, document.text.slice(start, end)]);

const sheetFile = (sheets: readonly { name: string; state?: string; xml: string }[], more = "") =>
  zip([
    { name: "[Content_Types].xml", content: "<Types/>" },
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns:r="r"><sheets>${sheets
        .map(
          ({ name, state }, index) =>
            `<sheet name="${name}" state="${state ?? "visible"}" r:id="r${String(index)}"/>`,
        )
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `<Relationships>${sheets.map((_, index) => `<Relationship Id="r${String(index)}" Target="worksheets/s${String(index)}.xml"/>`).join("")}</Relationships>`,
    },
    { name: "xl/styles.xml", content: `<styleSheet>${more}</styleSheet>` },
    ...sheets.map(({ xml }, index) => ({
      name: `xl/worksheets/s${String(index)}.xml`,
      content: `<worksheet>${xml}</worksheet>`,
    })),
  ]);
const cell = (reference: string, text: string) =>
  `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`;

describe("spreadsheets", () => {
  it("reads rows under the sheet's name, and gaps as the end of a table", async () => {
    const xml = `<sheetData><row r="1">${cell("A1", "Tide tables")}</row><row r="3">${cell("B3", "Day")}${cell("C3", "Time")}</row><row r="4">${cell("B4", "Monday")}<c r="C4" s="1"><v>0.25694</v></c></row></sheetData>`;
    const styles = `<cellXfs><xf numFmtId="0"/><xf numFmtId="20"/></cellXfs>`;
    const document = await read(".xlsx", sheetFile([{ name: "North", xml }], styles));
    expect(kinds(document)).toEqual([
      ["heading", "North"],
      ["paragraph", "Tide tables"],
      ["table", "Day | Time\nMonday | 06:10"],
    ]);
  });

  it("shows dates, percentages and binary fractions as people see them", async () => {
    const xml = `<sheetData><row><c s="0"><v>0.30000000000000004</v></c><c s="1"><v>0.125</v></c><c s="2"><v>45292</v></c><c s="3"><v>45292.5</v></c><c t="b"><v>1</v></c></row></sheetData>`;
    const styles = `<numFmts><numFmt numFmtId="170" formatCode="[$-409]d/m/yyyy\\ h:mm;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>`;
    const document = await read(".xlsx", sheetFile([{ name: "S", xml }], styles));
    expect(document.text).toContain("0.3 | 12.5% | 2024-01-01 | 2024-01-01 12:00 | TRUE");
  });

  it("leaves hidden sheets, rows and columns out, and says how many", async () => {
    const xml = `<cols><col min="2" max="2" hidden="1"/></cols><sheetData><row r="1">${cell("A1", "seen")}${cell("B1", "secret column")}</row><row r="2" hidden="1">${cell("A2", "secret row")}</row></sheetData>`;
    const hidden = `<sheetData><row>${cell("A1", "secret sheet")}</row></sheetData>`;
    const document = await read(
      ".xlsx",
      sheetFile([
        { name: "Open", xml },
        { name: "Shut", state: "veryHidden", xml: hidden },
      ]),
    );
    expect(document.text).not.toContain("secret");
    expect(document.warnings.join()).toContain("1 hidden sheet, 1 hidden row, 1 hidden column");
    const real = await fixture("poi-TwoSheetsOneHidden.xlsx");
    expect(real.warnings.join()).toContain("1 hidden sheet");
  });

  it("ends a sheet of more text than any document may hold", async () => {
    const long = "x".repeat(30_000);
    const rows = Array.from({ length: 700 }, () => `<row>${cell("A1", long)}</row>`).join("");
    const file = sheetFile([{ name: "S", xml: `<sheetData>${rows}</sheetData>` }]);
    await expect(read(".xlsx", file)).rejects.toMatchObject({ code: "document_too_complex" });
  });
});

describe("presentations, texts and books", () => {
  it("reads slides as pages, with titles as headings and the speaker's notes", async () => {
    const document = await fixture("poi-SampleShow.pptx");
    expect(document.pages).toHaveLength(2);
    expect(kinds(document).slice(0, 3)).toEqual([
      ["heading", "Title of the first slide"],
      ["list", "- Subtitle of the first slide\n- This bit is in italic green"],
      ["paragraph", "Notes: I am the notes of the first slide"],
    ]);
  });

  it("leaves hidden slides out, and says how many", async () => {
    const slide = (text: string, attributes = "") =>
      `<p:sld ${attributes}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`;
    const document = await read(
      ".pptx",
      zip([
        { name: "[Content_Types].xml", content: "<Types/>" },
        {
          name: "ppt/presentation.xml",
          content: `<p:presentation><p:sldIdLst><p:sldId r:id="a"/><p:sldId r:id="b"/></p:sldIdLst></p:presentation>`,
        },
        {
          name: "ppt/_rels/presentation.xml.rels",
          content: `<Relationships><Relationship Id="a" Target="slides/1.xml"/><Relationship Id="b" Target="slides/2.xml"/></Relationships>`,
        },
        { name: "ppt/slides/1.xml", content: slide("secret", 'show="0"') },
        { name: "ppt/slides/2.xml", content: slide("Low &amp; high") },
      ]),
    );
    expect(document.text).toBe("Low & high");
    expect(document.pages).toEqual([
      [0, 0],
      [0, 10],
    ]);
    expect(document.warnings.join()).toContain("1 hidden slides");
  });

  it("reads headings, lists, tables and notes of an OpenDocument text, without what it hides", async () => {
    const content = `<office:document-content><office:automatic-styles><style:style style:name="H"><style:text-properties text:display="none"/></style:style></office:automatic-styles><office:body><office:text><text:h text:outline-level="2">Tides</text:h><text:p>High<text:s text:c="2"/>water<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>at springs</text:p></text:note-body></text:note>.</text:p><text:p text:style-name="H">secret</text:p><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell><table:table-cell><text:p>Time</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>`;
    const document = await read(".odt", zip([{ name: "content.xml", content }]));
    expect(kinds(document)).toEqual([
      ["heading", "Tides"],
      ["paragraph", "High water (at springs)."],
      ["list", "- one"],
      ["table", "Day | Time"],
    ]);
    expect(document.warnings).toEqual(["Left out 1 hidden parts."]);
    const locked = zip([
      { name: "content.xml", content: "?" },
      { name: "META-INF/manifest.xml", content: "<manifest:encryption-data/>" },
    ]);
    await expect(read(".odt", locked)).rejects.toMatchObject({ code: "document_encrypted" });
  });

  it("reads the chapters of a book in the order of its spine", async () => {
    const document = await fixture("tika-testEPUB.epub");
    expect(document.text).toContain("The previous headings were subchapters of");
    expect(document.blocks.some(({ kind }) => kind === "heading")).toBe(true);
  });

  it("reads rich text in the encodings of its fonts, without fields, styles and hidden text", async () => {
    const japanese = await fixture("tika-testRTFJapanese.rtf");
    expect(japanese.text).toContain("古書店で処刑記録見つかる");
    const source = String.raw`{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\stylesheet{\s0 Normal;}}{\info{\title Unseen}}{\*\generator X;}\pard\outlinelevel0 Tides\par\pard Caf\'e9 \u8364?5 {\v secret}{\f1\'cf\'f0\'e8\'e2\'e5\'f2}\par\trowd\intbl Day\cell Time\cell\row\pard\par}`;
    const document = await read(".rtf", source);
    expect(kinds(document)).toEqual([
      ["heading", "Tides"],
      ["paragraph", "Café €5 Привет"],
      ["table", "Day | Time"],
    ]);
    expect(document.warnings).toEqual(["Left out 1 hidden parts."]);
  });

  it("leaves hidden, tiny and invisible white runs of Word files out, and says how many", async () => {
    const run = (properties: string, text: string) =>
      `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
    const body = `<w:p>${run("", "Seen.")}${run("<w:vanish/>", "secret one")}${run('<w:vanish w:val="0"/>', " Shown.")}${run('<w:sz w:val="2"/>', "secret two")}${run('<w:color w:val="FFFFFF"/>', "secret three")}</w:p>`;
    const document = await read(".docx", docx(body));
    expect(document.text).toBe("Seen. Shown.");
    expect(document.warnings).toEqual(["Left out 3 pieces of hidden text."]);
    const shaded = `<w:p><w:pPr><w:shd w:val="clear" w:fill="112233"/></w:pPr>${run('<w:color w:val="FFFFFF"/>', "White on blue")}</w:p>`;
    expect((await read(".docx", docx(shaded))).text).toBe("White on blue");
  });
});

describe("tables, data and programs", () => {
  it("reads CSV with any usual separator, quotes and line ends inside fields", async () => {
    const german = 'Ort;Höhe\r\n"Kiel; Hafen";"5\n6"\r\n"Sagt ""ja""";7\r\n';
    expect(kinds(await read(".csv", german))).toEqual([
      ["table", 'Ort | Höhe\nKiel; Hafen | 5 6\nSagt "ja" | 7'],
    ]);
    expect(kinds(await fixture("tika-testCSV.csv")).slice(0, 2)).toEqual([
      ["paragraph", "Sample CSV File - Numbers and their Squares"],
      ["table", expect.stringMatching(/^Number \| Square\n1 \| 1\n/) as string],
    ]);
    expect(kinds(await read(".tsv", "a\tb\n1\t2"))).toEqual([["table", "a | b\n1 | 2"]]);
  });

  it("reads JSON records as a table, other parts as paths under headings", async () => {
    const value = {
      name: "Tides",
      ports: [
        { name: "Kiel", height: 5 },
        { name: "Ystad", height: 6 },
      ],
      source: { url: { host: "example.org" }, tags: ["a", "b"] },
    };
    expect(kinds(await read(".json", JSON.stringify(value)))).toEqual([
      ["list", "name: Tides"],
      ["heading", "ports"],
      ["table", "name | height\nKiel | 5\nYstad | 6"],
      ["heading", "source"],
      ["list", "url.host: example.org\ntags: a, b"],
    ]);
    expect(kinds(await read(".jsonl", '{"a":1}\n{"a":2}\n'))).toEqual([["table", "a\n1\n2"]]);
  });

  it("says where JSON is not valid, and gives up on absurd nesting", async () => {
    await expect(read(".json", '{"a": 1,\n b: 2}')).rejects.toMatchObject({
      code: "document_unreadable",
      details: { reason: expect.stringMatching(/not valid JSON at line 2 column/) as string },
    });
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    await expect(read(".json", deep)).rejects.toMatchObject({
      code: expect.stringMatching(/^document_(?:too_complex|empty)$/) as string,
    });
  });

  it("reads programs in parts that begin at the margin, with every space kept", async () => {
    const source =
      "import a\n\ndef one(x):\n    if x:\n\n        return 1\n\n\ndef two():\n    pass\n";
    expect(kinds(await read(".py", source))).toEqual([
      ["code", "import a"],
      ["code", "def one(x):\n    if x:\n\n        return 1"],
      ["code", "def two():\n    pass"],
    ]);
  });
});

describe("PDF", () => {
  it("reads East Asian encodings that the file only names, and vertical writing", async () => {
    expect((await fixture("pdfjs-noembed-sjis.pdf")).text).toBe("あいうえお");
    expect((await fixture("pdfjs-vertical.pdf")).text).toContain("あいうえお");
  });

  it("reads lines that run to the left in the order of reading, in letters and not in shapes", async () => {
    const { text } = await fixture("pdfjs-ArabicCIDTrueType.pdf");
    expect(text).toMatch(/^انواع .{1,10} العربية/);
    expect(text).toContain("الخطوط");
    expect(text).not.toMatch(/[\ufb50-\ufdff\ufe70-\ufefc]/);
  });

  it("leaves out what nobody sees: invisible, white on white, tiny and beside the page", async () => {
    const page = [
      line("The tide is high.", 700),
      `3 Tr ${line("secret invisible", 680)} 0 Tr`,
      `1 1 1 rg ${line("secret white", 660)} 0 0 0 rg`,
      line("secret tiny", 640, 1),
      line("secret beside", 620, 12, 2000),
    ].join("\n");
    const document = await read(".pdf", pdf([page]));
    expect(document.text).toBe("The tide is high.");
    expect(document.warnings).toEqual([
      "Left out 1 piece of text that is too small to read.",
      "Left out 2 pieces of text that are not to be seen: invisible, or white on white.",
    ]);
  });

  it("keeps white letters that stand on a colour", async () => {
    const page = `0 0 0.5 rg 60 640 300 80 re f 1 1 1 rg ${line("White on blue", 660)}`;
    expect(await read(".pdf", pdf([page]))).toMatchObject({ text: "White on blue", warnings: [] });
  });

  it("says that pictures are not read", async () => {
    await expect(read(".pdf", pdf(["0 0 10 10 re f"]))).rejects.toMatchObject({
      code: "document_empty",
      details: { reason: expect.stringContaining("text recognition (OCR)") as string },
    });
  });
});
