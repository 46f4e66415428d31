import type { ModelNames } from "./balanced.ts";
import { withTag, type DirectResult } from "./direct.ts";
import type { Finding } from "#lib/core/deployment/finding.ts";

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

const digestsOf = (results: readonly DirectResult[], model: string): readonly string[] =>
  results.map(({ digests }) => digests.get(withTag(model)) ?? "absent");

const perNode = (results: readonly DirectResult[], values: readonly string[]): string =>
  results.map(({ node }, at) => `${node.id} ${(values[at] ?? "").slice(0, 12)}`).join(", ");

/** Whether all nodes hold the same models: vectors of different ones cannot be compared. */
export function checkAgreement(
  results: readonly DirectResult[],
  names: ModelNames,
): readonly Finding[] {
  const able = results.filter(({ digests }) => digests.size > 0);
  const models = [
    [names.embedding, "fail"],
    [names.chat, "warn"],
  ] as const;
  const findings = models.map(([model, verdict]): Finding => {
    const digests = digestsOf(able, model);
    const check = `model ${model}`;
    if (distinct(digests).length === 1)
      return {
        check,
        verdict: "ok",
        text: `the same on all nodes (${(digests[0] ?? "").slice(0, 12)})`,
      };
    return {
      check,
      verdict,
      text: `not the same on all nodes: ${perNode(able, digests)}`,
      advice: `Create or pull ${model} on one node and copy it to the others.`,
    };
  });
  const versions = able.map(({ version }) => version);
  const oneVersion = distinct(versions).length === 1;
  return [
    ...findings,
    {
      check: "versions",
      verdict: oneVersion ? "ok" : "warn",
      text: oneVersion ? (versions[0] ?? "") : `differ: ${perNode(able, versions)}`,
      ...(oneVersion ? {} : { advice: "Run one version on all nodes: vectors depend on it." }),
    },
  ];
}
