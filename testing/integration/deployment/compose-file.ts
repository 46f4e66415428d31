import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

export const repository = resolve(import.meta.dirname, "..", "..", "..");

export interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly mem_limit?: string;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<
    Record<
      string,
      { readonly internal?: boolean; readonly driver_opts?: Readonly<Record<string, string>> }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const innermost = /\$\{([A-Z_]+):-([^${}]*)\}/;

/** Fills in variables as compose does; only the form with a default is used in our file. */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  let filled = text;
  for (let match = innermost.exec(filled); match !== null; match = innermost.exec(filled)) {
    const [whole, name = "", fallback = ""] = match;
    const given = env[name] ?? "";
    filled = filled.replace(whole, () => (given === "" ? fallback : given));
  }
  return filled;
}

export const composeSource = readFileSync(join(repository, "docker-compose.yml"), "utf8");

/** The file as compose sees it with these variables set. */
export const readCompose = (env: Readonly<Record<string, string>> = {}): ComposeFile =>
  parse(interpolate(composeSource, env), { merge: true }) as ComposeFile;
