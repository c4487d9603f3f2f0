/** Faces on one, two and three wires: what is not there reads as the real product reads it, and a face is never what it cannot be. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { catalogue, modelNamed } from "#model/catalogue.ts";
import { functionOf, wordsOf, type Is } from "#protocol/modbus/register-table.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { LiveSource, type LiveReading } from "#waveform/live.ts";
import { Network } from "#waveform/network.ts";
import { SyntheticSteps } from "#waveform/synthetic.ts";
import { network, readRegisters, rig, type Rig } from "./rig.ts";
import { temporaryFolder } from "./running-site.ts";

const one: LiveReading = { hz: 50, volts: [230.4], amps: [5.1], watts: [1000], vars: [100] };
const two: LiveReading = { hz: 60, volts: [120.1, 119.8], amps: [5.1, 4.2], watts: [500, 400], vars: [40, 30] };
const three: LiveReading = {
  hz: 50,
  volts: [230.1, 231.2, 229.3],
  amps: [5.1, 4.2, 3.3],
  watts: [900, 800, 700],
  vars: [90, 80, 70],
};

const readings: Readonly<Record<WiringName, LiveReading>> = {
  "1-phase-ln": one,
  "1-phase-ll": one,
  "split-phase": two,
  network: two,
  wye: three,
  delta: three,
  "two-element": three,
  "open-delta": three,
};

/** Faces whose formats have no invalid value. */
const faces = catalogue.filter(({ modbus: { faultWhenUnmeasured } }) => faultWhenUnmeasured === true);

function connected(name: string, systemType: number, reading: LiveReading): Rig {
  const model = modelNamed(name);
  assert.ok(model !== undefined, name);
  const source = new LiveSource(50);
  source.push(reading);
  const m = rig({ source, model, settings: { systemType } });
  m.run(2);
  return m;
}

test("EM24: one phase is system 3, and what belongs to the others reads 0", () => {
  const m = connected("em24", 10, one);
  assert.equal(readRegisters(m, 3, 0x1002, 1), "0003");
  // 230.4 V is 2304, low word first; then L2 and L3, and the three voltages from line to line.
  assert.equal(readRegisters(m, 3, 0x0000, 12), `09000000${"0".repeat(40)}`);
  assert.equal(readRegisters(m, 3, 0x0032, 1), "0000");
  assert.equal(m.write(0x1002, 3), 0, "what it is already");
});

test("EM24: two halves of a split phase are system 2, three wires are system 4", () => {
  assert.equal(readRegisters(connected("em24", 12, two), 3, 0x1002, 1), "0002");
  const delta = connected("em24", 31, three);
  assert.equal(readRegisters(delta, 3, 0x1002, 1), "0004");
  assert.equal(readRegisters(delta, 3, 0x0000, 6), "0".repeat(24), "no neutral, no voltage to it");
  assert.equal(readRegisters(delta, 3, 0x0028, 2), "5dc00000", "2400 W in all");
  assert.equal(readRegisters(connected("et340", 31, three), 3, 0x1002, 1), "0001", "the 300 series counts otherwise");
});

test("SDM630: on three wires the list's crosses read 0, on one phase those of the others", () => {
  const delta = connected("eastron-sdm630", 31, three);
  assert.equal(readRegisters(delta, 3, 0x000a, 2), "40000000", "3P3W is 2");
  assert.equal(readRegisters(delta, 4, 0x0000, 6), "0".repeat(24), "volts to neutral");
  assert.equal(readRegisters(delta, 4, 0x000c, 12), "0".repeat(48), "power and VA of a phase");
  assert.equal(readRegisters(delta, 4, 0x0034, 2), "45160000", "2400 W in all");
  const single = connected("eastron-sdm630", 10, one);
  assert.equal(readRegisters(single, 3, 0x000a, 2), "3f800000", "1P2W is 1");
  assert.equal(readRegisters(single, 4, 0x0002, 4), "0".repeat(16), "volts of phases 2 and 3");
  assert.equal(readRegisters(single, 4, 0x00c8, 8), "0".repeat(32), "volts from line to line");
});

test("ABB B23: what two elements have no part in is invalid, as its manual says", () => {
  const m = connected("abb-b23", 30, three);
  assert.equal(readRegisters(m, 3, 0x5b00, 6), "f".repeat(24), "volts to neutral");
  assert.equal(readRegisters(m, 3, 0x5b18, 2), "7fffffff", "watts of a phase without an element");
  assert.equal(readRegisters(m, 3, 0x5b34, 1), "ffff", "what it does not have");
});

/** Whether a row shows a quantity. */
function shows(is: Is<string>): boolean {
  return typeof is === "string" || "signed" in is || "rest" in is || "code" in is;
}

for (const { name, modbus, instrument } of faces) {
  for (const [systemType, wiring] of Object.entries(instrument.wirings)) {
    test(`${name} as ${wiring}: no value is a NaN, or an integer that readers take for a number of volts`, () => {
      const m = connected(name, Number(systemType), readings[wiring]);
      // The published models have values of their own for what is not implemented.
      for (const block of modbus.map.blocks.filter(({ absent }) => absent !== "sunspec")) {
        for (const [reg, , , format] of block.rows.filter(([, , , , , , what]) => shows(what))) {
          const hex = readRegisters(m, functionOf(block), reg - modbus.map.base, wordsOf(format));
          assert.doesNotMatch(hex, /exception|^7fc0|^0*80008000|^8000$/, `${reg.toString(16)}: ${hex}`);
          if (format === "Float") {
            const words = modbus.map.lowWordFirst === true ? hex.slice(4) + hex.slice(0, 4) : hex;
            assert.ok(Number.isFinite(Buffer.from(words, "hex").readFloatBE()), `${reg.toString(16)}: ${hex}`);
          }
        }
      }
    });
  }
}

test("a phase sequence is that of the source: 0 as L1-L2-L3, -1 as L1-L3-L2", () => {
  const model = modelNamed("em24");
  const turning = (angles: readonly [number, number, number]): string => {
    const m = rig({ model: model!, source: new SyntheticSteps(new Network({ ...network, hz: 50, angles })) });
    m.run(2);
    return readRegisters(m, 3, 0x0032, 1);
  };
  assert.equal(turning([0, -120, 120]), "0000");
  assert.equal(turning([0, 120, -120]), "ffff");
});

function siteWith(t: TestContext, meter: string): () => ReturnType<typeof loadSite> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, `store: ":memory:"\nmeters:\n  - name: house\n${meter}`);
  // A clock that stands still: the meters' time is what `advance` says.
  return () => loadSite(file, { clock: new VirtualClock() });
}

test("a face is refused on a wiring that its product does not have, in words", async (t) => {
  const site = siteWith(
    t,
    `    model: leviton-s4100
    settings: { systemType: 31 }
    source: { synthetic: { volts: 230, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0, face: chint-dtsu666 }]
`,
  )();
  t.after(() => site.stop());
  await assert.rejects(
    site.start(),
    /house is connected as delta .* cannot wear the face chint-dtsu666, which can be wye/s,
  );
});

test("a model is refused a system type that its product does not have, and is told what it can be", (t) => {
  const load = siteWith(
    t,
    `    model: eastron-sdm120
    settings: { systemType: 40 }
    source: { synthetic: { volts: 230, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0 }]
`,
  );
  assert.throws(load, /systemType: expected 1-phase-ln, or one of 10; found 40/);
});

test("a wiring may be said in words", (t) => {
  const site = siteWith(
    t,
    `    model: em24
    settings: { systemType: 1-phase-ln }
    source: { synthetic: { volts: 230, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0 }]
`,
  )();
  t.after(() => site.stop());
  const unit = site.meter("house")?.bindings.modbus?.({ port: "ethernet 1", unit: 1 });
  const out = new Uint8Array(2);
  assert.equal(unit?.read(0x1002, 1, out, 0), 0);
  assert.equal(out[1], 3);
});

test("a meter that wears a face has its wiring in words, too", (t) => {
  const load = siteWith(
    t,
    `    model: leviton-s4100
    settings: { systemType: split-phase }
    source: { synthetic: { volts: [120, 121], amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0, face: em24 }]
`,
  );
  const site = load();
  t.after(() => site.stop());
  // Register 130 of the manual's list: 12 is single phase, three wires.
  const out = new Uint8Array(2);
  assert.equal(site.meter("house")?.bindings.modbus?.({ port: "ethernet 1", unit: 1 })?.read(129, 1, out, 0), 0);
  assert.deepEqual([...out], [0, 12]);
});

test("a wiring that nobody says is the source's, and where that does not tell, whoever starts the site is told", (t) => {
  const systemOf = (source: string): readonly [system: number, notices: readonly string[]] => {
    const site = siteWith(t, `    model: em24\n    source: { ${source} }\n    listen: [{ modbus: tcp, port: 0 }]\n`)();
    t.after(() => site.stop());
    const out = new Uint8Array(2);
    site.meter("house")?.bindings.modbus?.({ port: "ethernet 1", unit: 1 })?.read(0x1002, 1, out, 0);
    return [out[1] ?? NaN, site.notices.map(textOf)];
  };
  assert.deepEqual(systemOf("synthetic: { volts: [230], amps: [5], steps: true }"), [3, []]);
  assert.deepEqual(systemOf("synthetic: { volts: [120, 120], amps: [5, 4], steps: true }"), [2, []]);
  assert.deepEqual(systemOf("synthetic: { volts: 230, amps: 5, steps: true }"), [0, []]);
  const [system, notices] = systemOf("live: {}");
  assert.equal(system, 0);
  assert.match(
    notices.join("\n"),
    /^house: is connected as wye, as nothing says how: settings.systemType is for that \(one of wye, 1-phase-ln,/,
  );
});

test("a meter whose wiring changes to one that the face cannot be reads as faulty there", (t) => {
  const site = siteWith(
    t,
    `    model: leviton-s4100
    settings: { systemType: 40 }
    source: { synthetic: { volts: 230, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0, face: chint-dtsu666 }]
`,
  )();
  t.after(() => site.stop());
  const device = site.meter("house");
  const unit = device?.bindings.modbus?.({ port: "ethernet 1", unit: 1, face: "chint-dtsu666" });
  device?.advance(5000);
  const out = new Uint8Array(4);
  assert.equal(unit?.read(0x2012, 2, out, 0), 0);
  const own = device?.bindings.modbus?.({ port: "ethernet 1", unit: 1 });
  assert.equal(own?.write(129, Uint16Array.of(31)), 0);
  assert.equal(unit?.read(0x2012, 2, out, 0), 4);
});

test("SunSpec shows the address of the listener that is asked", (t) => {
  const site = siteWith(
    t,
    `    model: sunspec-meter
    source: { synthetic: { volts: 230, amps: 5, steps: true } }
    listen: [{ modbus: tcp, port: 0, unit: 7 }, { modbus: tcp, port: 0, unit: 33 }]
`,
  )();
  t.after(() => site.stop());
  const device = site.meter("house");
  device?.advance(2000);
  const addresses = [7, 33].map((unit) => {
    const out = new Uint8Array(2);
    assert.equal(device?.bindings.modbus?.({ port: "ethernet 1", unit })?.read(40_068, 1, out, 0), 0);
    return out[1];
  });
  assert.deepEqual(addresses, [7, 33]);
});

test("SunSpec: the power factor of all has the sign of the power that flows, whatever single phases do", () => {
  const m = connected("sunspec-meter", 40, {
    hz: 50,
    volts: [230, 230.5, 229.5],
    amps: [5, 5, 20],
    // Two phases take, one gives more than both.
    watts: [1100, 1100, -4000],
    vars: [50, 60, 70],
  });
  const at = (offset: number): number => Buffer.from(readRegisters(m, 3, 40_177 + offset, 2), "hex").readFloatBE();
  assert.ok(at(28) < 0 && at(52) < 0, `W ${at(28)}, PF ${at(52)}`);
  assert.ok(Math.abs(at(52) - -1800 / Math.hypot(1800, 180)) < 1e-6);
  const percent = (Number.parseInt(readRegisters(m, 3, 40_070 + 33, 1), 16) << 16) >> 16;
  assert.ok(percent < 0, "of the integer model, too");
  assert.ok(at(54) > 0 && at(58) < 0, "and each phase has its own");
});
