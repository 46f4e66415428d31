import type { createProgress } from "./progress.ts";

/** What every source is given. */
export interface SourceContext {
  /** `<modelsDir>` itself. */
  readonly modelsDir: string;
  /** Folder of this model's unfinished files; kept between runs, so that a download resumes. */
  readonly stagingDir: string;
  readonly libraryUrl: string;
  readonly pipCommands: readonly (readonly string[])[];
  readonly progress: ReturnType<typeof createProgress>;
  readonly signal?: AbortSignal;
}
