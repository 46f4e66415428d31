import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildIfChanged } from "../../../embedded/supervisor/build.ts";
import { ensureTestModels } from "../../models.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = fileURLToPath(new URL("./offline-start.ts", import.meta.url));
const run = promisify(execFile);

/** A network of its own with nothing in it but the machine itself; SIOCSIFFLAGS with IFF_UP where there is no `ip`. */
const raiseLoopback =
  'ip link set lo up 2>/dev/null || python3 -c \'import fcntl,socket,struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 1))\'';
const alone = (command: string): readonly string[] => [
  "-rn",
  "sh",
  "-c",
  `{ ${raiseLoopback}; } && exec ${command}`,
];

const allowed = spawnSync("unshare", alone("true")).status === 0;
const skipped = !allowed && process.env["CI"] === undefined;

describe.skipIf(skipped)("once installed", () => {
  let modelsDir: string;
  beforeAll(async () => {
    modelsDir = await ensureTestModels();
    await buildIfChanged(root, new AbortController().signal);
  }, 300_000);

  it(
    "starts, reads and answers on a machine without any network",
    { timeout: 180_000 },
    async () => {
      const { stdout } = await run("unshare", [...alone(`"$0" "$1"`), process.execPath, program], {
        cwd: root,
        env: { ...process.env, DROVER_MODELS_DIR: modelsDir },
      });
      const seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
        readonly interfaces: readonly string[];
        readonly quotes: readonly string[];
      };
      expect(seen.interfaces).toEqual(["lo"]);
      expect(seen.quotes.join(" ")).toContain("12 tonnes");
    },
  );
});

if (skipped)
  console.warn("Skipped: the start without network needs unshare, which this machine refuses.");
