/** Who holds a lock, as everyone who is refused may read it. */
export interface LockHolder {
  readonly pid: number;
  readonly startedAt?: string;
  readonly host: string;
  readonly info: Readonly<Record<string, string>>;
}
export interface HeldLock {
  readonly holder?: undefined;
  readonly publish: (info: Readonly<Record<string, string>>) => void;
  readonly release: () => void;
}
export interface RefusedLock {
  readonly holder: LockHolder;
}
export function acquireLock(
  dir: string,
  name: string,
  info?: Readonly<Record<string, string>>,
): Promise<HeldLock | RefusedLock>;
export function lockHolder(dir: string, name: string): Promise<LockHolder | undefined>;
export function processStartOf(pid: number): string | undefined;
export function socketFolder(dir: string): string;
