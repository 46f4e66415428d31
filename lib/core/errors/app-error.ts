import { errorCodes, type ErrorCode } from "./error-codes.ts";

/** Typed details of the codes that carry any; the others carry an optional short `reason` for the log. */
export interface ErrorDetails {
  readonly bad_request: { readonly issues: readonly string[] };
  /** Which table or file. */
  readonly backup_damaged: { readonly what: string };
  readonly config_invalid: { readonly faults: readonly string[] };
  readonly rate_limited: { readonly retryAfterMs: number };
  readonly cluster_saturated: { readonly retryAfterMs: number; readonly queueDepth: number };
  readonly model_not_found: { readonly model: string };
  readonly node_failed: { readonly nodeId: string; readonly reason: string };
  readonly payload_too_large: { readonly limitBytes: number };
  readonly document_unreadable: { readonly reason: string };
}

export type DetailsOf<C extends ErrorCode> = C extends keyof ErrorDetails
  ? ErrorDetails[C]
  : { readonly reason?: string };

const brand = Symbol.for("drover.AppError");

/** The only error that crosses a layer on purpose. Anything else that reaches the edge is `internal`. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  readonly [brand] = true;
  readonly code: C;
  readonly details: DetailsOf<C>;

  constructor(code: C, details: DetailsOf<C>, options?: ErrorOptions) {
    super(errorCodes[code].message, options);
    this.name = "AppError";
    this.code = code;
    this.details = details;
  }
}

/** True for an AppError made by any copy of this module: Next compiles routes and instrumentation apart, so `instanceof` fails. */
export function isAppError<C extends ErrorCode>(error: unknown, code: C): error is AppError<C>;
export function isAppError(error: unknown): error is AppError;
export function isAppError(error: unknown, code?: ErrorCode): boolean {
  if (typeof error !== "object" || error === null || !(brand in error)) return false;
  return code === undefined || (error as AppError).code === code;
}
