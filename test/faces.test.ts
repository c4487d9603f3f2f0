/** The faces that inverters and home systems ask for, as they ask. */
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { makeMeter, mapOf } from "#product/fixed-map/virtual-meter.ts";
import { modelNamesOf, products } from "#fleet/products.ts";
import { catalogue } from "#model/catalogue.ts";
import { eastronSdm630 } from "#model/eastron-sdm630.ts";
import { em24 } from "#model/em24.ts";
import { froniusTs } from "#model/fronius-ts.ts";
import type { MeterModel } from "#model/model.ts";
import { sunspecMeter } from "#model/sunspec-meter.ts";
import { MemoryStore } from "#store/store.ts";
import { LiveSource } from "#waveform/live.ts";
import { instrumentOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";
import { readRegisters, rig, samplesOf, type Rig } from "./rig.ts";

const STALE = 5;

function fed(model: MeterModel, changes: Record<string, unknown> = {}): Rig & { source: LiveSource } {
  const source = new LiveSource(50, STALE);
  source.push({
    hz: 50.02,
    volts: [230, 231.5, 229],
    lineVolts: [399.6, 398.8, 397.5],
    amps: [5.123, 4, 3],
    watts: [1000, 800, -300],
    vars: [250, -100, 50],
    ...changes,
  });
  return { ...rig({ source, model }), source };
}

test("SDM630: floats, the upper word first, by function 0x04 only", () => {
  const m = fed(eastronSdm630);
  m.run(1);
  // IEEE 754: 230.0 is 43660000, 1500.0 is 44BB8000, -300.0 is C3960000.
  assert.equal(readRegisters(m, 4, 0x00, 2), "43660000");
  assert.equal(readRegisters(m, 4, 0x34, 2), "44bb8000");
  assert.equal(readRegisters(m, 4, 0x10, 2), "c3960000");
  assert.equal(readRegisters(m, 4, 0x00, 6), "436600004367800043650000");
  // Holding registers are a table of their own: 3.0 is three phases, four wires.
  assert.equal(readRegisters(m, 3, 0x0a, 2), "40400000");
  assert.equal(readRegisters(m, 3, 0x100, 2), "exception 2");
});

test("SDM630: the total power factor at 0x003E has the sign of the power, and that at 0x00FE the other one", () => {
  const { source, ...m } = fed(eastronSdm630);
  // 3,000 W of 10 A on each phase, then as much the other way: note 5 of the list, "a sign inverted version of parameter 32".
  for (const [sign, first, second] of [
    [1, "3f", "bf"],
    [-1, "bf", "3f"],
  ] as const) {
    const watts = [950 * sign, 1000 * sign, 1050 * sign];
    source.push({ volts: [230, 231, 229], amps: [10, 10, 10], watts, vars: [0, 0, 0] });
    m.run(1);
    const [here, there] = [readRegisters(m, 4, 0x3e, 2), readRegisters(m, 4, 0xfe, 2)];
    assert.equal(here.slice(0, 2), first);
    assert.equal(there.slice(0, 2), second);
    // All but the sign's bit.
    assert.equal(Number.parseInt(here, 16) & 0x7fffffff, Number.parseInt(there, 16) & 0x7fffffff);
  }
});

test("SDM630: at most 40 values at once, none cut in two, and its code where one register is asked for alone", () => {
  const m = fed(eastronSdm630);
  m.run(1);
  assert.equal(readRegisters(m, 4, 0x00, 80).length, 320);
  assert.equal(readRegisters(m, 4, 0x00, 82), "exception 3");
  assert.equal(readRegisters(m, 4, 0x00, 3), "exception 3");
  assert.equal(readRegisters(m, 4, 0x01, 2), "exception 2");
  assert.equal(readRegisters(m, 3, 0x0b, 1), "0070", "what a Solax inverter asks first");
  assert.equal(readRegisters(m, 3, 0xfc00, 2), "02719c41", "serial number 41000001");
});

test("SDM630: energies in kWh, and one request over the whole run that readers ask for", () => {
  const source = new LiveSource(50);
  source.push({ volts: [230, 231, 229], amps: [10, 10, 10], watts: [1000, 1500, 2000], vars: [0, 0, 0] });
  const m = rig({ source, model: eastronSdm630 });
  m.run(3600);
  const f = (address: number): number => Buffer.from(readRegisters(m, 4, address, 2), "hex").readFloatBE(0);
  const near = (address: number, value: number): void =>
    assert.ok(Math.abs(f(address) - value) < 1e-4, `0x${address.toString(16)} ${f(address)}`);
  near(0x48, 4.5);
  near(0x4a, 0);
  near(0x156, 4.5);
  near(0x15a, 1);
  near(0x15c, 1.5);
  near(0x15e, 2);
  assert.equal(readRegisters(m, 4, 0x00, 80).length, 320);
  assert.equal(readRegisters(m, 4, 0x60, 2), "00000000", "between the registers that mean something");
  assert.equal(readRegisters(m, 4, 0x17e, 2), "exception 2");
  // Demand over its hour: the sum of the phases, 4500 VA, and the currents.
  near(0x54, 4500);
  near(0x56, 4500);
  near(0x64, 4500);
  near(0x66, 4500);
  near(0x50, 4.5);
  near(0x52, 30);
  near(0x102, 10);
  near(0x10c, 10);
});

test("EM24: it is found as Victron's client looks for it, and reads with the lower word first", () => {
  const m = fed(em24);
  m.run(1);
  assert.equal(readRegisters(m, 3, 0x0b, 1), "0670", "1648 when read alone");
  assert.equal(readRegisters(m, 3, 0xa000, 1), "0007", "application H");
  assert.equal(m.write(0xa000, 7), 0, "which a client may write");
  assert.equal(m.write(0x1002, 3), 3, "but one phase it is not");
  assert.equal(readRegisters(m, 3, 0x1002, 1), "0000", "three phases with neutral");
  assert.match(Buffer.from(readRegisters(m, 3, 0x5000, 7), "hex").toString("latin1"), /^41000001/);
  // 230.0 V is 2300, 5.123 A is 5123 mA, -300 W is -3000.
  assert.equal(readRegisters(m, 3, 0x00, 2), "08fc0000");
  assert.equal(readRegisters(m, 3, 0x0c, 2), "14030000");
  assert.equal(readRegisters(m, 3, 0x16, 2), "f448ffff");
  assert.equal(readRegisters(m, 3, 0x28, 2), "3a980000", "1500 W");
  assert.equal(readRegisters(m, 3, 0x33, 1), "01f4", "50.0 Hz");
  assert.equal(readRegisters(m, 3, 0x0a, 2), "0f870000", "with its neighbour 0x000b is part of a voltage: 397.5");
});

/** Walks a SunSpec chain as a client does: model ids with their lengths, from 40000 on. */
function chain(m: Rig): [id: number, length: number, first: number][] {
  assert.equal(readRegisters(m, 3, 40_000, 2), "53756e53", "SunS");
  const models: [number, number, number][] = [];
  for (let at = 40_002; models.length < 10;) {
    const [id, length] = [
      Number.parseInt(readRegisters(m, 3, at, 1), 16),
      Number.parseInt(readRegisters(m, 3, at + 1, 1), 16),
    ];
    models.push([id, length, at]);
    if (id === 0xffff) break;
    at += 2 + length;
  }
  return models;
}

test("SunSpec chains join up: common, meter, end", () => {
  const m = fed(sunspecMeter);
  m.run(1);
  assert.deepEqual(
    chain(m).map(([id, length]) => [id, length]),
    [
      [1, 66],
      [203, 105],
      [213, 124],
      [0xffff, 0],
    ],
  );
  const f = fed(froniusTs);
  f.run(1);
  assert.deepEqual(chain(f), [
    [1, 65, 40_002],
    [213, 124, 40_069],
    [0xffff, 0, 40_195],
  ]);
  for (const [systemType, int, float] of [
    [10, 201, 211],
    [12, 202, 212],
    [31, 204, 214],
  ] as const) {
    const other = rig({ source: samplesOf({}, sunspecMeter), model: sunspecMeter, settings: { systemType } });
    other.run(2);
    assert.deepEqual(
      chain(other).map(([id]) => id),
      [1, int, float, 0xffff],
    );
  }
});

/** Offsets from the model's id of 211 to 214, as published, with the value that must stand there. */
const floats: readonly (readonly [name: string, offset: number, value: number])[] = [
  ["A", 2, 12.123],
  ["AphA", 4, 5.123],
  ["AphC", 8, 3],
  ["PhV", 10, 230.1667],
  ["PhVphB", 14, 231.5],
  ["PPVphAB", 20, 399.6],
  ["PPVphCA", 24, 397.5],
  ["Hz", 26, 50.02],
  ["W", 28, 1500],
  ["WphA", 30, 1000],
  ["WphC", 34, -300],
  ["VAR", 44, 200],
  ["VARphB", 48, -100],
  ["TotWhExp", 60, 0],
  ["TotWhExpPhC", 66, 300],
  ["TotWhImp", 68, 1500],
  ["TotWhImpPhA", 70, 1000],
  ["TotVArhImpQ1phA", 94, 250],
  ["TotVArhImpQ2phC", 106, 50],
  ["TotVArhExpQ4phB", 120, 100],
];
for (const [model, first] of [
  [sunspecMeter, 40_177],
  [froniusTs, 40_069],
] as const) {
  test(`${model.name}: every float of model 213 stands where it is published`, () => {
    const source = new LiveSource(50);
    source.push({
      hz: 50.02,
      volts: [230, 231.5, 229],
      lineVolts: [399.6, 398.8, 397.5],
      amps: [5.123, 4, 3],
      watts: [1000, 800, -300],
      vars: [250, -100, 50],
    });
    const m = rig({ source, model });
    m.run(3600);
    for (const [name, offset, value] of floats) {
      const found = Buffer.from(readRegisters(m, 3, first + offset, 2), "hex").readFloatBE(0);
      assert.ok(Math.abs(found - value) <= 1e-4 * Math.max(1, Math.abs(value)), `${name}: ${found} for ${value}`);
    }
  });
}

test("Fronius: the maker, the product, the address at which it is asked, and a serial of its own for each meter", () => {
  const identity = (name: string): string[] => {
    const made = makeMeter({
      name,
      model: froniusTs,
      source: new LiveSource(50),
      clock: new VirtualClock(),
      store: new MemoryStore().drawer(name),
    });
    (made.instrument.source as LiveSource).push({ volts: [230, 231, 229], amps: [1, 1, 1] });
    made.instrument.advance(1000);
    const asked = mapOf({ ...made, clock: new VirtualClock(), unit: 240 });
    const text = (first: number, count: number): string => {
      const out = new Uint8Array(2 * count);
      assert.equal(asked.read(first, count, out, 0), 0);
      return Buffer.from(out).toString("latin1").replaceAll("\0", "");
    };
    return [text(40_004, 16), text(40_020, 16), text(40_052, 16), text(40_068, 1)];
  };
  const [one, two] = [identity("one"), identity("two")];
  assert.deepEqual([one[0], one[1], one[3]], ["Fronius", "Smart Meter TS 65A-3", "ð"], "240 is ð");
  assert.notEqual(one[2], two[2]);
});

for (const model of [sunspecMeter, froniusTs, eastronSdm630, em24]) {
  test(`${model.name}: nothing before the first reading, a fault when the source goes stale, never the last value for ever`, () => {
    const source = new LiveSource(50, STALE);
    const m = rig({ source, model });
    const watts = (): string => {
      if (model === sunspecMeter) return readRegisters(m, 3, 40_177 + 28, 2);
      if (model === froniusTs) return readRegisters(m, 3, 40_069 + 28, 2);
      return model === em24 ? readRegisters(m, 3, 0x28, 2) : readRegisters(m, 4, 0x34, 2);
    };
    const fault = model === sunspecMeter ? "7fc00000" : "exception 4";
    const reading = { volts: [230, 231, 229], amps: [1, 2, 3], watts: [200, 400, 600], vars: [0, 0, 0] };
    m.run(3);
    assert.equal(watts(), fault, "no reading has come");
    // A constant value is not stale: it comes again and again.
    for (let k = 0; k < 4; k++) {
      source.push(reading);
      m.run(STALE - 1);
      assert.notEqual(watts(), fault);
    }
    m.run(STALE + 1);
    assert.equal(watts(), fault, "nothing has come for too long");
    source.push(reading);
    m.run(1);
    assert.notEqual(watts(), fault, "it is back");
  });
}

test("a meter wears another model's face on a port of its own", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `
store: ":memory:"
clock: { start: "2026-01-01T00:00:00Z", speed: 50 }
meters:
  - name: feeder-1
    model: leviton-s4100
    source: { synthetic: { volts: [230, 231, 232], amps: [5, 6, 7], steps: true } }
    listen:
      - { modbus: tcp, port: 0 }
      - { modbus: tcp, port: 0, unit: 2, face: eastron-sdm630 }
`,
  );
  const site = loadSite(file);
  t.after(() => site.stop());
  await site.start();
  const { FixedMapSource } = await import("#headend/fixed-map-source.ts");
  const { Lines } = await import("#headend/lines.ts");
  const { parseModbusUrl } = await import("#headend/modbus-url.ts");
  const { realClock } = await import("#headend/real-clock.ts");
  for (let tries = 0; tries < 200 && !(instrumentOf(site, "feeder-1").read("W") > 0); tries++)
    await new Promise((done) => setTimeout(done, 10));
  const [own, worn] = site.listeners.flatMap(({ urls }) => urls.map(({ url }) => url));
  const valueOf = async (url: string, model: MeterModel, register: number): Promise<unknown> => {
    const how = { lines: new Lines({ timeoutMs: 2000 }), clock: realClock, wanted: "all" } as const;
    const source = new FixedMapSource({ text: url, at: parseModbusUrl(url) }, model, how);
    const { parts } = await source.read();
    await source.close();
    return parts.flatMap(({ points }) => points).find((point) => point.register === register)?.value;
  };
  assert.equal(await valueOf(worn!, eastronSdm630, 0x02), 231);
  assert.equal(
    await valueOf(
      own!,
      catalogue.find(({ name }) => name === "leviton-s4100")!,
      397,
    ),
    231,
  );
});

test("every model of the catalogue has a page, and every page's models are in it", () => {
  const root = fileURLToPath(new URL("../docs/", import.meta.url));
  const text = globSync(["models/*.md", "faces/*.md"], { cwd: root })
    .map((file) => readFileSync(path.join(root, file), "utf8"))
    .join("\n");
  for (const name of modelNamesOf(products)) assert.ok(text.includes(`\`${name}\``), `${name} has no page`);
});
