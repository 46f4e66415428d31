// One holder per name and folder, for every process that can see the folder. Plain JavaScript: the first step of `npm start`
// runs it on Node 20, before anything is installed.
import { createHash, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createConnection, createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const heartbeatMs = 5_000;
const foreignHostGraceMs = 20_000;
const maxSocketPathBytes = 100;

/** A value that changes with every boot of this kernel; empty where the system does not tell. */
const bootId = () => {
  try {
    return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
};

/** When a process began, in the system's own unit, or undefined when it does not run: tells a reused pid from the first owner. */
export function processStartOf(pid) {
  try {
    if (process.platform === "linux") {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
    }
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return started.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * A folder for sockets that belongs to `dir`: `dir/run`, or, because a socket's path must stay below 108 bytes, a private folder
 * under the system's temporary one. Both are made with mode 0700; where it is stands in `dir/run/location`.
 */
export function socketFolder(dir) {
  const near = join(dir, "run");
  fs.mkdirSync(near, { recursive: true, mode: 0o700 });
  const location = join(near, "location");
  if (Buffer.byteLength(near) + 18 <= maxSocketPathBytes) {
    fs.rmSync(location, { force: true });
    return near;
  }
  const key = createHash("sha256").update(fs.realpathSync(dir)).digest("hex").slice(0, 16);
  const far = join(tmpdir(), `drover-${process.getuid?.() ?? 0}-${key}`);
  fs.mkdirSync(far, { recursive: true, mode: 0o700 });
  const found = fs.lstatSync(far);
  const foreign = process.getuid !== undefined && found.uid !== process.getuid();
  if (!found.isDirectory() || foreign || (found.mode & 0o077) !== 0) {
    throw new Error(`The folder ${far} is not private to this user. Remove it and start again.`);
  }
  fs.writeFileSync(location, `${far}\n`);
  return far;
}

const answers = (path) =>
  new Promise((resolve) => {
    const socket = createConnection(path);
    const end = (alive) => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(2_000, () => end(true)); // accepted by nobody yet, but somebody listens: a frozen holder is a holder
    socket.once("connect", () => end(true));
    socket.once("error", (error) => end(error.code === "EAGAIN"));
  });

const folderIdentity = (dir) => {
  const { dev, ino } = fs.statSync(dir);
  return `${dev}:${ino}`;
};

function readHolder(path) {
  try {
    const record = JSON.parse(fs.readFileSync(path, "utf8"));
    return { ...record, touchedAtMs: fs.statSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

async function isHeld(record, dir) {
  if (record === undefined) return false;
  if (record.folder !== folderIdentity(dir)) return false; // the folder was copied, the lock with it
  if (await answers(record.socket)) return true;
  if (record.bootId === bootId() && record.bootId !== "") {
    return record.host === hostname() && processStartOf(record.pid) === record.startedAt;
  }
  // Another machine on shared storage, or this one before a reboot: only the heartbeat tells.
  return (
    Math.abs(Date.now() - record.touchedAtMs) < foreignHostGraceMs && record.host !== hostname()
  );
}

const generationsOf = (dir, name) =>
  fs
    .readdirSync(dir)
    .filter((entry) => entry.startsWith(`${name}.lock.`))
    .map((entry) => Number(entry.slice(name.length + 6)))
    .filter((generation) => Number.isInteger(generation))
    .sort((left, right) => right - left);

const lockPath = (dir, name, generation) => join(dir, `${name}.lock.${generation}`);

const newestHolder = (dir, name) => {
  const newest = generationsOf(dir, name)[0];
  return newest === undefined ? undefined : readHolder(lockPath(dir, name, newest));
};

/** The record of whoever holds `name` in `dir` now, or undefined when it is free. */
export async function lockHolder(dir, name) {
  if (!fs.existsSync(dir)) return undefined;
  const record = newestHolder(dir, name);
  return (await isHeld(record, dir)) ? record : undefined;
}

const listen = (path) =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });

/**
 * Takes the lock `name` of the folder `dir`, or tells who has it: `{ publish, release }` or `{ holder }`.
 *
 * A racer makes a file of the next generation by link(2), which exactly one of any number can do, and then looks at all the
 * others: whoever sees another one alive takes its own back. Of two racers with different numbers the later one always sees the
 * earlier, so two can never both win, whatever either slept through. `info` is shown to those who are refused.
 */
export async function acquireLock(dir, name, info = {}) {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const current = newestHolder(dir, name);
  if (await isHeld(current, dir)) return { holder: current };
  const socket = join(socketFolder(dir), `${name.slice(0, 2)}-${randomUUID().slice(0, 8)}`);
  const server = await listen(socket);
  const draft = join(dir, `${name}.draft.${process.pid}.${randomUUID()}`);
  const record = {
    pid: process.pid,
    startedAt: processStartOf(process.pid),
    bootId: bootId(),
    host: hostname(),
    folder: folderIdentity(dir),
    socket,
    info,
  };
  const cleanUp = () => {
    server.close();
    fs.rmSync(draft, { force: true });
    fs.rmSync(socket, { force: true });
  };
  try {
    for (;;) {
      const outcome = await tryOnce(dir, name, draft, record);
      if (outcome.mine !== undefined)
        return heldLock(dir, name, outcome.mine, draft, record, cleanUp);
      if (outcome.holder === undefined) continue;
      cleanUp();
      return { holder: outcome.holder };
    }
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function tryOnce(dir, name, draft, record) {
  const newest = generationsOf(dir, name)[0] ?? 0;
  const holder = newest === 0 ? undefined : readHolder(lockPath(dir, name, newest));
  if (await isHeld(holder, dir)) return { holder };
  const mine = lockPath(dir, name, newest + 1);
  fs.writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  try {
    fs.linkSync(draft, mine);
  } catch (error) {
    if (error.code === "EEXIST") return {};
    throw error;
  }
  for (const other of generationsOf(dir, name).filter((one) => one !== newest + 1)) {
    if (!(await isHeld(readHolder(lockPath(dir, name, other)), dir))) continue;
    fs.rmSync(mine, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 45));
    return {};
  }
  return { mine };
}

function heldLock(dir, name, mine, draft, record, cleanUp) {
  fs.rmSync(draft, { force: true });
  for (const other of generationsOf(dir, name)) {
    const path = lockPath(dir, name, other);
    if (path === mine) continue;
    const left = readHolder(path);
    fs.rmSync(path, { force: true });
    // A copied folder names a socket that may be alive and somebody else's.
    if (left?.folder === record.folder) fs.rmSync(left.socket, { force: true });
  }
  const heartbeat = setInterval(() => {
    try {
      fs.utimesSync(mine, new Date(), new Date());
    } catch {
      // The disk may be full or the folder gone: the socket and the pid still speak for the holder.
    }
  }, heartbeatMs);
  heartbeat.unref();
  return {
    publish: (info) => {
      fs.writeFileSync(draft, JSON.stringify({ ...record, info }), { mode: 0o600 });
      fs.renameSync(draft, mine);
    },
    release: () => {
      clearInterval(heartbeat);
      fs.rmSync(mine, { force: true });
      cleanUp();
    },
  };
}
