/** A product that nobody outside this file knows: what offers the surface runs on a site, and is read over Modbus and HTTP. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import { connectTcp } from "#io/tcp.ts";
import { PointUnit } from "#protocol/modbus/point-unit.ts";
import { modbusPoints } from "#product/points.ts";
import type { Product } from "#product/product.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { PlainSurface } from "#quantity/plain-surface.ts";
import type { List, RegisterReading } from "#quantity/register.ts";
import { webApp } from "#web/server.ts";
import { temporaryFolder } from "./running-site.ts";

const [volts, energy] = ["V.a", "Wh.import"].map((name) => parseMeasure(name)!) as [Measure, Measure];

// ── the product, in thirty lines ────────────────────────────────────────────────────────────────────────────────────

class CandleSurface extends PlainSurface {
  override readonly measures = [volts];
  readonly identity = {
    name: "",
    model: "candle-meter",
    title: "Candle meter",
    manufacturer: "Wax",
    serial: "7",
    firmware: "1",
    modelNumber: "",
  };
  constructor(name: string) {
    super();
    this.identity.name = name;
  }
  now = () => ({ utc: 1_767_225_600_000, offsetMinutes: 60, daylightSaving: false, synchronised: true });
  protected value = (measure: Measure) => (measure.quantity === "V" ? 229.5 : undefined);
  override registers(list: List): readonly RegisterReading[] {
    const facts = { kind: "consumption", tariff: "total", storage: "working", digits: 6, decimals: 0 } as const;
    const value = { value: 70_003, text: "070003", counts: 70_003n, unit: "Wh", scale: 1, valid: "good" } as const;
    return list === "normal" ? [{ id: 3, label: "Light", measure: energy, at: this.now(), ...facts, ...value }] : [];
  }
}

const at = { counters: 0, analogs: 0, outputs: 0, inputs: 0 };
const lists = {
  at,
  analogBits: 16,
  counters: [{ register: 3, scaling: 1 }],
  analogs: [{ measure: volts, scaling: 10 }],
  binaries: [],
} as const;
const candles: Product = {
  models: [{ name: "candle-meter", title: "Candle meter", manual: "none" }],
  check: () => [],
  make({ entry, source }) {
    const surface = new CandleSurface(entry.name);
    const all = { ...lists, outputs: 0, lowFirst: false };
    const points = modbusPoints(
      surface,
      () => all,
      surface.open({ protocol: "modbus", port: "ethernet 1", near: false }),
    );
    const unit = new PointUnit(points, at);
    const idle = { notices: [], advance: () => {}, start: () => {}, stop: () => {}, room: () => undefined };
    const feed = source({ sampling: { perCycle: 64 }, wiring: "wye" });
    return {
      surface,
      source: feed,
      bindings: { modbus: () => unit },
      line: { address: 1, baud: 9600, parity: 0 },
      ...idle,
    };
  },
};

// ── and what reads it ───────────────────────────────────────────────────────────────────────────────────────────────

test("a second product is read over Modbus and HTTP, and nothing but its own file knows it", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `store: ":memory:"
meters:
  - { name: hall, model: candle-meter, source: { live: {} }, listen: [{ modbus: tcp, port: 0, unit: 9 }] }
`,
  );
  const site = loadSite(file, [candles]);
  t.after(() => site.stop());
  await site.start();
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
  const app = webApp(site, "127.0.0.1");
  const get = async (place: string) => (await app.request(`http://127.0.0.1/api/meters/hall${place}`)).json();
  const view = (await get("")) as { title: string; local: string; readings: Record<string, number> };
  assert.deepEqual([view.title, view.local, view.readings], ["Candle meter", "2026-01-01 01:00:00", { "V.a": 229.5 }]);
  const { registers } = (await get("/registers/normal")) as { registers: readonly object[] };
  assert.deepEqual(registers, [
    { id: 3, label: "Light", value: 70_003, text: "070003", unit: "Wh", measure: "Wh.import" },
  ]);
  const refused = await app.request("http://127.0.0.1/api/meters/hall/commands", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"command":"freeze"}',
  });
  assert.deepEqual([refused.status, ((await refused.json()) as { refused: string }).refused], [422, "unsupported"]);
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
