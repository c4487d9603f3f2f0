/** Running a site: how it starts, what it says, and what is left when it is stopped. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { openSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { main, run } from "./cli-run.ts";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

test("a port that is taken ends with status 1 and says so", async (t) => {
  const one = temporaryFolder();
  const two = temporaryFolder();
  t.after(one.remove);
  t.after(two.remove);
  const site = await startSite(one.folder, siteOf());
  t.after(() => site.end());
  writeFileSync(path.join(two.folder, "site.yaml"), siteOf({ listen: `{ modbus: tcp, port: ${site.port} }` }));
  const { status, err } = await run("up", path.join(two.folder, "site.yaml"));
  assert.equal(status, 1);
  // File, line and column, key, meter, address, why, and what to do.
  assert.match(
    err,
    new RegExp(
      `site\\.yaml, line 10, column 14: meters\\[0\\]\\.listen\\[0\\]: feeder-1 cannot listen on 127\\.0\\.0\\.1:${site.port}: ` +
        "another program uses it; end that one .*, or take another port",
    ),
  );
  assert.deepEqual(readdirSync(two.folder), ["site.yaml"]);
});

test("a second site on the same store ends with status 1, and leaves the store alone", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  const { status, err } = await run("up", path.join(folder, "site.yaml"));
  assert.equal(status, 1);
  assert.match(err, /the store .*polyphase\.sqlite is in use by another process/);
});

test("a refused write is told on the site's console with register and expectation", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  t.after(() => site.end());
  await assert.rejects(write(site.port, 130, 20));
  for (let tries = 0; tries < 50 && !site.output().includes("refused"); tries++)
    await new Promise((done) => setTimeout(done, 20));
  assert.match(
    site.output(),
    /feeder-1: refused a write to register 130 \(systemType\): expected one of 10, 11, 12, 31, 40; found 20/,
  );
});

test("what was set on the meter wins over an unchanged file, and `up` says so; a changed file wins", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const first = await startSite(folder, siteOf());
  await write(first.port, 150, 60);
  await first.end();
  const second = await startSite(folder, siteOf());
  assert.match(
    second.output(),
    /feeder-1: keeps what was set on the meter since the file was last read: demandSubInterval = 60/,
  );
  await second.end();
  const third = await startSite(
    folder,
    siteOf({ settings: "{ ctPrimary: 32000, systemVoltage: 480, demandSubInterval: 30 }" }),
  );
  assert.ok(!third.output().includes("keeps what was set"));
  const { out } = await run("read", `modbus://127.0.0.1:${third.port}/1`, "--model", "leviton-s4100");
  assert.match(out, /demandSubInterval +30$/m);
  await third.end();
});

async function write(port: number, register: number, value: number): Promise<void> {
  const { connectTcp } = await import("#io/tcp.ts");
  const { SystemClock } = await import("#clock/system-clock.ts");
  const { ModbusClient } = await import("#protocol/modbus/client.ts");
  const client = new ModbusClient(await connectTcp("127.0.0.1", port), new SystemClock(), {
    framing: "tcp",
    timeoutMs: 2000,
  });
  assert.equal(
    (await client.request(1, { kind: "write", fn: 6, first: register - 1, values: Uint16Array.of(value) })).kind,
    "written",
  );
  client.close();
}

test("a site that is stopped says until when all is kept, and where", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf());
  await site.end("SIGINT");
  const [, instant = "", where] =
    /^stopped; all until (\S+) is kept in (.*), and is found again/m.exec(site.output()) ?? [];
  assert.equal(where, path.join(folder, "site.data"));
  assert.ok(Math.abs(Date.parse(instant) - Date.now()) < 3_600_000, instant);
  const forgetful = await startSite(folder, `store: ":memory:"\n${siteOf()}`);
  await forgetful.end();
  assert.match(forgetful.output(), /^stopped; its store was :memory:, nothing is kept$/m);
});

test("a site whose first words nobody can write ends in order: with 1 and one line where the disk is full", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, siteOf());
  const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
  const { status, stderr } = spawnSync(process.execPath, [main, "up", file], { stdio: [...stdio] });
  assert.deepEqual([status, stderr.toString()], [1, "polyphase: cannot write the output: the disk is full\n"]);
});
