import type { Conversation } from "#components/api/shapes.ts";

export interface HistoryGroup {
  readonly label: string;
  readonly conversations: readonly Conversation[];
}

const startOfDay = (atMs: number): Date => {
  const day = new Date(atMs);
  day.setHours(0, 0, 0, 0);
  return day;
};

const daysBefore = (day: Date, days: number): number => {
  const earlier = new Date(day);
  earlier.setDate(earlier.getDate() - days);
  return earlier.getTime();
};

const monthOf = (atMs: number, nowMs: number, locale: string | undefined): string => {
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(atMs);
};

/** Pinned ones first, whatever their age; archived ones apart. */
export const sortHistory = (conversations: readonly Conversation[]) => ({
  pinned: conversations.filter(({ pinned, archived }) => pinned && !archived),
  open: conversations.filter(({ pinned, archived }) => !pinned && !archived),
  archived: conversations.filter(({ archived }) => archived),
});

/** Conversations under Today, Yesterday, Last 7 days, then by month; the newest first, by the calendar of the reader. */
export const groupHistory = (
  conversations: readonly Conversation[],
  nowMs: number,
  locale?: string,
): readonly HistoryGroup[] => {
  const today = startOfDay(nowMs);
  const yesterdayMs = daysBefore(today, 1);
  const weekMs = daysBefore(today, 7);
  const labelOf = (atMs: number): string => {
    if (atMs >= today.getTime()) return "Today";
    if (atMs >= yesterdayMs) return "Yesterday";
    if (atMs >= weekMs) return "Last 7 days";
    return monthOf(atMs, nowMs, locale);
  };
  const groups = new Map<string, Conversation[]>();
  const newestFirst = [...conversations].sort(
    (one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt),
  );
  for (const conversation of newestFirst) {
    const label = labelOf(Date.parse(conversation.updatedAt));
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [conversation]);
    else group.push(conversation);
  }
  return [...groups].map(([label, list]) => ({ label, conversations: list }));
};
