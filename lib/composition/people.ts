import { join } from "node:path";
import { createAccountProvider } from "../adapters/auth/account-provider.ts";
import { createPasswordHasher } from "../adapters/auth/password-hasher.ts";
import { createSetupLinkFile } from "../adapters/auth/setup-link-file.ts";
import { createAuditLog } from "../adapters/database/audit-log.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import type { Config } from "../config.ts";
import { listeningOrigin } from "../core/access/listening-origin.ts";
import type { AccountProvider } from "../ports/accounts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import { createAttemptThrottle } from "../services/attempt-throttle.ts";
import { createSetUp, type SetUp } from "../services/set-up.ts";
import { createSignIn, type SignIn } from "../services/sign-in.ts";

export type Accounts = Pick<
  AccountProvider,
  "authenticate" | "identity" | "sessions" | "endSession"
> &
  SignIn &
  SetUp;

/** Everything about people over one database; the app and `npm run admin` compose it alike. */
export function composeAccounts(
  deps: {
    readonly db: Database;
    readonly clock: Clock;
    readonly secret: string;
    readonly writeLine: (line: string) => void;
  },
  config: Config,
  projectRoot: string,
): {
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  dispose(): Promise<void>;
} {
  const { db, clock, secret, writeLine } = deps;
  const origin = config.publicOrigin ?? listeningOrigin(config.host, config.port);
  const passwords = createPasswordHasher({
    workerFile: join(projectRoot, "lib/adapters/auth/password.worker.ts"),
  });
  const provider = createAccountProvider({ db, settings: { secret, origin }, passwords });
  const audit = createAuditLog({ db });
  const links = createSetupLinkFile({
    path: join(config.dataDir, "setup-link"),
    log: writeLine,
  });
  return {
    accounts: {
      ...provider,
      ...createSignIn({ accounts: provider, audit, throttle: createAttemptThrottle({ clock }) }),
      ...createSetUp({ accounts: provider, audit, links, origin }),
    },
    audit,
    dispose: () => passwords.dispose(),
  };
}
