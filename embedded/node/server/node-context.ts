import type { IncomingMessage, ServerResponse } from "node:http";
import type { InstalledModel, InstalledModels } from "../engine/installed-models.ts";
import type { ModelScheduler } from "../engine/model-scheduler.ts";
import type { ModelName } from "../engine/model-name.ts";
import { parseModelName } from "../engine/model-name.ts";
import { nodeError } from "../engine/node-error.ts";
import type { ModelStore } from "../store/model-store.ts";
import type { RequestFields } from "./request-shape.ts";

/** What every route is given. */
export interface NodeContext {
  readonly version: string;
  readonly models: InstalledModels;
  readonly scheduler: ModelScheduler;
  readonly store: ModelStore;
  /** Address of the model library that pulls go to. */
  readonly libraryUrl: string;
}

/** One request on its way. The signal is aborted when the client leaves. */
export interface Exchange {
  readonly fields: RequestFields;
  /** What stands in the path where the route has a place for it; empty elsewhere. */
  readonly named: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly startedMs: number;
}

export type Route = (context: NodeContext, exchange: Exchange) => Promise<void>;

export interface NamedModel {
  /** As the client wrote it: answers echo it. */
  readonly asked: string;
  readonly name: ModelName;
  readonly model: InstalledModel;
}

export const askedName = (fields: RequestFields): string => {
  const asked = fields["model"] ?? fields["name"] ?? "";
  return typeof asked === "string" ? asked : "";
};

/** @throws NodeError 400 without a name or with a wrong one, 403 for a cloud model, 404 when it is not installed */
export const findModel = async (
  context: NodeContext,
  fields: RequestFields,
  notFound: (asked: string, key: string) => string,
): Promise<NamedModel> => {
  const asked = askedName(fields);
  if (asked === "") throw nodeError(400, "model is required");
  const name = parseModelName(asked);
  const model = await context.models.find(name.key);
  if (model === undefined) throw nodeError(404, notFound(asked, name.key));
  return { asked, name, model };
};
