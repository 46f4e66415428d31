import { useSyncExternalStore } from "react";

type Address = Pick<Location, "hash" | "search">;

const tokenIn = ({ hash, search }: Address): string | null =>
  new URLSearchParams(hash.slice(1)).get("token") ?? new URLSearchParams(search).get("token");

/** What has to be a window. */
export interface AddressBar extends Pick<Window, "addEventListener" | "removeEventListener"> {
  readonly location: Address;
}

/**
 * The code of an address that may change while the page starts. Pasting the link into a tab that shows the page already changes the
 * address without loading it anew, and a router that is just starting writes the address that it began with over it: what was there
 * once is kept.
 */
export function watchToken(bar: AddressBar): {
  readonly read: () => string;
  readonly watch: (listener: () => void) => () => void;
} {
  let seen = tokenIn(bar.location);
  bar.addEventListener("hashchange", (event) => {
    seen = tokenIn(new URL(event.newURL)) ?? seen;
  });
  return {
    read: () => tokenIn(bar.location) ?? seen ?? "",
    watch(listener) {
      bar.addEventListener("hashchange", listener);
      return () => {
        bar.removeEventListener("hashchange", listener);
      };
    },
  };
}

// From the moment that the page's script runs: the first effect would be too late.
const own = typeof window === "undefined" ? null : watchToken(window);

/** The one-time code of the address; it stands behind the `#` so that no server log sees it. `null` until the page runs. */
export const useOneTimeToken = (): string | null =>
  useSyncExternalStore<string | null>(
    (listener) => own?.watch(listener) ?? (() => undefined),
    () => own?.read() ?? null,
    () => null,
  );
