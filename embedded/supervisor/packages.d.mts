export function explain(said: string, folder: string): string;
export function withoutOwnNode(path: string | undefined, root: string): string;
export function refuseIfRunning(dataDir: string, fail: (sentence: string) => never): Promise<void>;
export function installPackages(options: {
  readonly root: string;
  readonly folders: readonly string[];
  readonly fail: (sentence: string) => never;
  /** The program to run instead of `npm`, with its first arguments. */
  readonly npm?: readonly string[];
}): Promise<void>;
