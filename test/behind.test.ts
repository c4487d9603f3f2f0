/** A site whose clock is to go faster than the machine can measure says so. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { PacedClock } from "#clock/paced-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { MemoryStore } from "#store/store.ts";
import { webSide } from "#web/server.ts";
import { temporaryFolder } from "./running-site.ts";

test("a clock that does not go as fast as it is to is said once, and that it has caught up; the API says it meanwhile", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    'store: ":memory:"\nmeters: [{ name: m, model: leviton-s4100, source: { synthetic: { volts: 230, amps: 5, steps: true } }, settings: { ctPrimary: 100, systemVoltage: 480 } }]\n',
  );
  const clock = new PacedClock(0, 1000);
  let behind: PacedClock["behind"];
  Object.defineProperty(clock, "behind", { get: () => behind });
  const site = loadSite(file, { clock, store: new MemoryStore() });
  const said: string[] = [];
  site.onNotice(({ level, words }) => said.push(`${level}: ${words}`));
  const beats = async (count: number): Promise<void> => {
    let left = count;
    await new Promise<void>((resolve) => {
      const stop = site.onHeartbeat(() => {
        if (--left > 0) return;
        stop();
        resolve();
      });
    });
  };
  await site.start();
  t.after(() => site.stop());
  await beats(3);
  assert.deepEqual(said, []);
  behind = { speed: 1000, reached: 118.3 };
  await beats(5);
  const words = "its clock is to go 1000 times as fast as time, and goes 120 times";
  const { app } = webSide(site);
  const seen = (await (await app.request("http://127.0.0.1/api/meters")).json()) as { behind?: string };
  assert.equal(seen.behind, words);
  behind = undefined;
  await beats(5);
  assert.deepEqual(said, [
    `warn: ${words}: this machine is not faster with what the site measures`,
    "info: its clock has caught up",
  ]);
});

test("a site whose recordings have been played says so once, with its time", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  const rows = Array.from(
    { length: 1500 },
    (_, k) => `${(k / 1000).toFixed(3)},${(300 * Math.sin((2 * Math.PI * 50 * k) / 1000)).toFixed(2)}`,
  );
  writeFileSync(path.join(folder, "one.csv"), `time (s),va (V)\n${rows.join("\n")}\n`);
  writeFileSync(
    file,
    'store: ":memory:"\nclock: { start: 2026-03-14T06:00:00Z, speed: max }\nmeters: [{ name: m, model: sunspec-meter, settings: { systemType: wye }, source: { recording: { file: one.csv, map: { va: va } } } }]\n',
  );
  const site = loadSite(file, { store: new MemoryStore() });
  const said: string[] = [];
  site.onNotice(({ words }) => said.push(words));
  await site.start();
  t.after(() => site.stop());
  while (!said.some((words) => words.startsWith("all that"))) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const played = said.filter((words) => words.startsWith("all that its meters measure has been played"));
  assert.equal(played.length, 1);
  // 1.5 s, and the rest of the second in which it ended.
  assert.match(played[0]!, /at 2026-03-14T06:00:0\d(\.\d+)?Z of its time$/);
});
