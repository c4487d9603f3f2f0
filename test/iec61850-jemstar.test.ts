/** A JEMStar II as an IED (Appendix E): its model, its values with quality and time, its rights. Values are arithmetic of its source. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { quality, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { leavesOf } from "#protocol/iec61850/model/references.ts";
import { nodeName } from "#protocol/iec61850/model/ied.ts";
import { accessErrors, addCauses } from "#protocol/iec61850/server/host.ts";
import { MemoryStore } from "#store/store.ts";
import { iedMeter, type IedMeter } from "./iec61850-meter.ts";

const near = (value: LeafValue, expected: number, of = 1e-6): void => {
  assert(
    typeof value === "number" && Math.abs(value - expected) <= of * Math.max(1, Math.abs(expected)),
    `${String(value)}, expected ${expected}`,
  );
};

const nodesOf = ({ host }: IedMeter): string =>
  host.ied.devices.flatMap(({ nodes }) => nodes.map((one) => nodeName(one))).join(" ");

test("a meter has the logical nodes of Appendix E, and those of later editions", (t) => {
  assert.equal(nodesOf(iedMeter(t)), "LLN0 LPHD1 MMXU1 MMTR1 MSTA1 MHAI1 QVVR1 IN_GGIO1 Out_GGIO2 LTMS1");
  assert.equal(
    nodesOf(iedMeter(t, { configuration: 'iec61850: { edition: "1" }' })),
    "LLN0 LPHD1 MMXU1 MMTR1 MSTA1 MHAI1 IN_GGIO1 Out_GGIO2",
  );
  assert.match(
    nodesOf(iedMeter(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-IEC-PQ3" })),
    /MSQI1 MHAI1 MFLK1 QVVR1 RDRE1 RADR1 .* RBDR2 IN_GGIO1/,
  );
});

test("a meter without option IEC has no host of it", (t) => {
  assert.throws(() => iedMeter(t, { modelNumber: "JSII-09I6020-1B/2A-DIO" }));
});

test("measured values are primary, with the quality and the instant of their cycle", (t) => {
  const meter = iedMeter(t, { configuration: "primary: { pt: 10, ct: 4 }" });
  meter.host.image();
  meter.pass(1);
  near(meter.value("MMXU1.TotW.mag.f"), 1484.6 * 40);
  near(meter.value("MMXU1.W.phsB.cVal.mag.f"), 363 * 40);
  near(meter.value("MMXU1.VAr.phsA.cVal.mag.f"), 283.2 * 40);
  near(meter.value("MMXU1.VA.phsC.cVal.mag.f"), 744 * 40);
  near(meter.value("MMXU1.PhV.phsA.cVal.mag.f"), 1180);
  near(meter.value("MMXU1.A.phsC.cVal.mag.f"), 24);
  near(meter.value("MMXU1.PhV.phsB.cVal.ang.f"), -120);
  // The current lags by acos 0.8.
  near(meter.value("MMXU1.A.phsA.cVal.ang.f"), -36.869898);
  near(meter.value("MMXU1.Hz.mag.f"), 60);
  assert.equal(meter.value("MMXU1.TotW.q"), quality.good);
  const at = meter.value("MMXU1.TotW.t") as IedTime;
  assert(at.utc > Date.UTC(2026, 0, 1) && at.utc <= Date.UTC(2026, 0, 1, 0, 1));
  assert.deepEqual([at.notSynchronised, at.leapSecondsKnown, at.accuracyBits], [true, false, undefined]);
});

test("a power factor has the sign of active power (7-4, PFSign IEC)", (t) => {
  const meter = iedMeter(t);
  meter.host.image();
  meter.pass(1);
  near(meter.value("MMXU1.PF.phsA.cVal.mag.f"), 0.8);
  near(meter.value("MMXU1.PF.phsC.cVal.mag.f"), 1);
  assert.equal(meter.value("MMXU1.PFSign.setVal"), 1);
  const received = iedMeter(t, { source: "volts: 120, amps: 5, pf: 0.8, export: true" });
  received.host.image();
  received.pass(1);
  near(received.value("MMXU1.TotPF.mag.f"), -0.8);
});

test("before a meter has measured its values are not known, and invalid", (t) => {
  const meter = iedMeter(t);
  assert.equal(meter.value("MMXU1.TotW.mag.f"), undefined);
  assert.equal(meter.value("MMXU1.TotW.q"), quality.invalid);
});

test("energies are whole watt hours since they began, delivered is supplied", (t) => {
  const meter = iedMeter(t);
  meter.pass(60);
  // 1484.6 W, 767.2 var of which phase C has none.
  const counts = ["TotWh", "SupWh", "DmdWh", "SupVArh"].map((name) => meter.value(`MMTR1.${name}.actVal`));
  assert.deepEqual(counts, [1484n, 1484n, 0n, 767n]);
  assert.equal(meter.value("MMTR1.SupWh.pulsQty"), 1);
  assert.equal(meter.value("MMTR1.SupWh.units.SIUnit"), 72);
  assert.equal(meter.value("MMTR1.SupWh.q"), quality.good);
});

test("statistics are those of the last whole window by the clock", (t) => {
  const meter = iedMeter(t, { configuration: "iec61850: { statisticsMinutes: 1 }" });
  meter.host.image();
  meter.pass(2.5);
  near(meter.value("MSTA1.AvW.mag.f"), 1484.6);
  near(meter.value("MSTA1.MaxAmps.mag.f"), 5);
  near(meter.value("MSTA1.MinVolts.mag.f"), 121);
  assert.equal(meter.value("MSTA1.AvW.q"), quality.good);
});

test("each window has its own figures, however near they are to those of the one before", (t) => {
  // From 0.2 of 2,880 W at midnight to all of it at noon: 3.2 W a minute, where a dead band of 0.1 % would be 28.8 W.
  const meter = iedMeter(t, {
    configuration: "iec61850: { statisticsMinutes: 1 }",
    source: 'volts: 120, amps: 10, pf: 0.8, load: { "00:00": 0.2, "12:00": 1 }',
  });
  meter.host.image();
  const watts = (seconds: number): number => 2880 * (0.2 + (0.8 * seconds) / 43_200);
  for (const [minutes, end] of [
    [2.2, 120],
    [1, 180],
    [1, 240],
  ] as const) {
    meter.pass(minutes);
    // Within a cycle of 1.5 s.
    near(meter.value("MSTA1.AvW.mag.f"), watts(end - 30), 1e-4);
    near(meter.value("MSTA1.MaxW.mag.f"), watts(end), 3e-4);
    near(meter.value("MSTA1.MinW.mag.f"), watts(end - 60), 3e-4);
  }
  assert.equal(meter.has("MSTA1.AvW.db"), false);
});

test("inputs and outputs have the numbers of their channels", (t) => {
  const meter = iedMeter(t);
  meter.host.image();
  assert.equal(meter.has("IN_GGIO1.Ind1.stVal"), false);
  assert.equal(meter.has("Out_GGIO2.SPCSO7.stVal"), false);
  meter.pass(1);
  assert.equal(meter.value("IN_GGIO1.Ind7.stVal"), false);
  const before = meter.value("IN_GGIO1.Ind7.t") as IedTime;
  meter.tell({ command: "input", channel: 7, closed: true });
  meter.pass(1);
  assert.equal(meter.value("IN_GGIO1.Ind7.stVal"), true);
  assert.equal(meter.value("IN_GGIO1.Ind8.stVal"), false);
  assert((meter.value("IN_GGIO1.Ind7.t") as IedTime).utc > before.utc);
});

test("of an image in which nothing is another the object is the same, and so are values that are not others", (t) => {
  const meter = iedMeter(t);
  meter.host.image();
  meter.pass(1);
  const one = meter.host.image();
  assert.equal(meter.host.image(), one);
  meter.tell({ command: "input", channel: 8, closed: true });
  meter.pass(0.1);
  const other = meter.host.image();
  assert.notEqual(other, one);
  const changed = [...leavesOf(meter.host.ied)].filter(
    ({ leaf }) => other.values[leaf.index] !== one.values[leaf.index],
  );
  assert.deepEqual(
    // Pulses of energy go on meanwhile.
    changed.filter(({ node }) => node.prefix === "IN_").map(({ path }) => path),
    ["Ind8.stVal", "Ind8.t"],
  );
});

test("nothing is made of a meter that nobody asks", (t) => {
  const meter = iedMeter(t);
  let looked = 0;
  const { surface } = meter.device;
  t.mock.method(surface, "values", (...args: Parameters<typeof surface.values>) => {
    looked++;
    return Object.getPrototypeOf(Object.getPrototypeOf(surface)).values.apply(surface, args);
  });
  meter.pass(2);
  assert.equal(looked, 0);
});

// ── dead bands ──────────────────────────────────────────────────────────────────────────────────────────────────────

test("what is reported stays within its dead band, what is read at once does not", (t) => {
  // The range of TotW is 2 × 3 × 2 × 120 V × 20 A = 28,800 W: 5,000 of 0.001 % are 1,440 W.
  const meter = iedMeter(t, {
    configuration: "iec61850: { deadband: 5000, deadbands: [{ of: MMXU1.W.phsA, db: 0 }] }",
  });
  meter.host.image();
  meter.pass(1);
  near(meter.value("MMXU1.TotW.mag.f"), 1484.6);
  assert.equal(meter.value("MMXU1.TotW.db"), 5000);
  assert.equal(meter.value("MMXU1.W.phsA.db"), 0);
  assert.equal(meter.value("MMXU1.W.phsB.db"), 5000);
  near(meter.value("MMXU1.TotW.rangeC.max.f"), 14_400);
  near(meter.value("MMXU1.TotW.rangeC.min.f"), -14_400);
});

// ── rights ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const SECRET = { command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" };

test("who shows nothing reads, and operates nothing", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const client = await meter.client();
  assert.equal(client.mayRead(), true);
  assert.equal(client.mayControl("JEM01MTR/Out_GGIO2.SPCSO5"), addCauses.noAccessAuthority);
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO5", true), addCauses.noAccessAuthority);
});

test("who shows the password is the user whose it is, and operates outputs", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  assert.equal(meter.tell(SECRET), "done");
  const client = await meter.client("open sesame");
  assert.equal(client.mayControl("JEM01MTR/Out_GGIO2.SPCSO5"), undefined);
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO5", true), undefined);
  assert.equal(meter.value("Out_GGIO2.SPCSO5.stVal"), true);
  assert.equal(meter.value("Out_GGIO2.Ind5.stVal"), true);
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO7", true), addCauses.notSupported);
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO5", 1), addCauses.inconsistentParameters);
});

test("a wrong password is refused in words, and counts", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  const wrong = () =>
    meter.host.admit({
      peer: "192.0.2.7",
      near: false,
      password: new TextEncoder().encode("open barley"),
      rights: "write",
    });
  assert.equal(await wrong(), "wrong user or key");
  await wrong();
  await wrong();
  assert.match(String(await wrong()), /locked out/);
});

test("the metering key bars pulses of energy that are none", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  meter.tell({ command: "key", key: "metering", installed: true });
  const client = await meter.client("open sesame");
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO1", true), addCauses.blockedByInterlocking);
  assert.equal(client.control("JEM01MTR/Out_GGIO2.SPCSO5", true), undefined);
});

test("what a certificate lets somebody do is a bound, whatever he shows", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  const password = new TextEncoder().encode("open sesame");
  const reader = await meter.host.admit({ peer: "192.0.2.7", near: false, password, rights: "read" });
  assert(typeof reader !== "string");
  assert.equal(reader.control("JEM01MTR/Out_GGIO2.SPCSO5", true), addCauses.noAccessAuthority);
  assert.equal(reader.mayKeep?.(), false);
  assert.match(String(await meter.host.admit({ peer: "192.0.2.7", near: false, password, rights: "none" })), /no role/);
});

test("data sets that last are made by who may configure protocols", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  assert.equal((await meter.client()).mayKeep?.(), false);
  assert.equal((await meter.client("open sesame")).mayKeep?.(), true);
});

test("an output that was operated stays as it is when a dead band is written", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  const client = await meter.client("open sesame");
  const output = "JEM01MTR/Out_GGIO2.SPCSO5";
  assert.equal(client.control(output, true), undefined);
  meter.pass(1);
  const closed = (): unknown => meter.value("Out_GGIO2.SPCSO5.stVal");
  const leaf = [...leavesOf(meter.host.ied)].find(({ path }) => path === "TotW.db")?.leaf;
  assert(leaf !== undefined);
  assert.equal(closed(), true);
  assert.equal(client.write(leaf, 777), undefined);
  meter.pass(2);
  assert.equal(closed(), true);
});

test("a dead band that is written is a setting of the meter, and ends no association", async (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  meter.tell(SECRET);
  const { epoch, ied } = meter.host;
  const leaf = [...leavesOf(ied)].find(({ path }) => path === "TotW.db")?.leaf;
  assert(leaf !== undefined && leaf.writable === true);
  const client = await meter.client("open sesame");
  const first = meter.host.epoch;
  assert.equal(client.write(leaf, 250), undefined);
  assert.equal(meter.value("MMXU1.TotW.db"), 250);
  assert.deepEqual(meter.jem.file.iec61850.deadbands, [{ of: "MMXU1.TotW", db: 250 }]);
  assert.equal(meter.host.epoch, first);
  assert.equal(meter.host.ied, ied);
  assert.equal(client.write(leaf, 100_001), accessErrors.valueInvalid);
  assert.equal((await meter.client()).write(leaf, 0), accessErrors.accessDenied);
  const other = [...leavesOf(ied)].find(({ path }) => path === "TotW.units.SIUnit")?.leaf;
  assert(other !== undefined);
  assert.equal(client.write(other, 5), accessErrors.accessDenied);
  assert(epoch <= first);
});

// ── epochs ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test("another model ends associations, another display does not, nor does a configuration that means the same", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const { epoch } = meter.host;
  assert.equal(
    meter.configure((file) => Object.assign(file.display, { scrollSeconds: 5 })),
    "done",
  );
  assert.equal(meter.host.epoch, epoch);
  assert.equal(
    meter.configure((file) => Object.assign(file.iec61850, { name: "FEEDER7" })),
    "done",
  );
  assert(meter.host.epoch > epoch);
  assert.equal(meter.host.ied.devices[0]?.domain, "FEEDER7MTR");
});

test("a cold start forgets the reports that wait, and ends associations", (t) => {
  const store = new MemoryStore().drawer("jem");
  const meter = iedMeter(t, { store });
  meter.pass(1);
  const { epoch } = meter.host;
  meter.host.reports.put("brcbIO01/1", Uint8Array.of(1, 2));
  assert.deepEqual([...meter.host.reports.entries("brcbIO")], [["brcbIO01/1", Uint8Array.of(1, 2)]]);
  assert.deepEqual(meter.host.reports.get("brcbIO01/1"), Uint8Array.of(1, 2));
  assert.equal(meter.tell({ command: "coldStart" }), "done");
  assert.deepEqual([...meter.host.reports.entries("")], []);
  assert(meter.host.epoch > epoch);
});

test("a power failure of the meter ends associations; what reports keep stays", (t) => {
  const meter = iedMeter(t);
  meter.pass(1);
  const { epoch } = meter.host;
  meter.host.reports.put("a", Uint8Array.of(7));
  meter.tell({ command: "powerDown" });
  meter.pass(1);
  assert.equal(meter.host.answers(), false);
  meter.tell({ command: "powerUp" });
  meter.pass(1);
  assert(meter.host.epoch > epoch);
  assert.deepEqual(meter.host.reports.get("a"), Uint8Array.of(7));
});

test("the time of a clock that nobody has set since it began in 1970 is a failure of the clock (8-1, TimeQuality)", (t) => {
  const failing = (utc: number): boolean => {
    const meter = iedMeter(t, { utc });
    meter.pass(1);
    return meter.host.now().clockFailure;
  };
  assert.equal(failing(0), true);
  assert.equal(failing(Date.UTC(2026, 0, 1)), false);
});

// ── health, diagnostics ─────────────────────────────────────────────────────────────────────────────────────────────

test("health is a warning of what wants looking after, and an alarm of what has failed", (t) => {
  const meter = iedMeter(t);
  meter.host.image();
  meter.pass(1);
  assert.equal(meter.value("LLN0.Health.stVal"), 1);
  meter.tell({ command: "battery", state: "low" });
  meter.pass(1);
  assert.equal(meter.value("LPHD1.PhyHealth.stVal"), 2);
  meter.tell({ command: "hardware", part: "configuration", failed: true });
  meter.pass(1);
  assert.equal(meter.value("LLN0.Health.stVal"), 3);
});

test("every value that is served is known when its quality is good", (t) => {
  const meter = iedMeter(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-IEC-PQ3" });
  meter.host.image();
  meter.pass(1);
  const { values } = meter.host.image();
  const qualities = new Map<string, LeafValue>();
  for (const { node, path, leaf } of leavesOf(meter.host.ied))
    if (leaf.name === "q") qualities.set(`${nodeName(node)}.${path.slice(0, -2)}`, values[leaf.index]);
  for (const { node, path, leaf } of leavesOf(meter.host.ied)) {
    if (values[leaf.index] !== undefined || leaf.fc === "CO") continue;
    const object = [...qualities.keys()].filter((one) => `${nodeName(node)}.${path}`.startsWith(`${one}.`)).at(-1);
    const q = object === undefined ? undefined : qualities.get(object);
    assert(typeof q === "number" && q !== quality.good, `${nodeName(node)}.${path} is not known, and ${String(q)}`);
  }
});
