import { describe, expect, it } from "vitest";
import { readGoTemplate } from "./go-template.ts";
import { templateOfNotation } from "./model-template.ts";

const user = { role: "user", content: "Hi" };
const write = (source: string, values: Readonly<Record<string, unknown>> = {}): string =>
  readGoTemplate(source).render(values);

describe("readGoTemplate", () => {
  it.each([
    ["a {{ .A }} b", "a 1 b"],
    ["a {{- .A -}} b", "a1b"],
    ["{{/* a note */}}x", "x"],
    ["{{ if .A }}yes{{ else }}no{{ end }}", "yes"],
    ["{{ if .None }}yes{{ else if eq .A 1 }}one{{ else }}no{{ end }}", "one"],
    ["{{ if and .A (not .None) }}yes{{ end }}", "yes"],
    ["{{ range $i, $e := .L }}{{ $i }}{{ $e.N }};{{ end }}", "0x;1y;"],
    ["{{ range .L }}{{ .N }}{{ end }}", "xy"],
    ["{{ range .None }}a{{ else }}empty{{ end }}", "empty"],
    ['{{ range .L }}{{ if eq .N "y" }}{{ break }}{{ end }}{{ .N }}{{ end }}', "x"],
    ["{{ with .O }}{{ .N }}{{ end }}", "z"],
    ["{{ $last := eq (len (slice .L 1)) 1 }}{{ $last }}", "true"],
    [
      "{{ range $i, $_ := .L }}{{ $last := eq (len (slice $.L $i)) 1 }}{{ $last }} {{ end }}",
      "false true ",
    ],
    ["{{ .O | json }}", '{"N":"z"}'],
    ["{{ index .L 1 | json }}", '{"N":"y"}'],
    ['{{ `a "b"` }}{{ "\\n" }}', 'a "b"\n'],
    ["{{ .O.N }}{{ (index .L 0).N }}", "zx"],
    ["{{ or .None .A }}", "1"],
    ["{ {{ .A }} }", "{ 1 }"],
  ])("writes %s as Go does", (source, text) => {
    expect(write(source, { A: 1, L: [{ N: "x" }, { N: "y" }], O: { N: "z" } })).toBe(text);
  });

  it.each([
    ["{{ if .A }}", "a block is not closed"],
    ["{{ .A", "unclosed action"],
    ["{{ end }}", "unexpected {{end}}"],
    ['{{ template "x" }}', 'function "template" not defined'],
    ["{{ .A | upper }}", "only a function can stand behind a bar"],
    ["{{ (eq 1 2 }}", "unclosed parenthesis"],
  ])("refuses %s with a reason", (source, reason) => {
    expect(() => readGoTemplate(source)).toThrow(reason);
  });
});

describe("templateOfNotation", () => {
  it("gives a template that knows them the messages, neighbours of one role joined", () => {
    const template = templateOfNotation(
      "{{ .System }}|{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}<assistant>",
      [],
    );
    const messages = [{ role: "system", content: "Be brief." }, user, user];
    expect(template.render(messages)).toBe("Be brief.|<system>Be brief.<user>Hi\n\nHi<assistant>");
  });

  it("fills an older template once for each exchange, the last time up to the answer's place", () => {
    const template = templateOfNotation(
      "{{ if .System }}S:{{ .System }}\n{{ end }}U:{{ .Prompt }}\nA:{{ .Response }}<end>\n",
      [],
    );
    const messages = [
      { role: "system", content: "s" },
      user,
      { role: "assistant", content: "Hello" },
      { role: "user", content: "More" },
    ];
    expect(template.render(messages)).toBe("S:s\nU:Hi\nA:Hello<end>\nU:More\nA:");
  });

  it("puts the answer behind a template that has no place for it", () => {
    expect(templateOfNotation("Q: {{ .Prompt }}\n", []).render([user])).toBe("Q: Hi\n");
  });
});
