/** Both SQLite files of a site's store are lost: a meter that has counted is no new one, and what is lost is said. */
import assert from "node:assert/strict";
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import type { Site } from "#fleet/site.ts";
import type { Setting } from "#quantity/setting.ts";
import { instrumentOf, jemstarOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

const files = ["polyphase.sqlite", "polyphase-2.sqlite"] as const;

function siteFile(t: TestContext): { readonly file: string; readonly places: readonly string[] } {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const source = "source: { synthetic: { volts: 120, amps: 5 } }";
  const meters = [
    `{ name: m1, model: leviton-s4100, ${source}, settings: { ctPrimary: 100 } }`,
    `{ name: jem, model: ametek-jemstar-ii, ${source} }`,
  ];
  writeFileSync(file, `store: ./data\nmeters: [${meters.join(", ")}]`);
  return { file, places: files.map((name) => path.join(folder, "data", name)) };
}

function setPrimary(site: Site, amps: number): void {
  assert.equal(instrumentOf(site, "m1").change(new Map<Setting, number>([["ctPrimary", amps]])), undefined);
}

const primary = (site: Site): number => instrumentOf(site, "m1").setting("ctPrimary");

for (const [what, lose] of [
  ["deleted", rmSync],
  ["emptied", truncateSync],
] as const) {
  test(`after a stop both files are ${what}: what was set on a meter stands, not what the site file says`, async (t) => {
    const { file, places } = siteFile(t);
    const first = loadSite(file);
    setPrimary(first, 222);
    await first.stop();
    // A life in which nothing is set, and its journal has nothing of it but what a stop writes.
    await loadSite(file).stop();
    for (const place of places) lose(place);
    const site = loadSite(file);
    t.after(() => site.stop());
    assert.equal(primary(site), 222);
    const notices = site.notices.map(textOf).join("\n");
    assert.match(notices, /polyphase\.sqlite .*(is not there any more|could not be read \(it is empty\))/);
    assert.match(notices, /m1: keeps what was set on the meter .*ctPrimary = 222/);
    // Its configuration is there, and the journal is as it was left.
    assert.doesNotMatch(notices, /its configuration is lost|the journal .* is damaged/);
  });
}

test("both files are emptied while a site runs: a setting that is acknowledged afterwards stands at the next start", async (t) => {
  const { file, places } = siteFile(t);
  await loadSite(file).stop();
  const site = loadSite(file);
  for (const place of places) truncateSync(place);
  site.store.commit();
  assert.match(site.store.complaints.join(), /written anew, but not whole: records are lost .*: up to \d+ of jem;/);
  setPrimary(site, 555);
  await site.stop();
  const again = loadSite(file);
  t.after(() => again.stop());
  assert.equal(primary(again), 555);
  assert.equal(jemstarOf(again, "jem").isFailing, false);
});

test("after a kill both files are deleted, and a setting from before it with them: that is said, and the site file counts", async (t) => {
  const { file, places } = siteFile(t);
  const first = loadSite(file);
  setPrimary(first, 222);
  await first.stop();
  const data = path.dirname(places[0] ?? "");
  const second = loadSite(file);
  second.store.commit();
  second.store.abandon();
  for (const place of places) rmSync(place);
  // The segments of the stop; the one of the life that was killed has numbers only.
  for (const number of [2, 3]) rmSync(path.join(data, `polyphase.journal-0000000${number}`));
  const site = loadSite(file);
  t.after(() => site.stop());
  assert.equal(primary(site), 100);
  const notices = site.notices.map(textOf).join("\n");
  assert.match(notices, /m1: its settings are lost with records of the store; it goes on with those of the site file/);
  assert.match(notices, /jem: its configuration is lost with records of the store; it goes on with the site file's/);
});
