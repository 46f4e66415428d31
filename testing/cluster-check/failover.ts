import type { Balanced } from "./balanced.ts";
import { chatThrough, type ChatOutcome } from "./distribution.ts";
import type { Finding } from "#lib/core/deployment/finding.ts";
import type { TestedNode } from "./nodes.ts";

const streamsPerNode = 2;
const answerTokens = 40;
const lookEveryMs = 20;
const backPatienceMs = 150_000;
/** Enough for headers and the first lines of a stream, more than any probe answers. */
const streamBytes = 600;

const check = "failover";

const untilStreaming = async (
  balanced: Balanced,
  node: TestedNode,
  done: () => boolean,
): Promise<boolean> => {
  const before = node.receivedBytes();
  while (!done()) {
    if (node.receivedBytes() - before > streamBytes) return true;
    await balanced.pause(lookEveryMs);
  }
  return false;
};

const story = (outcomes: readonly ChatOutcome[], nodeId: string): string => {
  const again = outcomes.filter(({ resets }) => resets > 0).length;
  return `${nodeId} was taken away under load, all ${String(outcomes.length)} answers came complete (${String(again)} began anew)`;
};

/** Whether it is used again after it came back. */
async function checkReturn(balanced: Balanced, node: TestedNode): Promise<Finding> {
  const startedAt = balanced.now();
  await node.bringBack();
  for (let number = 1; balanced.now() - startedAt < backPatienceMs; number += 1) {
    const questions = [1, 2, 3, 4].map(
      (part) => `Round ${String(number)}, ${String(part)}: name an animal.`,
    );
    const outcomes = await Promise.all(
      questions.map((question) => chatThrough(balanced, question, 4)),
    );
    if (outcomes.some(({ nodeId }) => nodeId === node.id)) {
      const seconds = ((balanced.now() - startedAt) / 1000).toFixed(1);
      return {
        check: "return",
        verdict: "ok",
        text: `${node.id} works again ${seconds} s after it came back`,
      };
    }
  }
  return {
    check: "return",
    verdict: "fail",
    text: `${node.id} came back and got no work`,
    advice: "See the node's log, and whether both models are loaded there.",
  };
}

/** Takes a node away while it streams, and sees that nobody loses an answer. */
export async function checkFailover(
  balanced: Balanced,
  nodes: readonly TestedNode[],
): Promise<readonly Finding[]> {
  const victim = nodes.find(({ takeAway }) => takeAway !== undefined);
  if (nodes.length < 2 || victim?.takeAway === undefined)
    return [
      {
        check,
        verdict: "warn",
        text:
          nodes.length < 2
            ? "not tried: there is only one node"
            : "not tried: the nodes are reached by https",
        advice: "With one node, nothing answers while it is away. Add a second one.",
      },
    ];
  let ended = 0;
  const count = nodes.length * streamsPerNode;
  const answers = Array.from({ length: count }, (_, at) =>
    chatThrough(balanced, `Story ${String(at)}: tell of a ship.`, answerTokens).finally(
      () => (ended += 1),
    ),
  );
  const settled = Promise.allSettled(answers);
  const seen = await untilStreaming(balanced, victim, () => ended === count);
  if (seen) await victim.takeAway();
  const results = await settled;
  const lost = results.filter((result) => result.status === "rejected");
  const outcomes = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const finding: Finding = !seen
    ? {
        check,
        verdict: "warn",
        text: `not tried: ${victim.id} got no work in time`,
        advice: "Run the test again when the node is less busy.",
      }
    : lost.length > 0
      ? {
          check,
          verdict: "fail",
          text: `${String(lost.length)} of ${String(count)} answers were lost, the first: ${String(lost[0]?.reason)}`,
          advice: "Please report this with the log: an answer must survive its node.",
        }
      : { check, verdict: "ok", text: story(outcomes, victim.id) };
  return seen ? [finding, await checkReturn(balanced, victim)] : [finding];
}
