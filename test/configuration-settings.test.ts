/** Settings of meters with registers: described, changed over every port, kept as a history, taken back. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { catalogue } from "#model/catalogue.ts";
import { isRefused, type Done, type MeterCommand, type Outcome, type Peer } from "#quantity/authority.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { describeDomain, inDomain, type Setting, type SettingRule } from "#quantity/setting.ts";
import { MemoryStore } from "#store/store.ts";
import { temporaryFolder } from "./running-site.ts";

const near: Peer = { protocol: "http", port: "site", address: "127.0.0.1", near: true };
const anna: Peer = { protocol: "http", port: "site", address: "192.0.2.7", near: false, operator: true, user: "anna" };

function done(outcome: Outcome): Done {
  if (isRefused(outcome)) assert.fail(`${outcome.refused}: ${outcome.words.join("; ")}`);
  return outcome;
}

function meterOf(t: TestContext, { model = "leviton-s4100", extra = "", store = new MemoryStore(), folder = "" } = {}) {
  const made = folder === "" ? temporaryFolder() : { folder, remove() {} };
  t.after(made.remove);
  const file = path.join(made.folder, "site.yaml");
  writeFileSync(
    file,
    `store: ":memory:"\nmeters: [{ name: m, model: ${model}, source: { synthetic: { volts: 277, amps: 50, steps: true } }, ${extra} }]\n`,
  );
  const clock = new VirtualClock();
  const site = loadSite(file, { clock, real: clock, store });
  t.after(() => site.stop());
  const device = site.meter("m")!;
  const { surface } = device;
  const tell = (command: MeterCommand, peer = near): Outcome => surface.obey(command, surface.open(peer));
  return {
    surface,
    clock,
    store,
    folder: made.folder,
    unit: (port: string): ModbusUnit => device.bindings.modbus!({ port, unit: 1 })!,
    configure: (settings: object, peer?: Peer) =>
      tell({ command: "configure", configuration: JSON.stringify(settings) }, peer),
    check: (settings: object) => tell({ command: "configure", configuration: JSON.stringify(settings), check: true }),
    undo: (entry?: number, peer?: Peer) => tell({ command: "undoConfiguration", entry }, peer),
    entries: () => surface.configurationHistory.page(0, Infinity),
  };
}

function settingOf(surface: MeterSurface, name: Setting): unknown {
  return (surface.configuration() as Readonly<Record<string, number>>)[name];
}

test("settings that change are an entry: from the page by whom the site knows, over Modbus by its port", (t) => {
  const meter = meterOf(t, { extra: "settings: { ctPrimary: 200 }" });
  assert.deepEqual(meter.entries(), [], "what a file says of a new meter changes nothing");
  meter.clock.advance(60_000);
  const changed = done(meter.configure({ ctPrimary: 400, demandSubIntervals: 3 }, anna));
  assert.deepEqual(changed.changes, [
    { key: "ctPrimary", before: 200, after: 400 },
    { key: "demandSubIntervals", before: 1, after: 3 },
  ]);
  done(meter.configure({ ctPrimary: 400 }, anna));
  // Register 131 of the manual: CT size (primary).
  assert.equal(meter.unit("serial 1").write(130, Uint16Array.of(500)), 0);
  assert.equal(meter.unit("ethernet 1").write(130, Uint16Array.of(500)), 0);
  const [first, second, ...more] = meter.entries();
  assert.deepEqual(more, []);
  assert.deepEqual(first, {
    number: 0,
    by: "anna",
    port: "site",
    protocol: "http",
    peer: "192.0.2.7",
    at: { utc: meter.clock.utc(), offsetMinutes: 0, daylightSaving: false, synchronised: true },
    changes: changed.changes,
    consequences: ["the demand interval begins anew"],
  });
  assert.deepEqual([second!.by, second!.port, second!.protocol], ["Modbus", "serial 1", "modbus"]);
  assert.deepEqual(second!.changes, [{ key: "ctPrimary", before: 400, after: 500 }]);
});

test("a restart keeps the history; another site file is an entry, the same one is none", (t) => {
  const first = meterOf(t, { extra: "settings: { ctPrimary: 200 }" });
  done(first.configure({ ctPrimary: 300 }));
  const { store, folder } = first;
  const same = meterOf(t, { store, folder, extra: "settings: { ctPrimary: 200 }" });
  assert.deepEqual(same.entries(), first.entries());
  const other = meterOf(t, { store, folder, extra: "settings: { ctPrimary: 250 }" });
  assert.deepEqual(
    other.entries().map(({ by, changes }) => [by, changes]),
    [
      ["site", [{ key: "ctPrimary", before: 200, after: 300 }]],
      ["the site file", [{ key: "ctPrimary", before: 300, after: 250 }]],
    ],
  );
});

test("passwords of the panel are said to be others and not what; what power takes away is no entry; neither comes back with an undo", (t) => {
  const meter = meterOf(t, { model: "leviton-s4000r", extra: "options: { logging: true }" });
  done(meter.configure({ setupPassword: 4711, ctPrimary: 300, "log.page": 3 }));
  const [entry] = meter.entries();
  assert.deepEqual(entry!.changes, [
    { key: "ctPrimary", before: 100, after: 300 },
    { key: "setupPassword", secret: true },
  ]);
  done(meter.undo());
  assert.deepEqual([settingOf(meter.surface, "ctPrimary"), settingOf(meter.surface, "log.page")], [100, 3]);
  assert.deepEqual(meter.entries()[1]?.changes, [{ key: "ctPrimary", before: 300, after: 100 }]);
});

test("undo goes back to before any entry, by whoever may configure; a check of it changes nothing", (t) => {
  const meter = meterOf(t);
  const before = meter.surface.configuration();
  assert.deepEqual(meter.undo(), {
    refused: "invalid",
    words: ["entry: nothing has been changed that could be taken back"],
  });
  done(meter.configure({ ctPrimary: 300 }));
  done(meter.configure({ systemType: 31 }));
  done(meter.configure({ phaseLossVoltage: 20 }));
  const stranger: Peer = { protocol: "http", port: "site", address: "192.0.2.9", near: false };
  assert.equal(isRefused(meter.undo(0, stranger)), true);
  assert.deepEqual(meter.undo(3), { refused: "invalid", words: ["entry: expected 0 to 2; found 3"] });
  const open = meter.surface.open(near);
  const asked = done(meter.surface.obey({ command: "undoConfiguration", entry: 0, check: true }, open));
  assert.deepEqual(asked.changes?.map(({ key }) => key).toSorted(), ["ctPrimary", "phaseLossVoltage", "systemType"]);
  assert.deepEqual(asked.consequences, ["measurement and demand begin anew"]);
  assert.equal(meter.entries().length, 3);
  done(meter.undo(0));
  assert.deepEqual(meter.surface.configuration(), before);
  assert.equal(meter.entries()[3]?.undoes, 0);
});

test("a schema of every model says of each setting what the meter takes: bounds are taken, beyond them nothing is", (t) => {
  let looked = 0;
  for (const { name: model, instrument } of catalogue) {
    const meter = meterOf(t, { model });
    const { properties } = meter.surface.configurationSchema() as {
      readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    assert.deepEqual(Object.keys(properties), Object.keys(instrument.settings), model);
    for (const [name, rule] of Object.entries(instrument.settings) as [Setting, SettingRule][]) {
      const { title, enum: one, minimum, maximum, anyOf, writeOnly } = properties[name]!;
      assert.equal(String(title).toLowerCase(), rule.means.toLowerCase());
      assert.equal(properties[name]!["default"], rule.default);
      assert.equal(writeOnly === true, rule.secret === true);
      const ends = (one ?? [minimum, maximum]) as readonly number[];
      const ranges = (anyOf ?? [{ minimum: Math.min(...ends), maximum: Math.max(...ends) }]) as readonly {
        minimum: number;
        maximum: number;
      }[];
      const step = (properties[name]!["multipleOf"] ?? properties[name]!["x-step"] ?? 1) as number;
      const edges = one === undefined ? ranges.flatMap((range) => [range.minimum, range.maximum]) : ends;
      for (const value of edges) assert.ok(inDomain(rule, value), `${model} ${name} ${value}`);
      for (const value of [Math.min(...edges) - step, Math.max(...edges) + step]) {
        looked++;
        const outcome = meter.check({ [name]: value });
        assert.ok(isRefused(outcome), `${model} ${name}: ${value} is beyond ${describeDomain(rule)}`);
      }
    }
  }
  assert.ok(looked > 300, String(looked));
});

test("a Leviton says for how long its log lasts, and which energy of a pulse keeps up with full scale", (t) => {
  const meter = meterOf(t, { extra: "options: { logging: true }, settings: { ctPrimary: 100, systemVoltage: 480 }" });
  const { suggestions } = done(meter.check({}));
  // 5,760 entries of a buffer, one each quarter of an hour, are 60 days.
  assert.deepEqual(
    suggestions?.room.map(({ records, days }) => [records, days]),
    [[5760, 60]],
  );
  assert.match(suggestions!.room[0]!.words, /one set of entries each 15 min: has room for 60 days/);
  assert.equal(done(meter.check({ demandSubInterval: 60 })).suggestions?.room[0]?.days, 4);
  assert.deepEqual(
    done(meter.check({ demandSubInterval: 0 })).suggestions?.room,
    [],
    "an external sync comes when it comes",
  );
  // sqrt(3) x 480 V x 100 A = 83,138 W: at 10 Wh 2.3 pulses a second, whose closure and opening of 100 ms fit.
  const [pulse] = suggestions!.values;
  assert.deepEqual([pulse?.key, pulse?.value, pulse?.now, pulse?.fullScale], ["pulseEnergy", 10, 1000, 83_138.44]);
  assert.match(pulse!.words, /2\.309 pulses a second/);
  // 32,000 A and 32,000 V: 1.77 GW. Of 10 kWh a pulse 49 a second, of which each takes 20 ms at least: 50 fit.
  const large = done(meter.check({ ctPrimary: 32_000, ptRatio: 320, systemVoltage: 32_000 })).suggestions?.values[0];
  assert.equal(large?.value, 10_000);
});
