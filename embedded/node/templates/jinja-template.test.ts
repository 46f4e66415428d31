import { describe, expect, it } from "vitest";
import { templateOfJinja } from "./jinja-template.ts";

const turns =
  "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

describe("templateOfJinja", () => {
  it("writes a conversation as the template in the model's file says, open for the answer", () => {
    const template = templateOfJinja(turns, "</s>");
    expect(
      template?.render([
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
        { role: "user", content: "More" },
      ]),
    ).toBe("[user]Hi[assistant]Hello</s>[user]More[assistant]");
  });

  it("knows no chat where the template cannot be read", () => {
    expect(templateOfJinja("{% for %}", "")).toBeUndefined();
    expect(templateOfJinja("{{ raise_exception('no') }}", "")).toBeUndefined();
  });
});
