/**
 * What a model is trusted with.
 * phraser: passages and instructions, citations asked for · tiny: the quoted sentences and the question, nothing else.
 */
export type AnswerProfile = "phraser" | "tiny";

const known: Readonly<Record<string, AnswerProfile>> = {
  smollm2: "phraser",
  "smollm2:135m": "tiny",
  "smollm2:360m": "tiny",
};

const leastPhraserBillions = 1;

/** From the table, else from the size in the model's tag (`:0.5b`, `:135m`); a model that says no size is a phraser. */
export function answerProfileOf(model: string): AnswerProfile {
  const name = model.toLowerCase().split("/").at(-1) ?? "";
  const listed = known[name];
  if (listed !== undefined) return listed;
  const size = /(?:^|[:-])(\d+(?:\.\d+)?)([mb])(?=$|-)/.exec(name);
  if (size === null) return "phraser";
  const billions = Number(size[1]) / (size[2] === "m" ? 1000 : 1);
  return billions >= leastPhraserBillions ? "phraser" : "tiny";
}
