/** Several app processes may use one Postgres: each says that it lives, so that none takes the other's running answers for abandoned. */
export interface ProcessPresence {
  /** This process counts as alive for `ms` from now. */
  renew(ms: number): Promise<void>;
  leave(): Promise<void>;
}
