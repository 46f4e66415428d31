import { expect, it } from "vitest";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { milliseconds } from "./core/time/milliseconds.ts";
import { startVirtualCluster } from "#testing/fakes/virtual-cluster.ts";

it("does not let a person's search wait for a node, unless it says that it may: then it is embedded when one is back", async () => {
  const { clock, nodes, engine, stop } = await startVirtualCluster(2);
  for (const node of nodes) node.become("refusing");
  await clock.advance(20_000);
  const call = {
    ...({ class: "interactive", client: "someone", signal: new AbortController().signal } as const),
    deadline: milliseconds(clock.now() + 300_000),
  };
  const error = await engine.models.embed(["text"], call).catch((reason: unknown) => reason);
  expect(isAppError(error, "no_node_available")).toBe(true);

  let vectors: unknown;
  void engine.models.embed(["text"], { ...call, waitsForNode: true }).then(
    (embedded) => (vectors = embedded.vectors),
    (reason: unknown) => (vectors = reason),
  );
  await clock.advance(60_000);
  expect(vectors).toBeUndefined();
  nodes[1]?.restart();
  await clock.advance(60_000);
  expect(vectors).not.toBeInstanceOf(AppError);
  expect(vectors).toEqual([[1]]);
  stop();
});
