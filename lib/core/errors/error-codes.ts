/** What every error code means to a caller: HTTP status, whether the same call may succeed later, and the sentence shown. */
export interface ErrorCodeMeaning {
  readonly status: number;
  readonly retryable: boolean;
  /** Shown to the person as it stands: what happened and what to do. */
  readonly message: string;
}

export const errorCodes = {
  bad_request: { status: 400, retryable: false, message: "The request is not valid." },
  unauthenticated: { status: 401, retryable: false, message: "Sign in to continue." },
  sign_in_failed: {
    status: 401,
    retryable: false,
    message: "The e-mail or the password is wrong.",
  },
  forbidden: { status: 403, retryable: false, message: "Your account may not do this." },
  not_found: { status: 404, retryable: false, message: "This does not exist, or is not yours." },
  conflict: { status: 409, retryable: false, message: "Someone changed this first. Reload it." },
  setup_closed: { status: 410, retryable: false, message: "Drover is already set up. Sign in." },
  setup_token_invalid: {
    status: 403,
    retryable: false,
    message:
      "This set-up link is not valid any more. Make a new one on the server: npm run admin -- setup-link.",
  },
  reset_token_invalid: {
    status: 403,
    retryable: false,
    message: "This link is not valid any more. Ask an admin for a new one.",
  },
  invitation_invalid: {
    status: 403,
    retryable: false,
    message: "This invitation is not valid any more. Ask who sent it for a new one.",
  },
  email_taken: {
    status: 409,
    retryable: false,
    message: "Somebody has an account with this e-mail address. Sign in with it.",
  },
  name_taken: { status: 409, retryable: false, message: "This name is taken. Choose another." },
  wrong_password: { status: 403, retryable: false, message: "The current password is wrong." },
  last_admin: {
    status: 409,
    retryable: false,
    message: "This is the last admin. Make somebody else an admin first.",
  },
  sso_failed: {
    status: 502,
    retryable: true,
    message: "The identity provider did not confirm this sign-in. Try again.",
  },
  sso_unavailable: {
    status: 502,
    retryable: true,
    message:
      "Signing in through the identity provider does not work now. Sign in with a password, or tell an admin.",
  },
  sso_unknown: {
    status: 403,
    retryable: false,
    message: "Nobody has invited this account yet. Ask an admin for an invitation to its address.",
  },
  weak_password: {
    status: 400,
    retryable: false,
    message: "Choose a password of 12 to 1,024 characters that is not among the common ones.",
  },
  cross_origin: {
    status: 403,
    retryable: false,
    message:
      "This request did not come from Drover's own page. If you reach Drover through another address, its operator sets DROVER_PUBLIC_ORIGIN to it.",
  },
  insecure_transport: {
    status: 403,
    retryable: false,
    message: "Signing in needs HTTPS, except on the machine that runs Drover.",
  },
  payload_too_large: { status: 413, retryable: false, message: "This is too large." },
  disk_full: {
    status: 507,
    retryable: true,
    message:
      "The server's disk is nearly full, so nothing new is stored. Everything stored stays; free some space and try again.",
  },
  quota_exceeded: {
    status: 413,
    retryable: false,
    message:
      "There is no room for this file: your documents, or those of the workspace, fill what is allowed. Delete some, or ask an admin for more room.",
  },
  unsupported_type: {
    status: 415,
    retryable: false,
    message: "This kind of file cannot be read.",
  },
  source_refused: {
    status: 422,
    retryable: false,
    message: "This folder or page cannot be followed.",
  },
  rate_limited: { status: 429, retryable: true, message: "Too many requests. Wait a moment." },
  internal: { status: 500, retryable: true, message: "Something went wrong on the server." },
  database_unavailable: {
    status: 503,
    retryable: true,
    message: "The database is not answering. Nothing is lost; try again in a moment.",
  },
  database_read_only: {
    status: 503,
    retryable: true,
    message:
      "Drover only reads at the moment: its data is being moved or replaced. Nothing is lost; try again in a few minutes.",
  },
  database_newer: {
    status: 503,
    retryable: false,
    message: "This data was written by a newer Drover. Update the program or restore a backup.",
  },
  backup_damaged: {
    status: 500,
    retryable: false,
    message:
      "This backup is not whole: a part of it is missing or was changed. Nothing was changed.",
  },
  config_invalid: { status: 500, retryable: false, message: "The configuration is not valid." },
  cluster_saturated: {
    status: 503,
    retryable: true,
    message: "Too many people are waiting. Try again soon.",
  },
  no_node_available: {
    status: 503,
    retryable: true,
    message: "No node answers at the moment. Drover goes on trying.",
  },
  model_not_found: { status: 503, retryable: false, message: "No node has this model installed." },
  node_failed: { status: 502, retryable: true, message: "A node failed while it worked on this." },
  context_exceeded: {
    status: 400,
    retryable: false,
    message: "The text is longer than the model can read.",
  },
  deadline_exceeded: {
    status: 504,
    retryable: true,
    message: "This took too long and was given up.",
  },
  document_unreadable: { status: 422, retryable: false, message: "This file could not be read." },
  document_encrypted: {
    status: 422,
    retryable: false,
    message: "This file is protected by a password. Upload an unprotected copy.",
  },
  document_empty: { status: 422, retryable: false, message: "No text was found in this file." },
  document_too_complex: {
    status: 422,
    retryable: false,
    message:
      "Reading this file needs more time or memory than is allowed. Split it and upload the parts.",
  },
} as const satisfies Record<string, ErrorCodeMeaning>;

export type ErrorCode = keyof typeof errorCodes;
