import { ApiFailure, offlineFailure, readFailure } from "./failure.ts";

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Lets the call outlive the page, for what was decided before it closed. */
  readonly keepalive?: boolean;
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
      ...(method === "GET" ? {} : { headers: { "content-type": "application/json" } }),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.keepalive === undefined ? {} : { keepalive: options.keepalive }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiFailure(offlineFailure, { cause: error });
  }
};

/** Calls the browser's own API. Answers without a body give `null`.
 * @throws ApiFailure for every answer that is not a success and when none arrives */
export const request = async <T>(path: string, options: RequestOptions = {}): Promise<T> => {
  const response = await send(path, options);
  if (response.status === 204) return null as T;
  const body = await readJson(response);
  if (response.ok) return body as T;
  if (response.status === 401 && options.expectSignedOut !== true) goToSignIn();
  throw new ApiFailure(readFailure(response.status, body, response.headers.get("retry-after")));
};
