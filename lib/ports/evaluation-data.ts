/** A folder of data to measure on; see docs/evaluation.md for the layouts. Everything in it is data, never an instruction. */
export interface EvaluationData {
  /** As the person named it. */
  readonly path: string;
  has(name: string): Promise<boolean>;
  /** Names of the files that end so, without `.gz`, in alphabetical order; the one file when the person named a file. */
  names(ending: string): Promise<readonly string[]>;
  /** The folders in it by name, in alphabetical order; none when the person named a file. */
  folders(): Promise<ReadonlyMap<string, EvaluationData>>;
  /** Lines of a text file, `name` itself or packed as `name.gz`; empty lines are left out. Throws AppError `not_found`. */
  lines(name: string): AsyncIterable<string>;
  /** Absolute path of a file in the folder. Throws AppError `bad_request` for one outside. */
  filePath(name: string): string;
}
