import { readFrames, type EventFrames } from "./event-frames.ts";
import { ApiFailure, offlineFailure, readFailure } from "./failure.ts";

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Lets the call outlive the page, for what was decided before it closed. */
  readonly keepalive?: boolean;
  /** Asks for an event stream in place of JSON. */
  readonly accept?: "text/event-stream";
  /** A 401 usually means the session ended and leads to sign-in; the sign-in form itself wants to see it. */
  readonly expectSignedOut?: boolean;
}

const goToSignIn = (): void => {
  const next = `${location.pathname}${location.search}`;
  location.assign(next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
};

const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return null;
  }
};

const send = async (path: string, options: RequestOptions): Promise<Response> => {
  const method = options.method ?? "GET";
  try {
    return await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        ...(method === "GET" ? {} : { "content-type": "application/json" }),
        ...(options.accept === undefined ? {} : { accept: options.accept }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.keepalive === undefined ? {} : { keepalive: options.keepalive }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiFailure(offlineFailure, { cause: error });
  }
};

const succeed = async (path: string, options: RequestOptions): Promise<Response> => {
  const response = await send(path, options);
  if (response.ok) return response;
  if (response.status === 401 && options.expectSignedOut !== true) goToSignIn();
  const body = await readJson(response);
  throw new ApiFailure(readFailure(response.status, body, response.headers.get("retry-after")));
};

/** Calls the browser's own API. Answers without a body give `null`.
 * @throws ApiFailure for every answer that is not a success and when none arrives */
export const request = async <T>(path: string, options: RequestOptions = {}): Promise<T> => {
  const response = await succeed(path, options);
  return (response.status === 204 ? null : await readJson(response)) as T;
};

export interface Started<T> {
  readonly started: T;
  /** What follows in the same response. */
  readonly frames: EventFrames;
}

/** Starts something whose events come in the same response.
 * @throws ApiFailure as `request`, also when the connection breaks before the server said what it started */
export const requestStarted = async <T>(path: string, body: unknown): Promise<Started<T>> => {
  const options = { method: "POST", body, accept: "text/event-stream" } as const;
  const response = await succeed(path, options);
  const frames = response.body === null ? null : readFrames(response.body);
  const first = (await frames?.next().catch(() => null)) ?? null;
  if (frames === null || first?.event !== "started") throw new ApiFailure(offlineFailure);
  return { started: JSON.parse(first.data) as T, frames };
};
