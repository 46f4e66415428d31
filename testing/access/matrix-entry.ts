/** What a call needs, in the order of what is checked. */
export type Need =
  | "nothing"
  | "session"
  | "admin"
  /** An admin of the workspace that the thing belongs to. */
  | "its admin"
  /** Anyone of the workspace that the thing belongs to. */
  | "workspace"
  | "read"
  | "write"
  | "manage"
  /** The person whose it is; not even an admin. */
  | "owner";

/** Things of a person that others try to reach. */
export interface Things {
  readonly collection: string;
  readonly document: string;
  readonly conversation: string;
  readonly answer: string;
  readonly share: string;
  readonly session: string;
  readonly sessionOwner: string;
  readonly person: string;
  readonly invitation: string;
  readonly group: string;
  readonly node: string;
  readonly source: string;
  readonly goldenQuestion: string;
  readonly goldenRun: string;
}

export interface MatrixEntry {
  readonly need: Need;
  /** Status for who has the need. */
  readonly ok: number;
  /** Status for who may read the collection but not do this; 404 unless said. */
  readonly readerGets?: number;
  /** The call that names the things; without things it names nobody's. */
  readonly call: (things: Things) => { readonly path: string; readonly body?: unknown };
}
