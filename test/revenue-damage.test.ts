/** What a revenue meter says of memory that was found damaged, and what it goes on with. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { jemstarOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

const GENERAL_FAILURE = 1 << 2;

/** A site of two meters that was stopped. */
async function stoppedSite(t: TestContext): Promise<{ readonly file: string; readonly data: string }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const source = "source: { synthetic: { volts: 120, amps: 5, steps: true } }";
  const meters = ["jem", "other"].map((name) => `{ name: ${name}, model: ametek-jemstar-ii, ${source} }`);
  writeFileSync(file, `store: ./data\nmeters: [${meters.join(", ")}]`);
  const site = loadSite(file);
  for (const name of ["jem", "other"]) {
    const { meter } = jemstarOf(site, name);
    meter.billing.preset(2, 4711, { by: "test" });
    for (const what of ["one", "two", "three"]) meter.log.add("event", what, { by: "test" });
  }
  await site.stop();
  return { file, data: path.join(folder, "data") };
}

test("one bit that is turned in a file costs a meter nothing; its diagnostics say so until the next start", async (t) => {
  const { file, data } = await stoppedSite(t);
  const place = path.join(data, "polyphase.sqlite");
  const bytes = readFileSync(place);
  // In what an entry of a log says.
  const at = bytes.indexOf('"what":"two"');
  assert.ok(at > 0);
  bytes[at + 8] = bytes[at + 8]! ^ 1;
  writeFileSync(place, bytes);
  const site = loadSite(file);
  assert.match(
    site.notices.map(textOf).join("\n"),
    /polyphase\.sqlite is damaged .*made anew from the other file of the store/,
  );
  const { meter } = jemstarOf(site, "jem");
  // With what was measured until the stop.
  assert.equal(Math.floor(meter.registers.show(2)?.value ?? NaN), 4711);
  assert.deepEqual(
    meter.log
      .of("event")
      .newest(3)
      .map(({ what }) => what),
    ["one", "two", "three"],
  );
  const last = meter.log.of("diagnostic").last;
  assert.equal(last?.what, "memory damaged");
  assert.match(String(last?.details["what"]), /^the store polyphase\.sqlite is damaged/);
  assert.equal(meter.status.bits & GENERAL_FAILURE, GENERAL_FAILURE);
  await site.stop();
  const again = loadSite(file);
  t.after(() => again.stop());
  assert.deepEqual(again.notices, []);
  assert.equal(jemstarOf(again, "jem").isFailing, false);
  assert.ok(readdirSync(data).some((name) => name.includes("unreadable")));
});

test("a log entry that is damaged in both files is left out and said, and the meter runs; another meter has nothing of it", async (t) => {
  const { file, data } = await stoppedSite(t);
  for (const name of ["polyphase.sqlite", "polyphase-2.sqlite"]) {
    const database = new DatabaseSync(path.join(data, name));
    database.exec("UPDATE record SET bytes = '{}' WHERE meter = 'jem' AND key = 'log/event/1'");
    database.close();
  }
  const site = loadSite(file);
  t.after(() => site.stop());
  assert.match(
    site.notices.map(textOf).join("\n"),
    /jem: the record log\/event\/1 of the store .* is damaged and left out/,
  );
  const entries = (name: string): string[] =>
    jemstarOf(site, name)
      .meter.log.of("event")
      .newest(3)
      .map(({ what }) => what);
  assert.deepEqual(
    [entries("jem"), entries("other")],
    [
      ["two", "three"],
      ["one", "two", "three"],
    ],
  );
  const diagnostics = (name: string): string =>
    JSON.stringify(jemstarOf(site, name).meter.log.of("diagnostic").newest(20));
  assert.match(diagnostics("jem"), /the record log\/event\/1 .* is damaged and left out/);
  assert.doesNotMatch(diagnostics("other"), /log\/event\/1/);
});
