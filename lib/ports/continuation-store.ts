/** Which weights on which server went on with a text exactly: learnt once, kept over restarts. */
export interface ContinuationKey {
  /** Digest of the model's weights. */
  readonly digest: string;
  /** The server's version. */
  readonly version: string;
}

export interface ContinuationStore {
  /** `null` until it was tested. */
  read(key: ContinuationKey): Promise<boolean | null>;
  write(key: ContinuationKey, passed: boolean): Promise<void>;
}
