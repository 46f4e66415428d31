import { z } from "zod";
import {
  type ConfiguredDiscovery,
  type ConfiguredNode,
  isHttp,
  parseDiscovery,
  parseNode,
  parseUrl,
} from "./core/config/node-addresses.ts";
import { isIssuer } from "./core/config/opening.ts";

// The kinds of value that a variable of the environment may hold; a fault says what to write instead.

export const wholeNumber = (from: number, to: number, fallback: number) =>
  z
    .string()
    .transform((text, context) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= from && value <= to) return value;
      context.addIssue(
        `"${text}" is not allowed. Use a whole number from ${String(from)} to ${String(to)}.`,
      );
      return z.NEVER;
    })
    .default(fallback);

export const oneOf = <const T extends string>(values: readonly [T, ...T[]]) =>
  z.enum(values, {
    error: ({ input }) => `"${String(input)}" is not known. Use one of ${values.join(", ")}.`,
  });

export const origin = z
  .string()
  .transform((text, context) => {
    const url = parseUrl(text);
    if (
      url !== undefined &&
      isHttp(url) &&
      url.pathname === "/" &&
      url.search === "" &&
      url.hash === ""
    )
      return url.origin;
    context.addIssue(
      `"${text}" is not an origin. Use scheme and host only, for example https://drover.example.org.`,
    );
    return z.NEVER;
  })
  .optional();

export const httpUrl = z
  .string()
  .transform((text, context) => {
    const url = parseUrl(text);
    if (url !== undefined && isHttp(url)) return text.replace(/\/+$/, "");
    context.addIssue(
      `"${text}" is not a web address. Use one that begins with http:// or https://.`,
    );
    return z.NEVER;
  })
  .optional();

export const databaseUrl = z
  .string()
  .transform((text, context) => {
    const url = parseUrl(text);
    if (url !== undefined && (url.protocol === "postgres:" || url.protocol === "postgresql:"))
      return text;
    // The value may hold a password, so it is not repeated here.
    context.addIssue(
      "this is not a Postgres address. Use postgres://USER:PASSWORD@HOST:5432/DATABASE, or leave it empty for the embedded database.",
    );
    return z.NEVER;
  })
  .optional();

export const redisUrl = z
  .string()
  .transform((text, context) => {
    const url = parseUrl(text);
    if (url !== undefined && (url.protocol === "redis:" || url.protocol === "rediss:")) return text;
    // The value may hold a password, so it is not repeated here.
    context.addIssue("this is not a Redis address. Use redis://HOST:6379, or leave it empty.");
    return z.NEVER;
  })
  .optional();

export const modelName = (fallback: string) =>
  z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*(:[\w.-]+)?$/, "this is not a model name. Use NAME or NAME:TAG.")
    .default(fallback);

export const nodeList = z
  .string()
  .transform((text, context) => {
    const nodes: ConfiguredNode[] = [];
    for (const entry of text.split(",").map((part) => part.trim())) {
      if (entry === "") continue;
      const node = parseNode(entry);
      if (typeof node === "string") context.addIssue(node);
      else if (nodes.some((other) => other.id === node.id))
        context.addIssue(`two nodes are called "${node.id}". Give each its own id=NAME.`);
      else nodes.push(node);
    }
    return nodes;
  })
  .default([]);

export const discovery = z
  .string()
  .transform((text, context): ConfiguredDiscovery => {
    const parsed = parseDiscovery(text);
    if (parsed !== undefined) return parsed;
    context.addIssue(
      `"${text}" is not a name to look up. Use dns://NAME:11434?slots=1 for address records or dns+srv://_ollama._tcp.NAME?slots=1 for SRV records.`,
    );
    return z.NEVER;
  })
  .optional();

export const folderList = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

export const issuer = z
  .string()
  .refine(isIssuer, { error: "this is not an issuer. Use one that begins with https://." })
  .optional();

/** `name=value,name=value`, as OpenTelemetry writes it. */
export const headerList = z
  .string()
  .default("")
  .transform((text): Readonly<Record<string, string>> =>
    Object.fromEntries(
      text.split(",").flatMap((pair) => {
        const at = pair.indexOf("=");
        return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1))]];
      }),
    ),
  );
