import { AppError } from "../../core/errors/app-error.ts";

export const refused = (reason: string, cause?: unknown): AppError =>
  new AppError("source_refused", { reason }, cause === undefined ? {} : { cause });
