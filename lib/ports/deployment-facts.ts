/** What a node says of itself. */
export interface NodeFacts {
  readonly version: string;
  readonly installed: readonly {
    /** With its tag. */
    readonly name: string;
    readonly digest: string;
    readonly capabilities: readonly string[];
  }[];
  readonly loaded: readonly {
    readonly name: string;
    /** Tokens a slot. */
    readonly contextTokens: number;
    readonly expiresAt: Date;
    /** Of `bytes`, those in graphics memory; 0 = the processor computes. */
    readonly graphicsBytes: number;
    readonly bytes: number;
  }[];
  /** The chat model's own parameters, a line each, e.g. `num_batch 128`. */
  readonly chatParameters: string;
  /** Whether names that lead to the vendor's cloud are refused. */
  readonly refusesCloud: boolean;
}

export interface DatabaseFacts {
  readonly engine: "pglite" | "postgres";
  readonly version: string;
  /** Installed, else the one that could be; null = neither. */
  readonly vectorVersion: string | null;
  /** Steps of this program's data that are not there yet; below 0 = a newer program wrote it. */
  readonly missingSteps: number;
  /** Drover has not written there yet. */
  readonly isEmpty: boolean;
}

export interface RedisFacts {
  readonly version: string;
  /** `maxmemory-policy`; empty when the server does not tell. */
  readonly evictionPolicy: string;
  /** `maxmemory`, bytes; 0 = no limit. */
  readonly mostBytes: number;
}

export interface FileFacts {
  /** Permission bits, e.g. 0o600. */
  readonly mode: number;
}

/** Looks at everything that a deployment consists of, changes nothing. */
export interface DeploymentFacts {
  /** @throws Error with a reason in words */
  node(baseUrl: string, chatModel: string): Promise<NodeFacts>;
  /** @throws AppError `database_unavailable` */
  database(): Promise<DatabaseFacts>;
  /** @throws Error with a reason in words */
  redis(url: string): Promise<RedisFacts>;
  /** Bytes that this user may still write to the disk of a folder. */
  freeBytes(folder: string): Promise<number>;
  /** Null when it does not exist. */
  file(path: string): Promise<FileFacts | null>;
  /** Null where the system has no such number. */
  userId(): number | null;
}

/** What became of a question that was asked through the whole product. */
export interface TrialAnswer {
  readonly quotes: readonly string[];
  readonly outcome: string;
  /** From the question to the quoted sentence. */
  readonly evidenceMs: number;
  readonly readingMs: number;
}

/** Puts a document in, asks about it, and takes everything away again. */
export interface DeploymentTrial {
  /** @throws AppError, or Error with a reason in words */
  run(
    document: { readonly name: string; readonly text: string },
    question: string,
  ): Promise<TrialAnswer>;
}
