/** Why a call to the server did not work, in a form that can be shown as it stands. */
export interface Failure {
  /** A code of docs/errors.md, or `offline` when no answer arrived at all. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly issues: readonly string[];
}

const brand = Symbol.for("drover.ApiFailure");

export class ApiFailure extends Error {
  readonly [brand] = true;
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = "ApiFailure";
    this.failure = failure;
  }
}

export const offlineFailure: Failure = {
  code: "offline",
  message: "The server cannot be reached. What you wrote is kept here; try again in a moment.",
  requestId: null,
  status: 0,
  retryAfterMs: null,
  issues: [],
};

/** The failure inside anything that was thrown; what nobody foresaw is shown as an error of this page. */
export const failureOf = (error: unknown): Failure => {
  if (typeof error === "object" && error !== null && brand in error) {
    return (error as ApiFailure).failure;
  }
  return {
    code: "internal",
    message: "Something went wrong on this page. Reload it.",
    requestId: null,
    status: 500,
    retryAfterMs: null,
    issues: [],
  };
};

const textOf = (value: unknown, key: string): string | null => {
  if (typeof value !== "object" || value === null) return null;
  const field = (value as Record<string, unknown>)[key];
  return typeof field === "string" ? field : null;
};

const issuesOf = (value: unknown): readonly string[] => {
  if (typeof value !== "object" || value === null) return [];
  const { issues } = value as { readonly issues?: unknown };
  return Array.isArray(issues) ? issues.filter((issue) => typeof issue === "string") : [];
};

/** Reads an error answer of the server; a body that is not one (a proxy's page, say) still gives a usable failure. */
export const readFailure = (status: number, body: unknown, retryAfter: string | null): Failure => {
  const error =
    typeof body === "object" && body !== null ? (body as { readonly error?: unknown }).error : null;
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  return {
    code: textOf(error, "code") ?? "internal",
    message: textOf(error, "message") ?? "The server did not answer as expected. Try again.",
    requestId: textOf(error, "requestId"),
    status,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null,
    issues:
      typeof error === "object" && error !== null
        ? issuesOf((error as { readonly details?: unknown }).details)
        : [],
  };
};
