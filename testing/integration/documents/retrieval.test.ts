import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedWords } from "#lib/core/rag/search-terms.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import {
  type DocumentLine,
  hashingEmbedder,
  noEmbedder,
  startDocumentLine,
} from "./document-line.ts";

const note = (word: string): string =>
  `# About ${word}\n\nThe ${word} was found in the harbour in 1904. It weighs eleven pounds and nobody knows who made it.\n`;
const never = new AbortController().signal;

describe("retrieval", () => {
  let line: DocumentLine;

  beforeAll(async () => {
    line = await startDocumentLine();
  });
  afterAll(() => line.close());

  const settled = async (word: string, collectionId: string) => {
    const { document } = await line.upload(collectionId, `${word}.md`, note(word));
    expect(await line.workOff()).toEqual([]);
    return document.id;
  };

  it("answers by words alone when no node can embed the question, and says so", async () => {
    const collectionId = await line.newCollection();
    await settled("lorgnette", collectionId);
    const retrieve = createRetrieveChunks({
      search: line.search,
      models: noEmbedder,
      clock: line.clock,
    });
    const query = { text: "Where was the lorgnette found?", collectionIds: [], limit: 3 };
    const found = await retrieve(line.admin, query, line.call());
    expect(found).toMatchObject({ lexicalOnly: true, vector: null });
    expect(found.chunks[0]?.text).toContain("lorgnette");
    expect(found.chunks[0]).toMatchObject({ cosine: null, score: 1 });
  });

  it("finds words of scripts that the collection's language does not know", async () => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "ja.txt", "東京都庁は新宿区にあります。展望室は無料です。");
    await line.upload(collectionId, "ru.txt", "Крейсер стоит у набережной и открыт каждый день.");
    await line.workOff();
    const words = await line.search.terms(
      line.admin,
      { collectionIds: [collectionId] },
      askedWords("крейсер"),
    );
    expect(words.terms[0]?.chunkCount).toBe(1);
    const { chunks } = await line.retrieve(line.admin, "新宿区", [collectionId]);
    expect(chunks[0]?.lexicalScore).toBeGreaterThan(0);
    expect(chunks[0]?.text).toContain("新宿区");
  });

  it("stems each document in its own language", async () => {
    const collectionId = await line.newCollection();
    await line.upload(
      collectionId,
      "de.txt",
      "Die Schiffe lagen im Hafen, und es ist nicht bekannt, wer sie gebaut hat und mit wem.",
    );
    await line.upload(
      collectionId,
      "en.txt",
      "The houses were built by the sailors who had been in the harbour for years.",
    );
    await line.workOff();
    const german = await line.retrieve(line.admin, "Welches Schiff?", [collectionId]);
    expect(
      german.chunks.find((chunk) => chunk.text.includes("Schiffe"))?.lexicalScore,
    ).toBeGreaterThan(0);
    const english = await line.retrieve(line.admin, "Which house?", [collectionId]);
    expect(
      english.chunks.find((chunk) => chunk.text.includes("houses"))?.lexicalScore,
    ).toBeGreaterThan(0);
    expect(new Set(english.terms.map((term) => term.language))).toEqual(
      new Set(["german", "english"]),
    );
  });

  it("does not take a common word for a rare one where a document's language was missed", async () => {
    const collectionId = await line.newCollection();
    const places = ["gare", "bibliothèque", "patinoire"];
    for (const place of places)
      await line.upload(
        collectionId,
        `${place}.txt`,
        `La ${place} est dans la rue de la République, et elle ouvre à neuf heures pour tous les habitants qui ont une carte.`,
      );
    await line.upload(collectionId, "liste.txt", "Plan de la ville, place de la Loire");
    await line.workOff();
    const { chunks, terms } = await line.retrieve(
      line.admin,
      "la carte de la bibliothèque de la commune",
      [collectionId],
    );
    expect(new Set(terms.map(({ language }) => language))).toEqual(new Set(["french", "english"]));
    const inList = (lexeme: string) =>
      terms.find((term) => term.language === "english" && term.lexeme === lexeme)?.chunkCount;
    // French leaves "de" out; "bibliothèque" it stems otherwise.
    expect([inList("de"), inList("bibliothèqu")]).toEqual([4, 1]);
    const byWords = chunks.toSorted((one, other) => other.lexicalScore - one.lexicalScore);
    expect(byWords[0]?.text).toContain("bibliothèque");
  });

  it.each([
    ["Thai", "พิพิธภัณฑ์เปิดทุกวันยกเว้นวันจันทร์", "วันจันทร์"],
    ["Arabic", "المتحف مفتوح كل يوم ما عدا الاثنين", "الاثنين"],
    ["Korean", "박물관은 월요일을 제외하고 매일 문을 엽니다", "월요일을"],
    ["Hebrew", "המוזיאון פתוח בכל יום מלבד יום שני", "המוזיאון"],
    ["Chinese", "博物馆除星期一外每天开放", "星期一"],
  ])("finds words of %s", async (_, text, asked) => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "a.txt", text);
    await line.upload(collectionId, "b.txt", "Nothing of the kind is said here.");
    await line.workOff();
    const { chunks } = await line.retrieve(line.admin, asked, [collectionId]);
    expect(chunks[0]?.text).toBe(text);
    expect(chunks[0]?.lexicalScore).toBeGreaterThan(0);
  });

  it("weighs the parts of a name less only where somebody writes it whole", async () => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "io.txt", "The input is at the left, the output at the right.");
    await line.upload(collectionId, "name.txt", "The maxRetryCount of the pump is three.");
    await line.workOff();
    const weights = async (question: string) => {
      const scope = { collectionIds: [collectionId] };
      const { terms } = await line.search.terms(line.admin, scope, askedWords(question));
      return new Map(terms.map(({ lexeme, count }) => [lexeme, count]));
    };
    const whole = await weights("maxRetryCount");
    expect([whole.get("maxretrycount"), whole.get("retri")]).toEqual([1, 0.25]);
    const parts = await weights("input/output");
    expect([parts.get("input/output"), parts.get("input"), parts.get("output")]).toEqual([1, 1, 1]);
  });

  it("puts what holds a quoted string or an identifier first, however often others hold its words", async () => {
    const collectionId = await line.newCollection();
    for (const place of ["north", "south", "west"]) {
      const noise = `Tide tables and tide words stand in the red book of tides in the ${place}. `;
      await line.upload(collectionId, `${place}.txt`, noise.repeat(6));
    }
    await line.upload(collectionId, "quote.txt", "Someone wrote: the red tide book was lost.");
    await line.upload(collectionId, "code.txt", "When the pump stops with ERR_417 open it.");
    await line.workOff();
    const first = async (question: string) =>
      (await line.retrieve(line.admin, question, [collectionId])).chunks[0]?.text;
    expect(await first('Which tide tables name "red tide book"?')).toContain("red tide book");
    expect(await first("What does ERR_417 say of the tide?")).toContain("ERR_417");
  });

  it("does not fill the list with copies, but keeps what differs in a figure", async () => {
    const collectionId = await line.newCollection();
    const text =
      "The lantern of the old lighthouse was taken down by the keeper and his two sons and brought to the harbour office.";
    await line.upload(collectionId, "one.txt", text);
    await line.upload(collectionId, "copy.txt", text.replace("the keeper", "a keeper"));
    await line.upload(collectionId, "figure.txt", `${text} That was in 1911.`);
    await line.workOff();
    const { chunks, ranking } = await line.retrieve(line.admin, "Who took the lantern down?", [
      collectionId,
    ]);
    expect(chunks).toHaveLength(2);
    expect(ranking.map((place) => place.outcome).toSorted()).toEqual(["copy", "shown", "shown"]);
  });

  it("loads a chunk with its neighbours", async () => {
    const collectionId = await line.newCollection();
    const part = (word: string) =>
      `# ${word}\n\n${`The ${word} is described here in many words. `.repeat(14)}\n\n`;
    await line.upload(
      collectionId,
      "parts.md",
      part("anchor") + part("binnacle") + part("capstan"),
    );
    await line.workOff();
    const { chunks } = await line.retrieve(line.admin, "binnacle", [collectionId]);
    const found = chunks.find((chunk) => chunk.text.includes("The binnacle"));
    expect(found?.before?.text).toContain("anchor");
    expect(found?.after?.text).toContain("capstan");
  });

  it("takes any characters in a question, and compares letters as documents are cleaned", async () => {
    const collectionId = await line.newCollection();
    await line.upload(collectionId, "b.txt", "Bei Kr\u00fcger steht ein Wei\u00dfbierglas.");
    await line.workOff();
    const asked = "Kru\u0308ger\0 \ud800 \u{e0041}'); drop table chunks; --";
    const { chunks } = await line.retrieve(line.admin, asked, [collectionId]);
    expect(chunks[0]?.text).toContain("Kr\u00fcger");
    expect(chunks[0]?.lexicalScore).toBeGreaterThan(0);
  });

  it("fills the place of a document that is removed between finding and loading", async () => {
    const collectionId = await line.newCollection();
    const going = await settled("metronome", collectionId);
    await line.upload(collectionId, "other.md", `${note("metronome")}\nAnother copy of it stays.`);
    await line.workOff();
    let removed = false;
    const retrieve = createRetrieveChunks({
      search: {
        ...line.search,
        load: async (...args) => {
          if (!removed) await line.documents.remove(line.admin, going);
          removed = true;
          return line.search.load(...args);
        },
      },
      models: hashingEmbedder,
      clock: line.clock,
    });
    const query = {
      text: "Where was the metronome found?",
      collectionIds: [collectionId],
      limit: 1,
    };
    const { chunks } = await retrieve(line.admin, query, line.call());
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.documentId).not.toBe(going);
  });

  it("stops at once when the asker leaves", async () => {
    const leaving = new AbortController();
    const retrieve = createRetrieveChunks({
      search: line.search,
      models: {
        embed: (_, call) => {
          leaving.abort(new Error("left"));
          return Promise.reject(call.signal.reason as Error);
        },
      },
      clock: line.clock,
    });
    const query = { text: "anything", collectionIds: [], limit: 3 };
    const call = { ...line.call(), signal: leaving.signal };
    await expect(retrieve(line.admin, query, call)).rejects.toThrow("left");
    expect(never.aborted).toBe(false);
  });
});

const russian = {
  language: "Russian",
  question: "В какое море впадает Дунай?",
  right: "Дунай начинается в Шварцвальде и впадает в Чёрное море.",
  wrong: "Хлеб пекут в чугунной кастрюле при 240 градусах.",
  other: "Пчёлы собирают нектар на расстоянии до пяти километров.",
};
const polish = {
  language: "Polish",
  question: "Do którego morza wpada Dunaj?",
  right: "Dunaj wypływa ze Schwarzwaldu i wpada do Morza Czarnego, płynąc przez dziesięć państw.",
  wrong: "Chleb piecze się w żeliwnym garnku, a piec ma dwieście czterdzieści stopni gorąca.",
  other: "Pszczoły zbierają nektar, oddalając się od ula aż na pięć kilometrów i więcej.",
};

describe.each([
  { ...russian, model: "all-minilm:latest", byWords: true },
  { ...russian, model: "bge-m3:latest", byWords: false },
  { ...polish, model: "all-minilm:latest", byWords: true },
  { ...polish, model: "bge-m3:latest", byWords: false },
])(
  "retrieval of a question in $language, with vectors of $model that point elsewhere",
  ({ model, byWords, question, right, wrong, other }) => {
    const misled: typeof hashingEmbedder = {
      async embed(inputs, call) {
        const turned = inputs.map((text) => (text === question ? `wrong\n\n${wrong}` : text));
        const { vectors, space } = await hashingEmbedder.embed(turned, call);
        return { vectors, space: { ...space, model } };
      },
    };
    let line: DocumentLine;
    beforeAll(async () => {
      line = await startDocumentLine(misled);
    });
    afterAll(() => line.close());

    it("goes by words where the embedder learnt English only", async () => {
      const collectionId = await line.newCollection();
      for (const [title, text] of Object.entries({ right, wrong, other }))
        await line.upload(collectionId, `${title}.txt`, text);
      expect(await line.workOff()).toEqual([]);
      const { chunks, lexicalOnly } = await line.retrieve(line.admin, question, [collectionId]);
      expect([lexicalOnly, chunks.length]).toEqual([false, 3]);
      expect(chunks[0]?.documentTitle).toBe(byWords ? "right" : "wrong");
    });
  },
);
