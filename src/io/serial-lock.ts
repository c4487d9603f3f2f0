/**
 * Whether another program has a serial line (flock(2)). The library locks a line after it has set parity, stop bits and control characters on it: who
 * was refused would have changed the line of whoever has it. Linux lists locks (proc_locks(5)); elsewhere, and for who locks in the
 * instant between, it is as the library does it.
 */
import { readFileSync, statSync } from "node:fs";

/** "3: FLOCK  ADVISORY  WRITE 24183 00:1a:3 0 EOF": a lock that is held, by its file system's device and the file's number. */
const HELD = /^\d+: FLOCK\s+\S+\s+\S+\s+-?\d+ ([0-9a-f]+):([0-9a-f]+):(\d+) /gm;

/** The number of a device as its two parts make it (makedev(3)). */
function deviceOf(major: number, minor: number): number {
  return (major << 8) | (minor & 0xff) | ((minor & ~0xff) << 12);
}

/** False of what is not there, and where nobody says it. */
export function isLocked(file: string): boolean {
  try {
    const found = statSync(file);
    const locks = found.isCharacterDevice() ? readFileSync("/proc/locks", "utf8") : "";
    return [...locks.matchAll(HELD)].some(
      ([, major = "", minor = "", inode]) =>
        Number(inode) === found.ino && deviceOf(Number.parseInt(major, 16), Number.parseInt(minor, 16)) === found.dev,
    );
  } catch {
    return false;
  }
}
