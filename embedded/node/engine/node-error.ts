const brand = Symbol.for("drover.NodeError");

/** An answer that is an error, with the status and text a real Ollama gives. */
export interface NodeError extends Error {
  readonly status: number;
  /** Raised once the request had reached the engine; a streaming client then sees another content type. */
  readonly fromEngine: boolean;
}

const build = (status: number, message: string, fromEngine: boolean): NodeError =>
  Object.assign(new Error(message), { name: "NodeError", status, fromEngine, [brand]: true });

export const nodeError = (status: number, message: string): NodeError =>
  build(status, message, false);

/** An error of llama-server's kind: its own JSON body stands inside Ollama's `error` string. */
export const engineError = (status: number, message: string): NodeError =>
  build(status, message, true);

export const isNodeError = (error: unknown): error is NodeError =>
  error instanceof Error && brand in error;
