/** A site that is told to stop ends in order, however often it is told. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram, without } from "./interop/programs.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} twice, as Ctrl-C in a terminal is, ends a site once and in order`, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const { process: site } = await startSite(folder, siteOf());
    const ended = once(site, "close");
    site.kill(signal);
    site.kill(signal);
    assert.deepEqual(await ended, [0, null]);
  });
}

test("a site goes on when nobody takes what it says any more", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const { process: site, page, end } = await startSite(folder, siteOf());
  t.after(() => end("SIGKILL"));
  site.stdout?.destroy();
  site.stderr?.destroy();
  for (let k = 0; k < 5; k++) {
    const refused = await fetch(`${page}api/session`, {
      method: "POST",
      body: '{"user":"nobody","password":"guessed"}',
      headers: { "Content-Type": "application/json" },
    });
    assert.equal(refused.status, 401);
  }
  assert.equal((await fetch(`${page}health`)).status, 200);
  assert.equal(site.exitCode, null);
});

test("a site goes on when the disk of its log is full, says so once beside it, and ends in order", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, siteOf());
  const full = openSync("/dev/full", "w");
  t.after(() => closeSync(full));
  const site = spawn(process.execPath, [main, "up", file], { stdio: ["ignore", full, "pipe"] });
  t.after(() => site.kill("SIGKILL"));
  const ended = once(site, "close");
  const said = text(site.stderr!);
  // What it said last before it runs could not be written either: whoever waits for it asks for the store.
  while (!existsSync(path.join(folder, "site.data", "polyphase.journal-00000001")))
    await new Promise((done) => setTimeout(done, 50));
  site.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  assert.equal(await said, "polyphase: the log is not taken: its lines are lost from here on\n");
});

test("HUP ends a site whose terminal is gone", { skip: without("python3") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, siteOf());
  // A terminal of Python's, which hangs up when the site has printed its hints.
  const hangUp = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
heard = b""
while b"To try next" not in heard: heard += os.read(terminal, 65536)
os.close(terminal)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status))
`;
  const { status, out } = await runProgram("python3", ["-c", hangUp, process.execPath, main, "up", file]);
  assert.deepEqual([status, out.trim()], [0, "0"]);
});
