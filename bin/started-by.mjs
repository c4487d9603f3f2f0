/**
 * Whoever started this by npm ends npm when he wants it to end. npm has a shell between itself and what it runs, which hands no signal
 * on: of an npm that was told to end all that shows is that the shell is gone, of one that was killed not even that. Plain JavaScript
 * that any Node reads, because it goes with both commands: the checkout's (pinned.mjs) and the installed one (installed.mjs).
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

/** How long what was started may outlive npm. */
const LOOK_MS = 1000;

/** A process by its number: its words, and whose child it is; undefined where nobody can say. */
function processOf(pid) {
  try {
    if (process.platform === "linux") {
      const [, parent] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      return { parent: Number(parent), words: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") };
    }
    const { stdout } = spawnSync("ps", ["-o", "ppid=,command=", "-p", String(pid)], { encoding: "utf8" });
    const [, parent, words] = /^\s*(\d+)\s+(.*)$/m.exec(stdout);
    return { parent: Number(parent), words };
  } catch {
    return undefined;
  }
}

/** npm, which has its own words for a title; what else runs scripts says by npm_execpath where it lies. */
function isNpm({ words }) {
  const { npm_execpath: own } = process.env;
  return words.startsWith("npm ") || (own !== undefined && own !== "" && words.includes(own));
}

/** The npm that this process was started by, directly or with its shell between. */
function npmAbove() {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const shell = processOf(process.ppid);
  if (shell === undefined) return undefined;
  if (isNpm(shell)) return process.ppid;
  const above = processOf(shell.parent);
  return above !== undefined && isNpm(above) ? shell.parent : undefined;
}

function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

/** Runs `end` when the npm that started this process is gone, however it ended; started by another, it is nobody's but its own. */
export function whenNpmIsGone(end) {
  const { ppid } = process;
  const npm = npmAbove();
  if (npm === undefined) return;
  const looking = setInterval(() => {
    if (process.ppid === ppid && isThere(npm)) return;
    clearInterval(looking);
    end();
  }, LOOK_MS);
  looking.unref();
}

/** Ends this process as if it had been told to: in order, where it listens to SIGTERM. */
export function endAsTold() {
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit(143);
}
