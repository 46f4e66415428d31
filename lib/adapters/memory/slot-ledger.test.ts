import { policies } from "../../core/balancing/policies.ts";
import { slotLedgerContract } from "#testing/contracts/slot-ledger.ts";
import { createMemorySlotLedger } from "./slot-ledger.ts";

for (const [name, policy] of Object.entries(policies))
  slotLedgerContract(`memory, ${name}`, (clock) =>
    createMemorySlotLedger({ clock, policy: () => policy, chance: () => 0.5 }),
  );
