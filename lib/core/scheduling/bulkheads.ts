import { isBulk, type WorkClass, type WorkKind } from "./work-class.ts";

/** Slots of one kind on the nodes that take work, and who holds them. */
export interface SlotUse {
  readonly slots: number;
  readonly inUse: number;
  readonly bulkInUse: number;
  readonly interactiveInUse: number;
}

/** Chat slots that only interactive work may take: a quarter, never fewer than one where there are two. */
export const reservedSlots = (slots: number): number =>
  slots < 2 ? 0 : Math.max(1, Math.ceil(slots / 4));

/** Chat slots that ingest and prewarm may hold together: half of them, and the only one where there is one. */
export const bulkSlots = (slots: number): number => Math.max(1, Math.floor(slots / 2));

/** Embedding has no reserve: its bulk batches are short, and a question goes first at every boundary. */
export function mayTakeSlot(workClass: WorkClass, kind: WorkKind, use: SlotUse): boolean {
  if (kind === "embedding" || workClass === "interactive") return true;
  const others = use.inUse - use.interactiveInUse;
  if (others >= use.slots - reservedSlots(use.slots)) return false;
  return !isBulk(workClass) || use.bulkInUse < bulkSlots(use.slots);
}
