/** The process answers. Says nothing else to anybody. */
export function GET(): Response {
  return new Response("ok", {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
