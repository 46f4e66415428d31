import { getContainer } from "#lib/container.ts";

/** A probe wants an answer, not to wait until the program has started. */
const answerWithinMs = 2_000;

const notInTime = (): Promise<boolean> =>
  new Promise((resolve) => {
    setTimeout(resolve, answerWithinMs, false).unref();
  });

/** For whoever starts or balances replicas: probes name no host of ours, so this does not go through `handle`. */
export async function GET(): Promise<Response> {
  const readiness = getContainer()
    .then((container) => container.readiness())
    .catch(() => false);
  const ready = await Promise.race([readiness, notInTime()]);
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
