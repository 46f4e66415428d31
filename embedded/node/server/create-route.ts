import { stat } from "node:fs/promises";
import { findTemplate } from "../engine/chat-template.ts";
import { readGgufDetails } from "../engine/gguf-details.ts";
import { parseModelName } from "../engine/model-name.ts";
import type { ModelName } from "../engine/model-name.ts";
import { nodeError } from "../engine/node-error.ts";
import { checkOptions, isOption } from "../engine/run-options.ts";
import { sha256OfFile } from "../install/file-digest.ts";
import { digestOfContent } from "../store/model-records.ts";
import type { ModelRecord, ModelSettings } from "../store/model-records.ts";
import { settingsOf } from "../store/model-store.ts";
import type { ModelStore } from "../store/model-store.ts";
import { templateOfNotation } from "../templates/model-template.ts";
import { askedName } from "./node-context.ts";
import type { Exchange, NodeContext, Route } from "./node-context.ts";
import { sendProgress } from "./reply.ts";
import type { RequestFields } from "./request-shape.ts";

interface CreateStatus {
  readonly status: string;
}

type NewModel = Omit<ModelRecord, "digest">;

const textOf = (fields: RequestFields, name: string): string =>
  (fields[name] as string | undefined) ?? "";

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** What a request adds to, or puts in place of, what the model it starts from has. @throws NodeError 400, 500 */
const readSettings = (fields: RequestFields): ModelSettings => {
  for (const field of ["adapters", "messages", "quantize"])
    if (!isEmpty(fields[field]))
      throw nodeError(400, `${field} is not supported by this embedded node`);
  const parameters = (fields["parameters"] ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(parameters).find((name) => !isOption(name));
  if (unknown !== undefined) throw nodeError(400, `unknown parameter '${unknown}'`);
  const stop = parameters["stop"];
  const listed = { ...parameters, ...(typeof stop === "string" ? { stop: [stop] } : {}) };
  checkOptions(listed);
  const template = textOf(fields, "template");
  if (template !== "") checkTemplate(template);
  const license = fields["license"];
  return {
    ...(template === "" ? {} : { template }),
    ...(textOf(fields, "system") === "" ? {} : { system: textOf(fields, "system") }),
    ...(isEmpty(parameters) ? {} : { parameters: listed }),
    ...(isEmpty(license)
      ? {}
      : { license: (Array.isArray(license) ? license : [license]).map(String) }),
  };
};

const checkTemplate = (notation: string): void => {
  try {
    templateOfNotation(notation, []).render([{ role: "user", content: "Hi" }]);
  } catch (error) {
    throw nodeError(400, (error as Error).message);
  }
};

async function* fromModel(
  store: ModelStore,
  from: string,
  { name, settings }: { readonly name: ModelName; readonly settings: ModelSettings },
): AsyncGenerator<CreateStatus, NewModel> {
  const parent = await store.find(parseModelName(from).key);
  if (parent === undefined) throw nodeError(404, `model '${from}' not found`);
  const { weights, size } = parent.record;
  yield { status: `using existing layer sha256:${weights}` };
  const own = settingsOf(parent.record);
  return {
    ...own,
    ...settings,
    parameters: { ...own.parameters, ...settings.parameters },
    name: name.short,
    weights,
    size,
    parent: parent.record.name,
  };
}

const onlyFileOf = (files: Readonly<Record<string, unknown>>): string => {
  const [digest, ...others] = Object.values(files);
  if (others.length > 0)
    throw nodeError(400, "models in several files are not supported by this embedded node");
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(String(digest))?.[1];
  if (sha256 === undefined) throw nodeError(400, "invalid digest format");
  return sha256;
};

async function* fromFile(
  store: ModelStore,
  sha256: string,
  { name, settings }: { readonly name: ModelName; readonly settings: ModelSettings },
): AsyncGenerator<CreateStatus, NewModel> {
  const path = await store.findWeights(sha256);
  if (path === undefined)
    throw nodeError(400, `blob sha256:${sha256} is not on this node: send it first`);
  yield { status: "parsing GGUF" };
  const details = await readGgufDetails(path).catch((error: unknown) => {
    throw nodeError(400, `invalid GGUF file: ${(error as Error).message}`);
  });
  yield { status: "verifying conversion" };
  if ((await sha256OfFile(path)) !== sha256)
    throw nodeError(500, `blob sha256:${sha256} is damaged: delete it and send it again`);
  yield { status: `creating new layer sha256:${sha256}` };
  if (
    details.purpose === "completion" &&
    settings.template === undefined &&
    findTemplate(details.chatTemplate)
  )
    yield { status: "using autodetected template chatml" };
  const { size } = await stat(path);
  return { ...settings, name: name.short, weights: sha256, size };
}

async function* createModel(
  { store }: NodeContext,
  fields: RequestFields,
  plan: { readonly name: ModelName; readonly settings: ModelSettings },
): AsyncGenerator<CreateStatus> {
  const from = textOf(fields, "from");
  const files = (fields["files"] ?? {}) as Readonly<Record<string, unknown>>;
  const model = yield* from === ""
    ? fromFile(store, onlyFileOf(files), plan)
    : fromModel(store, from, plan);
  yield { status: `creating new layer sha256:${digestOfContent(model)}` };
  yield { status: "writing manifest" };
  await store.save(model);
  yield { status: "success" };
}

/** Makes a model from a GGUF file that was sent before, or from another model with other settings. */
export const create: Route = async (context: NodeContext, exchange: Exchange) => {
  const { fields } = exchange;
  const asked = askedName(fields);
  if (asked === "") throw nodeError(400, "invalid model name");
  const plan = { name: parseModelName(asked), settings: readSettings(fields) };
  if (textOf(fields, "from") === "" && isEmpty(fields["files"]))
    throw nodeError(400, "neither 'from' or 'files' was specified");
  await sendProgress(createModel(context, fields, plan), exchange, fields["stream"] !== false);
};
