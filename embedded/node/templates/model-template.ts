import { collate } from "../engine/chat-template.ts";
import type { ChatTemplate, TemplateMessage } from "../engine/chat-template.ts";
import { readGoTemplate } from "./go-template.ts";
import type { GoTemplate } from "./go-template.ts";

const systemOf = (messages: readonly TemplateMessage[]): string =>
  messages
    .filter(({ role }) => role === "system")
    .map(({ content }) => content)
    .join("\n\n");

/** Templates that know no list of messages are filled once for each exchange, the last time up to the answer's place. */
const renderExchanges = (template: GoTemplate, messages: readonly TemplateMessage[]): string => {
  let text = "";
  let [system, prompt, response] = ["", "", ""];
  const flush = (): void => {
    text += template.render({ System: system, Prompt: prompt, Response: response });
    [system, prompt, response] = ["", "", ""];
  };
  for (const { role, content } of messages) {
    if (role === "system") {
      if (prompt !== "" || response !== "") flush();
      system = content;
    } else if (role === "user") {
      if (response !== "") flush();
      prompt = content;
    } else if (role === "assistant") response = content;
  }
  return text + template.render({ System: system, Prompt: prompt, Response: response }, "Response");
};

/**
 * A model's template in Ollama's own notation.
 *
 * @param stop texts that end an answer
 * @throws Error when the notation is wrong
 */
export const templateOfNotation = (notation: string, stop: readonly string[]): ChatTemplate => {
  const read = readGoTemplate(notation);
  const knowsMessages = read.fields.has("Messages");
  const template =
    knowsMessages || read.fields.has("Response")
      ? read
      : readGoTemplate(`${notation}{{ .Response }}`);
  return {
    notation,
    stop,
    render: (messages) => {
      const merged = collate(messages);
      if (!knowsMessages) return renderExchanges(template, merged);
      return template.render({
        System: systemOf(merged),
        Messages: merged.map(({ role, content }) => ({ Role: role, Content: content })),
        Response: "",
      });
    },
  };
};
