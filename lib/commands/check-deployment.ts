// npm run check:deployment: everything that must work before people come. Exit code 0 when nothing failed.
import { misspeltVariables, parseConfig } from "../config.ts";
import { findingsOf } from "../container.ts";
import { formatFinding, formatTotal, warn, type Finding } from "../core/deployment/finding.ts";
import { isAppError } from "../core/errors/app-error.ts";

async function run(): Promise<readonly Finding[]> {
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const config = parseConfig(process.env);
  const findings: Finding[] = [];
  // eslint-disable-next-line no-restricted-syntax -- as above
  for (const sentence of misspeltVariables(process.env)) {
    const finding = warn("configuration", sentence, "Correct it, or leave it out.");
    console.log(formatFinding(finding));
    findings.push(finding);
  }
  for await (const finding of findingsOf(config, process.cwd())) {
    console.log(formatFinding(finding));
    findings.push(finding);
  }
  return findings;
}

if (process.argv.length > 2) {
  console.error(
    `check:deployment takes no arguments, and got: ${process.argv.slice(2).join(" ")}. It checks what the environment and .env set.`,
  );
  process.exit(2);
}
try {
  const findings = await run();
  console.log(`\n${formatTotal(findings)}`);
  // What was opened and does not close must not keep the command alive.
  process.exit(findings.some(({ verdict }) => verdict === "fail") ? 1 : 0);
} catch (error) {
  const faults = isAppError(error, "config_invalid")
    ? error.details.faults
    : [error instanceof Error ? error.message : String(error)];
  for (const fault of faults)
    console.log(formatFinding({ check: "configuration", verdict: "fail", text: fault }));
  process.exit(1);
}
