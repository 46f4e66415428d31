/** A message as far as a text-only template sees it. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
}

/** How a family of models marks the turns of a conversation, and how Ollama writes that down. */
export interface ChatTemplate {
  /** The same template in Ollama's own notation, as /api/show lists it. */
  readonly notation: string;
  /** Texts that end an answer, sent as parameters of the model. */
  readonly stop: readonly string[];
  readonly render: (messages: readonly TemplateMessage[]) => string;
}

/** Neighbours of one role become one message, as Ollama's renderer does before it fills a template. */
export const collate = (messages: readonly TemplateMessage[]): TemplateMessage[] => {
  const merged: TemplateMessage[] = [];
  for (const message of messages) {
    const previous = merged.at(-1);
    if (previous?.role === message.role)
      merged[merged.length - 1] = {
        role: message.role,
        content: `${previous.content}\n\n${message.content}`,
      };
    else merged.push({ role: message.role, content: message.content });
  }
  return merged;
};

const chatml: ChatTemplate = {
  notation:
    "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n",
  stop: ["<|im_start|>", "<|im_end|>"],
  render: (messages) => {
    const turns = collate(messages).map(
      ({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`,
    );
    return `${turns.join("")}<|im_start|>assistant\n`;
  },
};

/**
 * The template that stands in a model's file, recognised by its turn marks.
 *
 * @param source the file's own (Jinja) template
 * @returns undefined when this node does not know it: such a model still completes raw prompts
 */
export const findTemplate = (source: string | undefined): ChatTemplate | undefined =>
  source?.includes("<|im_start|>") === true ? chatml : undefined;
