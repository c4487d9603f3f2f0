/** A product that nobody else knows: what offers the surface runs on a site, and is read over Modbus and HTTP. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { hintsOf } from "#cli/hints.ts";
import { loadSite } from "#fleet/load-site.ts";
import { connectTcp } from "#io/tcp.ts";
import { webSide } from "#web/server.ts";
import { candles } from "./candle-meter.ts";
import { temporaryFolder } from "./running-site.ts";

test("a second product is read over Modbus and HTTP, and nothing but its own file knows it", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `store: ":memory:"
meters:
  - name: hall
    model: candle-meter
    source: { synthetic: { volts: 229.5, amps: 0, steps: true } }
    listen: [{ modbus: tcp, port: 0, unit: 9 }]
`,
  );
  const site = loadSite(file, { products: [candles] });
  t.after(() => site.stop());
  await site.start();
  site.meters[0]!.advance(new SystemClock().elapsed() + 1000);
  const port = Number(/:(\d+)$/.exec(site.listeners[0]!.what)?.[1]);
  const link = await connectTcp("127.0.0.1", port);
  t.after(() => link.close());
  const ask = (hex: string): Promise<string> =>
    new Promise((resolve) => {
      link.receive((bytes) => resolve(Buffer.from(bytes).toString("hex")));
      link.send(Buffer.from(hex, "hex"));
    });
  // 70,003 is 0x00011173; 229.5 V times ten is 0x08f7.
  assert.equal(await ask("000100000006" + "090300000002"), "000100000007" + "090304" + "00011173");
  assert.equal(await ask("000200000006" + "090400000001"), "000200000005" + "090402" + "08f7");
  const app = webSide(site).app;
  const get = async (place: string) => (await app.request(`http://127.0.0.1/api/meters/hall${place}`)).json();
  const view = (await get("")) as { title: string; local: string; readings: Record<string, number> };
  assert.deepEqual([view.title, view.local, view.readings], ["Candle meter", "2026-01-01 01:00:00", { "V.a": 229.5 }]);
  const { registers } = (await get("/registers/normal")) as { registers: readonly object[] };
  assert.deepEqual(registers, [
    {
      id: 3,
      label: "Light",
      name: "Wh.import",
      value: 70_003,
      text: "070003",
      unit: "Wh",
      scale: 1,
      measure: "Wh.import",
    },
  ]);
  const refused = await app.request("http://127.0.0.1/api/meters/hall/commands", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"command":"freeze"}',
  });
  assert.deepEqual([refused.status, ((await refused.json()) as { refused: string }).refused], [422, "unsupported"]);
  // Over Modbus no command knows what its registers are.
  const page = "http://127.0.0.1:8080/";
  assert.deepEqual(hintsOf(file, site, page), [
    `npx polyphase read ${page}api/meters/hall`,
    `curl ${page}api/meters/hall`,
  ]);
  // Names that every object has are places of no meter.
  for (const place of ["/constructor", "/__proto__", "/toString/x"])
    assert.equal((await app.request(`http://127.0.0.1/api/meters/hall${place}`)).status, 404);
});

test("a site file that names it is refused by a site that does not have it", () => {
  const { folder, remove } = temporaryFolder();
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, "meters: [{ name: hall, model: candle-meter, source: { live: {} } }]\n");
  assert.throws(() => loadSite(file), /meters\[0\]\.model: expected one of leviton-s4000k/);
  remove();
});

test("it counts what its source gives, samples or steps, and goes on from there after a restart", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  // 229.1 x 10 + 230.4 x 11 + 231.7 x 12 = 7605.8 W: 126.8 Wh a minute, 253.5 Wh in two.
  const load = "volts: [229.1, 230.4, 231.7], amps: [10, 11, 12], pf: 1, hz: 50";
  writeFileSync(
    file,
    `clock: { start: 2026-01-01T00:00:00Z, speed: 1 }
meters:
  - { name: hall, model: candle-meter, source: { synthetic: { ${load} } } }
  - { name: attic, model: candle-meter, source: { synthetic: { ${load}, steps: true } } }
`,
  );
  const run = async (minutes: number): Promise<unknown[]> => {
    const site = loadSite(file, { products: [candles] });
    for (const meter of site.meters) meter.advance(60_000 * minutes);
    await site.stop();
    return site.meters.map(({ surface }) => surface.register(3)?.text);
  };
  assert.deepEqual(await run(1), ["070129", "070129"]);
  assert.deepEqual(await run(0), ["070129", "070129"]);
  assert.deepEqual(await run(1), ["070256", "070256"]);
});
