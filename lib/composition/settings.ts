import { createSettingsStore } from "../adapters/database/settings-store.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import { createRuntimeSettings, type RuntimeSettings } from "../services/runtime-settings.ts";

/** What admins change while Drover runs, read before anything asks for it. */
export async function composeSettings(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
}): Promise<RuntimeSettings> {
  const store = createSettingsStore({ db: deps.db });
  const settings = createRuntimeSettings({ store, audit: deps.audit, clock: deps.clock });
  await settings.refresh();
  return settings;
}
