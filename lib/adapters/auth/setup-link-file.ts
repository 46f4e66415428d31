import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes the set-up link to a file that only the operator can read, and to the log. */
export const createSetupLinkFile = (deps: {
  readonly path: string;
  readonly log: (line: string) => void;
}) => ({
  async publish(link: string): Promise<void> {
    await mkdir(dirname(deps.path), { recursive: true });
    // Removed first: the mode of an existing file would stay as it was.
    await rm(deps.path, { force: true });
    await writeFile(deps.path, `${link}\n`, { mode: 0o600, flag: "wx" });
    deps.log(`Set up Drover within 15 minutes: ${link}`);
  },
  async withdraw(): Promise<void> {
    await rm(deps.path, { force: true });
  },
});
