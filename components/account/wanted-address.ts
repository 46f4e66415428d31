/** Where the person wanted to go before they had to sign in: an address of this site and nothing else. */
export const wantedAddress = ({
  search,
  origin,
}: {
  readonly search: string;
  readonly origin: string;
}): string => {
  const next = new URLSearchParams(search).get("next") ?? "/";
  if (!URL.canParse(next, origin)) return origin;
  const url = new URL(next, origin);
  // Whole, for a path alone may begin with two slashes, and then it names another site.
  return url.origin === origin ? url.href : origin;
};
