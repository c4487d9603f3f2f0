/** What is installed: the runtime is the one that is pinned, and no package runs a script that nobody allowed. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { verify } from "../bin/runtime.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const json = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<string, unknown>;

interface Locked {
  readonly version?: string;
  readonly hasInstallScript?: true;
  readonly integrity?: string;
  /** Of what is made for one system only. */
  readonly os?: readonly string[];
}
const locked = Object.entries(json("package-lock.json")["packages"] as Record<string, Locked>).filter(
  ([where]) => where !== "",
);
const nameOf = (where: string): string => where.replace(/^.*node_modules\//, "");
const runtime = json("bin/runtime.json") as { version: string; sha256: Record<string, string> };

test("every package that has a script for its installation is named, allowed or not", () => {
  const scripted = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([where]) => nameOf(where));
  const listed = json("package.json")["allowScripts"] as Record<string, boolean>;
  assert.deepEqual(Object.keys(listed).sort(), [...new Set(scripted)].sort());
  assert.deepEqual(
    Object.keys(listed).filter((name) => listed[name]),
    ["node"],
    "the one that fetches the runtime, which is checked",
  );
  assert.match(readFileSync(path.join(root, ".npmrc"), "utf8"), /^ignore-scripts=true$/m);
});

test("every package has its hash in the lock file", () => {
  assert.deepEqual(
    locked.filter(([, { integrity }]) => integrity?.startsWith("sha512-") !== true).map(([where]) => where),
    [],
  );
});

test("the hashes of the runtime are those of the version in the lock file", () => {
  const node = locked.find(([where]) => where === "node_modules/node");
  assert.equal(runtime.version, node?.[1].version);
  for (const hash of Object.values(runtime.sha256)) assert.match(hash, /^[0-9a-f]{64}$/);
});

test("everything native is in the list of what is native", () => {
  const listed = readFileSync(path.join(root, "docs/decisions/001-dependencies.md"), "utf8");
  const native = locked
    .filter(([, { os, hasInstallScript }]) => os !== undefined || hasInstallScript === true)
    .map(([where]) => nameOf(where).replace(/^(@.*\/(binding|typescript|koffi)|lightningcss)-.*$/, "$1-*"));
  for (const name of new Set(native)) assert.ok(listed.includes(`\`${name}\``), name);
});

test("a runtime that is another is refused, by what it is and what was expected; the right one is read once", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "runtime-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [file, note] = [path.join(folder, "node"), path.join(folder, "cache", "note.json")];
  writeFileSync(file, "abc");
  // SHA-256 of "abc": FIPS 180-4, example 1.
  const sha256 = { "linux-x64": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" };
  const pinned = { version: "1.2.3", sha256 };
  const how = { platform: "linux-x64", note };
  await verify(file, pinned, how);
  assert.ok(existsSync(note));
  await verify(file, pinned, how);
  appendFileSync(file, "d");
  await assert.rejects(
    verify(file, pinned, how),
    /node is not Node 1\.2\.3 for linux-x64: its SHA-256 is 88d4266f.*, expected ba7816bf/,
  );
  // Of the same size and of the same time of change it is another all the same.
  const { mtime } = statSync(file);
  writeFileSync(file, "abc");
  await verify(file, pinned, how);
  writeFileSync(file, "abd");
  utimesSync(file, mtime, mtime);
  await assert.rejects(verify(file, pinned, how), /is not Node 1\.2\.3/);
  await assert.rejects(
    verify(file, pinned, { ...how, platform: "plan9-mips" }),
    /pinned for linux-x64; this is plan9-mips/,
  );
});
