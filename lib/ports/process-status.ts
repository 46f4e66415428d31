/** One program that the supervisor looks after. */
export interface ProcessState {
  /** e.g. `database`, `node-1`, `app`. */
  readonly name: string;
  readonly status: "starting" | "running" | "restarting" | "stopped";
  readonly restarts: number;
}

/** What the supervisor last said about the programs it looks after. */
export interface ProcessStatus {
  /** Empty when no supervisor runs here. */
  read(): Promise<readonly ProcessState[]>;
}
