import { getContainer } from "#lib/container.ts";

/** For whoever starts or balances replicas: probes name no host of ours, so this does not go through `handle`. */
export async function GET(): Promise<Response> {
  const ready = await getContainer()
    .then((container) => container.readiness())
    .catch(() => false);
  return Response.json(
    { ready },
    {
      status: ready ? 200 : 503,
      headers: {
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
        ...(ready ? {} : { "retry-after": "2" }),
      },
    },
  );
}
