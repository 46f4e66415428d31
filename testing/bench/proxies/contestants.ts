import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../../embedded/supervisor/free-port.ts";
import type { Contestant, Field } from "./contestant.ts";
import { openDrover } from "./drover.ts";
import { askOverHttp } from "./http-client.ts";

export type ContestantName =
  | "drover"
  | "nginx least_conn"
  | "haproxy leastconn"
  | "haproxy leastconn maxconn=K"
  | "round robin";

const firstPort = 18_600;
const readyPatienceMs = 10_000;

const hostsOf = ({ nodes }: Field): readonly string[] => nodes.map((node) => new URL(node).host);

const nginxConfig = (field: Field, port: number, dir: string): string => `
worker_processes 1;
daemon off;
pid ${dir}/pid;
error_log ${dir}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  upstream nodes { least_conn; ${hostsOf(field)
    .map((host) => `server ${host};`)
    .join(" ")} keepalive 64; }
  server {
    listen 127.0.0.1:${String(port)};
    location / { proxy_pass http://nodes; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 600s; client_max_body_size 8m; client_body_buffer_size 8m; }
  }
}
`;

const haproxyConfig = (field: Field, port: number, maxConnections: number | undefined): string => `
global
  maxconn 4096
defaults
  mode http
  timeout connect 2s
  timeout client 600s
  timeout server 600s
  timeout queue 300s
  option abortonclose
  option redispatch
  retries 3
frontend in
  bind 127.0.0.1:${String(port)}
  default_backend nodes
backend nodes
  balance leastconn
  option httpchk GET /api/version
${hostsOf(field)
  .map(
    (host, at) =>
      `  server n${String(at)} ${host} check inter 2s fall 2 rise 1${maxConnections === undefined ? "" : ` maxconn ${String(maxConnections)}`}`,
  )
  .join("\n")}
`;

export const isInstalled = (program: string): boolean =>
  spawnSync(program, ["-v"], { stdio: "ignore" }).error === undefined;

const untilAnswers = async (url: string, child: ChildProcess): Promise<void> => {
  const giveUpAt = performance.now() + readyPatienceMs;
  for (;;) {
    const answer = await fetch(`${url}/api/version`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    if (child.exitCode !== null || performance.now() > giveUpAt)
      throw new Error("the proxy does not answer");
    await delay(50);
  }
};

const openProxy = async (
  program: string,
  args: (dir: string, port: number) => readonly string[],
): Promise<Contestant> => {
  const dir = mkdtempSync(join(tmpdir(), "drover-proxy-"));
  const port = await freePort("127.0.0.1", firstPort);
  const child = spawn(program, args(dir, port), { stdio: "ignore" });
  const url = `http://127.0.0.1:${String(port)}`;
  await untilAnswers(url, child);
  return {
    ask: (asked, dueAt) => askOverHttp(url, asked, dueAt),
    async close() {
      const gone = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const openNginx = (field: Field): Promise<Contestant> =>
  openProxy("nginx", (dir, port) => {
    writeFileSync(join(dir, "nginx.conf"), nginxConfig(field, port, dir));
    return ["-p", dir, "-c", join(dir, "nginx.conf")];
  });

const openHaproxy = (field: Field, maxConnections?: number): Promise<Contestant> =>
  openProxy("haproxy", (dir, port) => {
    writeFileSync(join(dir, "haproxy.cfg"), haproxyConfig(field, port, maxConnections));
    return ["-db", "-f", join(dir, "haproxy.cfg")];
  });

const openRoundRobin = ({ nodes }: Field): Promise<Contestant> => {
  let next = 0;
  return Promise.resolve({
    ask: (asked, dueAt) => askOverHttp(nodes[next++ % nodes.length] ?? "", asked, dueAt),
    close: () => Promise.resolve(),
  });
};

/** Each with the program that it needs. */
export const contestants: Readonly<
  Record<
    ContestantName,
    { readonly program: string | undefined; readonly open: (field: Field) => Promise<Contestant> }
  >
> = {
  "round robin": { program: undefined, open: openRoundRobin },
  "nginx least_conn": { program: "nginx", open: openNginx },
  "haproxy leastconn": { program: "haproxy", open: (field) => openHaproxy(field) },
  "haproxy leastconn maxconn=K": {
    program: "haproxy",
    open: (field) => openHaproxy(field, field.slots),
  },
  drover: { program: undefined, open: openDrover },
};
