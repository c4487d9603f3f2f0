/** Our client of MMS with the servers of open61850 and iec61850 from the Python index: they are browsed and read, and report. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { browse } from "#protocol/iec61850/client/browse.ts";
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { ReportControlBlock, reportControlsOf } from "#protocol/iec61850/client/report-control.ts";
import { decodeReport, type Report } from "#protocol/iec61850/client/reports.ts";
import { readWhole } from "#protocol/iec61850/client/values.ts";
import { freePort } from "../running-site.ts";
import { peersPython, withoutPeers } from "./programs.ts";

const cid = fileURLToPath(new URL("../../../shared/data/jemstar-draft.cid", import.meta.url));
const without = (module: string): string | false => (existsSync(cid) ? withoutPeers(module) : "../shared is not here");

const rust = `
import asyncio, sys, iec61850
async def main():
    server = iec61850.IedServer.from_scl(sys.argv[1], ied_name="JEM01")
    server.bind("127.0.0.1:" + sys.argv[2])
    await server.start()
    print("listening", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
`;

async function serving(t: TestContext, which: "open61850" | "iec61850"): Promise<MmsClient> {
  const port = await freePort();
  const [program, words] =
    which === "iec61850"
      ? [peersPython, ["-c", rust, cid, String(port)]]
      : [
          path.join(path.dirname(peersPython), "open61850-server"),
          [cid, "--host", "127.0.0.1", "--port", String(port)],
        ];
  const child = spawn(program, words, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PYTHONUNBUFFERED: "1" },
  });
  t.after(() => child.kill());
  // Each says in its own place that it listens.
  await Promise.race([once(child.stdout, "data"), once(child.stderr, "data")]);
  const client = await MmsClient.associate(await connectTcp("127.0.0.1", port), new SystemClock(), { timeoutMs: 5000 });
  t.after(() => client.abort());
  return client;
}

for (const which of ["open61850", "iec61850"] as const)
  test(
    `all that ${which}'s server has is found, and every attribute is read`,
    { skip: without(which), timeout: 60_000 },
    async (t) => {
      const client = await serving(t, which);
      const [device] = await browse(client);
      assert.ok(device);
      assert.equal(device.name, "JEM01MTR");
      let read = 0;
      for (const { name, constraints } of device.nodes)
        for (const { fc, type } of constraints)
          for (const { value } of await readWhole(client, { domain: device.name, node: name, fc, path: [] }, type)) {
            assert.notEqual(value.kind, "failure", `${name}[${fc}]`);
            read++;
          }
      assert.ok(read > 900, String(read));
      await client.conclude();
    },
  );

test(
  "open61850's server reports to us when it is asked",
  { skip: without("open61850"), timeout: 60_000 },
  async (t) => {
    const client = await serving(t, "open61850");
    const blocks = await reportControlsOf(client, "JEM01MTR");
    const name = blocks.find((one) => one.name === "urcbEnergy01");
    assert.ok(name);
    const block = await ReportControlBlock.of(client, name);
    const come = new Promise<Report>((resolve) => {
      client.onReport((report) => {
        const decoded = decodeReport(report);
        if (decoded !== undefined) resolve(decoded);
      });
    });
    await block.enable();
    await block.interrogate();
    const { members, dataSet } = await come;
    assert.deepEqual([members.length, dataSet], [7, "JEM01MTR/LLN0$Energy"]);
    assert.deepEqual(members[0]?.reasons, ["general interrogation"]);
  },
);
