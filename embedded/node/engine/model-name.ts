import { nodeError } from "./node-error.ts";

/** A model's name in its parts. */
export interface ModelName {
  /** `model:tag`, lower case: what the node's tables use. */
  readonly key: string;
  /** Host, namespace, model and tag, as error texts name it. */
  readonly full: string;
  /** As it is listed: with its tag, without what is the default. */
  readonly short: string;
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}

const part = /^[a-z0-9_][a-z0-9_.-]{0,79}$/i;
export const defaultHost = "registry.ollama.ai";
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
  return splitModelName(name);
};

/** The same for routes that only look for the name, in a library or on this node. @throws NodeError 400 */
export const splitModelName = (name: string): ModelName => {
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
  const short = `${prefix}${model}:${tag}`;
  return {
    key: short.toLowerCase(),
    full: `${host}/${namespace}/${model}:${tag}`,
    short,
    host,
    namespace,
    model,
    tag,
  };
};
