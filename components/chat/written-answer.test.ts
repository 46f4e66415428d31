import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";

import { words } from "./words.ts";
import { WrittenAnswer } from "./written-answer.tsx";

const said = (text: string) => ({ text, citations: [], supported: true });
const withheld = { text: "", citations: [], supported: false, withheld: true as const };

/** As the server paints it. */
const painted = (sentences: AnswerSnapshot["sentences"]): string =>
  renderToStaticMarkup(
    createElement(WrittenAnswer, {
      answerKey: "a",
      snapshot: { ...emptyAnswer, sentences, outcome: "complete" },
    }),
  );

describe("a written answer", () => {
  it("says in one line that something is not shown, where it stood", () => {
    const html = painted([said("The gate is green. "), withheld, withheld, said(" It is shut.")]);
    expect(html.split(words.withheld)).toHaveLength(2);
    const text = html.replaceAll(/<[^>]*>/g, "");
    expect(text).toMatch(
      new RegExp(`^The gate is green\\.\\s*${words.withheld}\\s*It is shut\\.$`),
    );
  });

  it("makes nothing but text of markup, and no address that runs, also on the server", () => {
    const html = painted([
      said(
        `<img src=x onerror=run()> <script>run()</script> ![x](https://away.test/p.png) [l](javascript:run) <a href="javascript:run">l</a>`,
      ),
    ]);
    expect(html).toContain("&lt;script&gt;run()");
    expect(html).not.toMatch(/<(?:img|script|iframe|svg)|href="javascript/iu);
  });
});
