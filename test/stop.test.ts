/** A site that is told to stop ends in order, however often it is told. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
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
