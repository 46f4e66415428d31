import { nodeError } from "./node-error.ts";

/** A model's name in its parts. */
export interface ModelName {
  /** `model:tag`, lower case: what the node's tables use. */
  readonly key: string;
  /** Host, namespace, model and tag, as error texts name it. */
  readonly full: string;
}

const part = /^[a-z0-9_][a-z0-9_.-]{0,79}$/i;
const defaultHost = "registry.ollama.ai";
const defaultNamespace = "library";

const isCloudName = (name: string): boolean => /(:|-)cloud$/i.test(name);

/**
 * Reads `[[host/]namespace/]model[:tag]`; the tag defaults to `latest`. Case does not matter.
 *
 * @throws NodeError 400 when a part holds a character that names may not have, 403 for a cloud model
 */
export const parseModelName = (name: string): ModelName => {
  if (isCloudName(name))
    throw nodeError(403, "ollama cloud is disabled: remote model is unavailable");
  const path = name.split("/");
  const last = path.pop() ?? "";
  const colon = last.indexOf(":");
  const model = colon < 0 ? last : last.slice(0, colon);
  const tag = colon < 0 ? "latest" : last.slice(colon + 1);
  const [namespace = defaultNamespace, host = defaultHost] = path.toReversed();
  if (path.length > 2 || ![host, namespace, model, tag].every((piece) => part.test(piece)))
    throw nodeError(400, "invalid model name");
  const prefix =
    host === defaultHost
      ? namespace === defaultNamespace
        ? ""
        : `${namespace}/`
      : `${host}/${namespace}/`;
  return {
    key: `${prefix}${model}:${tag}`.toLowerCase(),
    full: `${host}/${namespace}/${model}:${tag}`,
  };
};
