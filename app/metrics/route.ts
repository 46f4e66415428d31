import { getContainer } from "#lib/container.ts";
import { bearerFits } from "#lib/http/bearer.ts";

const headers = { "cache-control": "private, no-store", "x-content-type-options": "nosniff" };

const absent = (): Response => new Response("404", { status: 404, headers });

/** For Prometheus. Names nodes and models, so it is not there for anybody without the token (security.md). */
export async function GET(request: Request): Promise<Response> {
  const container = await getContainer().catch(() => null);
  const token = container?.config.metricsToken;
  if (container === null || token === undefined) return absent();
  if (!bearerFits(request.headers, token)) return absent();
  return new Response(container.metrics(), {
    headers: { ...headers, "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  });
}
