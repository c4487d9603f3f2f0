/** Many meters: behind one port by unit id, and on ports of their own. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import { instrumentOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

const METERS = 1000;
const PER_PORT = 247;

test(
  `${METERS} meters answer on ${METERS} ports of their own and, by unit id, behind a few shared ones`,
  { timeout: 120_000 },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "site.json");
    const shared = 23_100;
    const meters = Array.from({ length: METERS }, (_, k) => ({
      name: `m${k}`,
      model: "leviton-s4100",
      // Each has its own load: k + 1 amps.
      source: { synthetic: { volts: 230, amps: k + 1, steps: true } },
      listen: [
        { modbus: "tcp", port: 0 },
        { modbus: "tcp", port: shared + Math.floor(k / PER_PORT), unit: 1 + (k % PER_PORT) },
      ],
    }));
    writeFileSync(
      file,
      JSON.stringify({ store: ":memory:", clock: { start: "2026-01-01T00:00:00Z", speed: 1 }, meters }),
    );
    const site = loadSite(file);
    t.after(() => site.stop());
    await site.start();
    assert.equal(site.listeners.length, METERS + Math.ceil(METERS / PER_PORT));
    for (let tries = 0; tries < 400 && !(instrumentOf(site, `m${METERS - 1}`).read("A.a") > 0); tries++) {
      await new Promise((done) => setTimeout(done, 20));
    }
    const urls = site.listeners.flatMap((listener) => listener.urls);
    const amps = async (url: string): Promise<number> => {
      const { hostname, port, pathname } = new URL(url.replace("modbus:", "http:"));
      const client = new ModbusClient(await connectTcp(hostname, Number(port)), new SystemClock(), {
        framing: "tcp",
        timeoutMs: 5000,
      });
      const response = await client.request(Number(pathname.slice(1)), { kind: "read", fn: 3, first: 400, count: 2 });
      client.close();
      assert.equal(response.kind, "registers");
      const view = new DataView(new ArrayBuffer(4));
      if (response.kind === "registers") response.values.forEach((word, k) => view.setUint16(2 * k, word));
      return view.getFloat32(0);
    };
    for (const k of [0, 1, 246, 247, 500, 999]) {
      const own = urls.filter(({ meter }) => meter === `m${k}`).map(({ url }) => url);
      assert.equal(own.length, 2);
      for (const url of own) assert.equal(await amps(url), k + 1, url);
    }
  },
);
