/** What the launcher runs under the Node that it brings is any program: what that forks lives as long as it is asked things. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./running-site.ts";

const pinned = fileURLToPath(new URL("../bin/pinned.mjs", import.meta.url));

test("a process that a launched one forks waits for what it is asked, and answers", (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const child = path.join(folder, "child.mjs");
  const parent = path.join(folder, "parent.mjs");
  writeFileSync(child, 'process.on("message", (n) => process.send(2 * n));\n');
  writeFileSync(
    parent,
    `import { fork } from "node:child_process";
const child = fork(${JSON.stringify(child)});
child.on("exit", (code) => console.log("ended with " + code));
child.on("message", (n) => { console.log(n); child.disconnect(); });
setTimeout(() => child.connected && child.send(21), 300);
`,
  );
  const { stdout, status, stderr } = spawnSync(process.execPath, [pinned, parent], { encoding: "utf8" });
  assert.deepEqual([stdout, status], ["42\nended with 0\n", 0], stderr);
});
