import { getContainer } from "#lib/container.ts";
import { createHandle } from "#lib/http/handle.ts";

/** What every route of the browser's API is written with. */
export const handle = createHandle(getContainer, (line) => {
  console.error(line);
});
