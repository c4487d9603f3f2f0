/**
 * Whether the Node that is to run is the one that this project pins: npm fetches it by a script, which no lock file covers, so
 * its SHA-256 is compared with the one of its platform in runtime.json. Plain JavaScript, as pinned.mjs is.
 */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** How a file was when its hash was taken: while it is so, it is not read again. */
function stateOf(file) {
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  return JSON.stringify({ file, size, mtimeMs, ctimeMs, ino });
}

function remembered(note) {
  try {
    const { state, sha256 } = JSON.parse(readFileSync(note, "utf8"));
    return { state, sha256 };
  } catch {
    return undefined;
  }
}

async function hashOf(file) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * Rejects when a file is not the runtime of a platform ("linux-x64"). `note` is where its hash is remembered; it saves reading
 * 150 MB at every start, and whoever can write it can write this file, too.
 */
export async function verify(file, { version, sha256: known }, { platform, note }) {
  const expected = known[platform];
  if (expected === undefined)
    throw new Error(`Node ${version} is pinned for ${Object.keys(known).join(", ")}; this is ${platform}`);
  const state = stateOf(file);
  const before = remembered(note);
  const found = before?.state === state ? before.sha256 : await hashOf(file);
  if (found !== expected)
    throw new Error(
      `${file} is not Node ${version} for ${platform}: its SHA-256 is ${found}, expected ${expected}; remove node_modules and start again`,
    );
  if (before?.state === state) return;
  try {
    mkdirSync(path.dirname(note), { recursive: true });
    writeFileSync(note, JSON.stringify({ state, sha256: found }));
  } catch {
    // A folder that may not be written costs the time at every start, no more.
  }
}
