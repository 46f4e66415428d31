import { join } from "node:path";
import { createAccountProvider } from "../adapters/auth/account-provider.ts";
import { createInvitationStore } from "../adapters/auth/invitation-store.ts";
import { createPasswordHasher } from "../adapters/auth/password-hasher.ts";
import { createSetupLinkFile } from "../adapters/auth/setup-link-file.ts";
import { createAuditLog } from "../adapters/database/audit-log.ts";
import { createCollectionRights } from "../adapters/database/collection-rights.ts";
import { createGroupStore } from "../adapters/database/group-store.ts";
import { createPeopleStore } from "../adapters/database/people-store.ts";
import { createPersonExport } from "../adapters/database/person-export.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createOpenIdProvider } from "../adapters/oidc/openid-provider.ts";
import type { Config } from "../config.ts";
import type { Settings } from "../core/settings/settings.ts";
import { listeningOrigin } from "../core/access/listening-origin.ts";
import type { AccountProvider } from "../ports/accounts.ts";
import type { AuditLog, AuditReader } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionRights } from "../ports/collection-rights.ts";
import type { GroupStore, InvitationStore, PeopleStore } from "../ports/people-store.ts";
import { createAttemptThrottle } from "../services/attempt-throttle.ts";
import { createInvite, type Invite } from "../services/invite.ts";
import { createOwnAccount, type OwnAccount } from "../services/own-account.ts";
import { createSetUp, type SetUp } from "../services/set-up.ts";
import { createSingleSignOn, type SingleSignOn } from "../services/single-sign-on.ts";
import { createSignIn, type SignIn } from "../services/sign-in.ts";

export type Accounts = Pick<
  AccountProvider,
  "authenticate" | "standing" | "identity" | "sessions" | "endSession"
> &
  SignIn &
  SetUp &
  Invite;

/** Everything about people and what they may do. */
export interface People {
  readonly accounts: Accounts;
  readonly singleSignOn: SingleSignOn;
  readonly ownAccount: OwnAccount;
  readonly people: PeopleStore;
  readonly invitations: Pick<InvitationStore, "list" | "revoke">;
  readonly groups: GroupStore;
  readonly collectionRights: CollectionRights;
  readonly audit: AuditLog & AuditReader;
}

/** Everything about people over one database; the app and `npm run admin` compose it alike. */
export function composeAccounts(
  deps: {
    readonly db: Database;
    readonly preparing: Database;
    readonly clock: Clock;
    readonly secret: string;
    readonly writeLine: (line: string) => void;
  },
  config: Config,
  projectRoot: string,
): Omit<People, "singleSignOn"> & {
  readonly singleSignOn: (settings: () => Settings) => SingleSignOn;
  dispose(): Promise<void>;
} {
  const { db, preparing, clock, secret, writeLine } = deps;
  const origin = config.publicOrigin ?? listeningOrigin(config.host, config.port);
  const passwords = createPasswordHasher({
    workerFile: join(projectRoot, "lib/adapters/auth/password.worker.ts"),
  });
  const provider = createAccountProvider({
    ...{ db, preparing, passwords },
    settings: { secret, origin },
  });
  const audit = createAuditLog({ db });
  const links = createSetupLinkFile({
    path: join(config.dataDir, "setup-link"),
    log: writeLine,
  });
  const throttle = createAttemptThrottle({ clock });
  const invitations = createInvitationStore({ db });
  const people = createPeopleStore({ db });
  const personExport = createPersonExport({ db });
  return {
    accounts: {
      ...provider,
      ...createSignIn({ accounts: provider, audit, throttle }),
      ...createSetUp({ accounts: provider, audit, links, origin }),
      ...createInvite({ accounts: provider, invitations, people, audit, origin }),
    },
    ownAccount: createOwnAccount({ accounts: provider, people, personExport, audit, throttle }),
    singleSignOn: (settings) =>
      createSingleSignOn({
        provider:
          config.identityProvider === null ? null : createOpenIdProvider(config.identityProvider),
        accounts: provider,
        audit,
        admitNewPeople: () => settings().accounts.admitNewPeople,
      }),
    people,
    invitations,
    groups: createGroupStore({ db }),
    collectionRights: createCollectionRights({ db }),
    audit,
    dispose: () => passwords.dispose(),
  };
}
