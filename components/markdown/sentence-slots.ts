import { createContext, type ReactNode } from "react";

/** What stands at a sentence of an answer; without a provider text is only text. */
export interface SentenceSlots {
  /** Numbers of the sources that a sentence rests on. */
  readonly cites: (sentence: number) => readonly number[];
  readonly isOpen: (sentence: number) => boolean;
  readonly atEnd: (sentence: number) => ReactNode;
  readonly atFold: (sentence: number) => ReactNode;
}

export const noSlots: SentenceSlots = {
  cites: () => [],
  isOpen: () => false,
  atEnd: () => null,
  atFold: () => null,
};

export const SentenceSlotsContext = createContext<SentenceSlots>(noSlots);
