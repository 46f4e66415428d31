import { Template } from "@huggingface/jinja";
import type { ChatTemplate } from "../engine/chat-template.ts";

/**
 * The template that stands in a model's own file, for families whose Ollama notation this node does not know.
 *
 * @param endOfText text of the token that ends an answer
 * @returns undefined when it cannot be read: such a model still completes raw prompts
 */
export const templateOfJinja = (source: string, endOfText: string): ChatTemplate | undefined => {
  try {
    const template = new Template(source);
    const render: ChatTemplate["render"] = (messages) =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
        // The engine puts the start token itself where the model wants one.
        bos_token: "",
        eos_token: endOfText,
      });
    render([{ role: "user", content: "Hi" }]);
    return { notation: "{{ .Prompt }}", stop: [], render };
  } catch {
    return undefined;
  }
};
