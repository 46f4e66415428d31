import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => undefined;

/** For numbers in what the server paints too: the first paint in the browser has to say the same, the next one the browser's way (`undefined`). */
export const useReaderLocale = (): string | undefined =>
  useSyncExternalStore<string | undefined>(
    never,
    () => undefined,
    () => "en",
  );
