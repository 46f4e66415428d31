import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "../core/access/actor.ts";
import { mayPinEncryption } from "../core/access/own-address.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { ErrorCode } from "../core/errors/error-codes.ts";
import type { ActiveSession, Caller, SessionReader } from "../ports/accounts.ts";
import type { AuditEntry, AuditLog } from "../ports/audit-log.ts";
import { failureEntry, failureOf, failureResponse, logLine } from "./failure.ts";
import { issuesOf, readJson } from "./read-body.ts";
import { finish } from "./reply.ts";
import { clientAddress, requireOwnHost, requireOwnPage } from "./same-origin.ts";

/** What the edge itself needs of the composition root. */
export interface Edge {
  readonly accounts: SessionReader;
  readonly audit: AuditLog;
  readonly config: { readonly publicOrigin: string | undefined; readonly proxyHops: number };
}

export type Admission = "none" | "member" | "admin";

export interface RouteSpec<
  A extends Admission,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
> {
  /** `none`: anyone; `member`: anyone signed in; `admin`: admins of the workspace. Rights on objects are the stores' matter. */
  readonly auth: A;
  /** A path parameter that does not fit is `not_found`, as an id that does not exist. */
  readonly params?: P;
  readonly query?: Q;
  /** JSON of this shape, at most 1 MB; `bytes`: the route reads `request.body` itself. */
  readonly body?: B | "bytes";
  /** Time for everything up to the response's headers; 15 s unless said. */
  readonly deadlineMs?: number;
  /** For addresses that people open as pages: where a failure sends them instead of an error in JSON; `null` for none. */
  readonly failurePage?: (code: ErrorCode, origin: string) => Response | null;
}

export interface RouteInput<C, A extends Admission, P, Q, B> {
  readonly container: C;
  readonly request: Request;
  readonly session: A extends "none" ? null : ActiveSession;
  readonly actor: A extends "none" ? null : Actor;
  readonly caller: Caller;
  /** The origin that the browser named and Drover answers to. */
  readonly origin: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** One row in the audit log, on behalf of the actor. */
  readonly audit: (entry: Pick<AuditEntry, "action" | "target" | "detail">) => Promise<void>;
}

export interface RouteContext {
  readonly params: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}
export type RouteHandler = (request: Request, context: RouteContext) => Promise<Response>;

const defaultDeadlineMs = 15_000;
const clientGone = 499;

interface Progress {
  readonly requestId: string;
  readonly startedAt: number;
  actorId: string | null;
  secure: boolean;
  /** `null` before it is known to be Drover's own. */
  origin: string | null;
  cookies: readonly string[];
}

interface Incoming {
  readonly request: Request;
  readonly context: RouteContext;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** While the program starts, a request is told so instead of waiting for it. */
const startPatienceMs = 2_000;

async function started<C>(container: Promise<C>): Promise<C> {
  const starting = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    starting.reject(new AppError("database_unavailable", { reason: "still starting" }));
  }, startPatienceMs);
  try {
    return await Promise.race([container, starting.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `work` until it ends, the deadline passes or the client leaves, whatever comes first. */
async function within(
  request: Request,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new AppError("deadline_exceeded", {}));
  }, deadlineMs);
  const signal = AbortSignal.any([request.signal, deadline.signal]);
  const ended = Promise.withResolvers<never>();
  const leave = () => {
    ended.reject(signal.reason as Error);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(signal), ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

function searchRecord(url: URL): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const key of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(key);
    Object.defineProperty(record, key, {
      value: values.length === 1 ? values[0] : values,
      enumerable: true,
    });
  }
  return record;
}

async function parsedParams<P extends z.ZodType>(
  schema: P | undefined,
  context: RouteContext,
): Promise<z.output<P>> {
  const parsed = await schema?.safeParseAsync(await context.params);
  if (parsed?.success === false) throw new AppError("not_found", {});
  return parsed?.data as z.output<P>;
}

async function parsedQuery<Q extends z.ZodType>(
  schema: Q | undefined,
  url: URL,
): Promise<z.output<Q>> {
  const parsed = await schema?.safeParseAsync(searchRecord(url));
  if (parsed?.success === false)
    throw new AppError("bad_request", { issues: issuesOf(parsed.error) });
  return parsed?.data as z.output<Q>;
}

async function admit(
  admission: Admission,
  accounts: SessionReader,
  headers: Headers,
): Promise<ActiveSession | null> {
  if (admission === "none") return null;
  const session = await accounts.authenticate(headers, { renew: true });
  if (session === null) throw new AppError("unauthenticated", {});
  if (admission === "admin" && session.actor.role !== "admin") throw new AppError("forbidden", {});
  return session;
}

const isChanging = (request: Request): boolean =>
  request.method !== "GET" && request.method !== "HEAD";

type InputOf<
  C,
  A extends Admission,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
> = RouteInput<C, A, z.output<P>, z.output<Q>, z.output<B>>;

/** Everything that must hold before the route runs, in this order: host, page, session, path, query, body. */
async function accept<
  C extends Edge,
  A extends Admission,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
>(
  container: C,
  spec: RouteSpec<A, P, Q, B>,
  { request, context, signal, progress }: Incoming,
): Promise<InputOf<C, A, P, Q, B>> {
  const { publicOrigin, proxyHops } = container.config;
  const origin = requireOwnHost(request.headers, publicOrigin);
  progress.origin = origin;
  progress.secure = origin.startsWith("https:") && mayPinEncryption(new URL(origin).host);
  const contentType = spec.body === "bytes" ? "application/octet-stream" : "application/json";
  if (isChanging(request)) requireOwnPage(request.headers, origin, contentType);
  const session = await admit(spec.auth, container.accounts, request.headers);
  const actor = session?.actor ?? null;
  progress.actorId = actor?.userId ?? null;
  progress.cookies = session?.cookies ?? [];
  const address = clientAddress(request.headers, proxyHops);
  const params = await parsedParams(spec.params, context);
  const query = await parsedQuery(spec.query, new URL(request.url));
  const body =
    spec.body === undefined || spec.body === "bytes"
      ? undefined
      : await readJson(request, spec.body, signal);
  return {
    container,
    request,
    session: session as InputOf<C, A, P, Q, B>["session"],
    actor: actor as InputOf<C, A, P, Q, B>["actor"],
    caller: { headers: request.headers, address },
    origin,
    params,
    query,
    body: body as z.output<B>,
    signal,
    audit: (entry) =>
      container.audit.record({
        workspaceId: actor?.workspaceId ?? null,
        actorId: actor?.userId ?? null,
        ...(address === null ? {} : { address }),
        ...entry,
      }),
  };
}

/** The answer for a request that failed, and its line in the log; a client that has left gets neither. */
function refuse(
  error: unknown,
  request: Request,
  progress: Progress,
  log: (line: string) => void,
  failurePage: RouteSpec<Admission, z.ZodType, z.ZodType, z.ZodType>["failurePage"],
): Response {
  if (request.signal.aborted) return new Response(null, { status: clientGone });
  const failure = failureOf(error);
  const entry = failureEntry(failure, {
    requestId: progress.requestId,
    method: request.method,
    path: new URL(request.url).pathname,
    actorId: progress.actorId,
    durationMs: Math.round(performance.now() - progress.startedAt),
    at: new Date(),
  });
  log(logLine(entry));
  const page = progress.origin === null ? null : failurePage?.(failure.code, progress.origin);
  return page ?? failureResponse(failure, progress.requestId);
}

/**
 * Makes the function that every route is written with: request id, own host and page, session, shapes, deadline, error
 * code to status, headers. Access is decided here and in the stores, never in the proxy file.
 */
export function createHandle<C extends Edge>(
  getContainer: () => Promise<C>,
  log: (line: string) => void,
) {
  return function handle<
    A extends Admission,
    P extends z.ZodType = z.ZodUndefined,
    Q extends z.ZodType = z.ZodUndefined,
    B extends z.ZodType = z.ZodUndefined,
  >(
    spec: RouteSpec<A, P, Q, B>,
    run: (input: InputOf<C, A, P, Q, B>) => Promise<Response> | Response,
  ): RouteHandler {
    return async (request, context) => {
      const progress: Progress = {
        requestId: randomUUID(),
        startedAt: performance.now(),
        actorId: null,
        secure: false,
        origin: null,
        cookies: [],
      };
      const serve = async (signal: AbortSignal): Promise<Response> => {
        const container = await started(getContainer());
        return run(await accept(container, spec, { request, context, signal, progress }));
      };
      const response = await within(request, spec.deadlineMs ?? defaultDeadlineMs, serve).catch(
        (error: unknown) => refuse(error, request, progress, log, spec.failurePage),
      );
      return finish(response, progress);
    };
  };
}
