/** A real process on a real disk: what was acknowledged of a configuration has its entry after kill -9, and both or neither are there. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { ConfigurationHistoryView } from "#quantity/configuration-view.ts";
import { run, runWith } from "./cli-run.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

const SITE = `
web: { port: 0 }
store: ./data
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 3, steps: true } } }
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 277, amps: 80, steps: true } }, listen: [{ modbus: tcp, port: 0 }] }
`;

test("a site that is killed has its configurations with their histories, and takes back what was applied before", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  writeFileSync(path.join(folder, "jem.yaml"), "demand: { subIntervals: 2 }\n");
  const asking = (page: string) => {
    const ask = async <T>(place: string, method = "GET", body?: unknown, token?: string): Promise<T> => {
      const answer = await fetch(`${page}api/v1/meters/${place}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
      return (await answer.json()) as T;
    };
    const credentials = { user: "admin", password: "admin" };
    return {
      ask,
      logIn: async () => (await ask<{ token: string }>("jem/session", "POST", credentials)).token,
      subIntervals: async () =>
        (await ask<{ demand: { subIntervals: number } }>("jem/configuration")).demand.subIntervals,
    };
  };
  let site = await startSite(folder, SITE);
  const first = asking(site.page);
  const file = await first.ask<{ demand: object }>("jem/configuration");
  const token = await first.logIn();
  const wanted = { ...file, demand: { ...file.demand, subIntervals: 1 } };
  await first.ask("jem/configuration", "PUT", wanted, token);
  await first.ask("feeder/configuration", "PUT", { ctPrimary: 200 });
  await site.end("SIGKILL");
  site = await startSite(folder, SITE);
  t.after(() => site.end());
  const again = asking(site.page);
  assert.equal(await again.subIntervals(), 1);
  const { entries } = await again.ask<ConfigurationHistoryView>("jem/configuration/history");
  assert.deepEqual(
    entries.map(({ number, by, changes }) => [number, by, changes]),
    [[0, "admin", [{ key: "demand.subIntervals", before: 2, after: 1 }]]],
  );
  const feeder = await again.ask<ConfigurationHistoryView>("feeder/configuration/history");
  assert.deepEqual(
    feeder.entries.map(({ changes }) => changes),
    [[{ key: "ctPrimary", before: 100, after: 200 }]],
  );
  const url = `${site.page}#jem`;
  const told = await run("config", "history", url);
  assert.match(told.out, /^0 +20\d\d-\S+ \S+ +admin, site\n +demand\.subIntervals: 2 becomes 1\n$/);
  const asAdmin = { POLYPHASE_PASSWORD: "admin" };
  assert.match(
    (await runWith(asAdmin, "config", "undo", url, "--entry", "7", "--yes")).err,
    /expected 0 to 0; found 7/,
  );
  const undone = await runWith(asAdmin, "config", "undo", url, "--yes");
  assert.match(undone.out, /^demand\.subIntervals: 1 becomes 2\n.*begin at zero\n.*erased\ntaken back\n$/, undone.err);
  await again.ask("feeder/configuration/undo", "POST", {});
  assert.equal(await again.subIntervals(), 2);
  assert.equal((await again.ask<{ ctPrimary: number }>("feeder/configuration")).ctPrimary, 100);
});
