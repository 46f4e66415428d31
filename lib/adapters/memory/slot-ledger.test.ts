import { policies } from "../../core/balancing/policies.ts";
import { slotLedgerContract } from "#testing/contracts/slot-ledger.ts";
import { createMemorySlotLedger } from "./slot-ledger.ts";

slotLedgerContract("memory", (clock) =>
  createMemorySlotLedger({ clock, policy: () => policies["least-requests"] }),
);
