// node embedded/database/image-copier.ts DATABASE_FOLDER TARGET [FILES KEPT]: copies the files of a running database, in a process of its
// own so that the copying holds up no statement, and keeps the originals below FILES that its rows name in KEPT. Says {"copied":true}; then reads one line {"label":…,"first":…,"last":…}, copies what comes
// last, and says {"bytes":…} when TARGET is whole and on the disk. Ends without a trace when its standard input does before that.
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { keepOriginals } from "./keep-originals.ts";

interface LogRange {
  /** Content of the file that tells the copy where its log begins. */
  readonly label: string;
  /** Names of the first and the last segment of the write-ahead log that it needs. */
  readonly first: string;
  readonly last: string;
}

/** Of one process only, made anew at each start, or copied apart (PostgreSQL documentation, 25.3.4.3). */
const leftOut =
  /(^|\/)(pg_internal\.init.*|pgsql_tmp.*|postmaster\.(pid|opts)|backup_label(\.old)?)$|^(pg_wal|pg_stat_tmp|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_subtrans|pg_replslot)\//;
const controlFile = "global/pg_control";
const atOnce = 8;

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

async function each(
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const left = [...names];
  const one = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await work(name);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

interface Names {
  readonly folders: string[];
  readonly files: string[];
}

async function namesOf(dir: string, below = "", found: Names = { folders: [], files: [] }) {
  for (const entry of await readdir(join(dir, below), { withFileTypes: true })) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      found.folders.push(name);
      await namesOf(dir, name, found);
    } else if (entry.isFile() && name !== controlFile && !leftOut.test(name)) {
      found.files.push(name);
    }
  }
  return found;
}

/** What was dropped in between is gone: the log tells the copy so. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

async function sync(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

async function copyDatabase(from: string, to: string): Promise<Names> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const found = await namesOf(from);
  for (const name of found.folders) await mkdir(join(to, name), { mode: 0o700 });
  await each(found.files, (name) => copyIfThere(join(from, name), join(to, name)));
  return found;
}

async function copyLog(from: string, to: string, range: LogRange): Promise<void> {
  await writeFile(join(to, "backup_label"), range.label);
  await copyFile(join(from, controlFile), join(to, controlFile));
  const segments = (await readdir(join(from, "pg_wal"))).filter((name) =>
    /^[0-9A-F]{24}$/.test(name),
  );
  const needed = segments.filter((name) => name >= range.first && name <= range.last);
  for (const name of needed) await copyFile(join(from, "pg_wal", name), join(to, "pg_wal", name));
}

async function syncTree(dir: string): Promise<number> {
  let bytes = 0;
  const { folders, files } = await namesOf(dir);
  await each([...files, controlFile], async (name) => {
    const size = await sync(join(dir, name));
    bytes += size; // only now: others add meanwhile
  });
  for (const name of [...folders, ""]) await sync(join(dir, name));
  return bytes;
}

async function run(from: string, target: string, keep: () => Promise<void>): Promise<void> {
  setPriority(10);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    // Before and after: what is cleared away meanwhile was there before, what is added is there after.
    await keep();
    await copyDatabase(from, partial);
    say({ copied: true });
    const next = await lines.next();
    if (next.done === true) throw new Error("The database ended while it was copied.");
    await copyLog(from, partial, JSON.parse(next.value) as LogRange);
    await keep();
    const bytes = await syncTree(partial);
    await rename(partial, target);
    await sync(dirname(target));
    say({ bytes });
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

process.stdout.on("error", () => undefined); // nobody listens any more: the end of the input says so too
const [from, target, files, kept] = process.argv.slice(2);
const keep = async (): Promise<void> => {
  if (files !== undefined && kept !== undefined) await keepOriginals(files, kept);
};
try {
  if (from === undefined || target === undefined) throw new Error("usage: image-copier.ts FROM TO");
  await run(from, target, keep);
  process.exit(0);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  say({ reason: full ? "the disk has no room for the copy" : message });
  process.exit(1);
}
