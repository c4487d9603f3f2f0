/** The reset system of the Leviton meters: what function 0x11 then returns, and that the meter does nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSite } from "#fleet/site-file.ts";
import { levitonS4000k } from "#model/leviton-s4000k.ts";
import { levitonS4000r } from "#model/leviton-s4000r.ts";
import { levitonS4100 } from "#model/leviton-s4100.ts";
import { powerlogicPm800 } from "#model/powerlogic-pm800.ts";
import { FileError } from "#product/file-error.ts";
import { FixedMapSurface } from "#product/fixed-map/surface.ts";
import { isRefused, type Session } from "#quantity/authority.ts";
import { feeder, live, reading, rig, type RigOptions } from "./rig.ts";

function fed(options: RigOptions = {}) {
  const source = live();
  source.push(reading);
  const meter = rig({ source, settings: feeder, ...options });
  const surface = new FixedMapSurface(meter, meter.clock, () => undefined);
  const near: Session = { peer: { protocol: "http", port: "site", near: true } };
  const far: Session = { peer: { protocol: "http", port: "site", near: false } };
  const fails = (failed: boolean, session = near, part = "operating system") =>
    surface.obey({ command: "hardware", part, failed }, session);
  return { ...meter, surface, near, far, fails };
}

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");

test("function 0x11 has status 0x00 and the text of the reset system, of each model", () => {
  // "status = 0x00 if the reset system is used", "… - RESET SYSTEM RUNNING RS Version x.xxx".
  for (const [model, text] of [
    [levitonS4100, "Leviton S4100 Power Meter Full Data Set"],
    [levitonS4000k, "Leviton Series 4000K Power Meter Full Data Set"],
    [levitonS4000r, "Leviton Series 4000R Power Meter Full Data Set"],
  ] as const) {
    const meter = fed({ model });
    const asked = () => meter.ask("0001 0000 0002 01 11");
    const answer = (status: string, said: string): string =>
      `01 11 ${(2 + said.length).toString(16)} f7 ${status}`.replaceAll(" ", "") + hex(said);
    assert.ok(asked().endsWith(answer("ff", text)));
    assert.ok(!isRefused(meter.fails(true)));
    assert.ok(asked().endsWith(answer("00", `${text} - RESET SYSTEM RUNNING RS Version 1.000`)), asked());
    assert.ok(!isRefused(meter.fails(false)));
    assert.ok(asked().endsWith(answer("ff", text)));
  }
});

test("every other function fails with exception 04 while the reset system runs", () => {
  const meter = fed();
  meter.fails(true);
  for (const [request, code] of [
    ["03 0000 0002", "83"],
    ["04 0100 0002", "84"],
    ["06 0080 757e", "86"],
    ["10 0082 0001 02 0064", "90"],
    ["2b 0e 01 00", "ab"],
    ["08 0000 0000", "88"],
  ] as const) {
    const pdu = request.replaceAll(" ", "");
    const length = (1 + pdu.length / 2).toString(16).padStart(4, "0");
    assert.equal(meter.ask(`0001 0000 ${length} 01 ${pdu}`), `000100000003 01 ${code} 04`.replaceAll(" ", ""), request);
  }
});

test("it measures nothing meanwhile, keeps its energies, and starts again with the operating system", () => {
  const meter = fed();
  meter.run(3600);
  const starts = meter.instrument.counts.powerUps;
  meter.fails(true);
  meter.run(3600);
  assert.ok(Number.isNaN(meter.instrument.read("W")));
  assert.ok(Number.isNaN(meter.instrument.read("Hz")));
  assert.match(meter.surface.status().failures.join(), /reset system/);
  meter.fails(false);
  assert.deepEqual(meter.surface.status().failures, []);
  assert.equal(meter.instrument.counts.powerUps, starts + 1);
  meter.run(1800);
  // An hour and a half at 61 kW, in tens of Wh.
  assert.equal(meter.i16(141), -2);
  assert.equal(meter.u32(3), 9150);
  assert.equal(meter.u16(28), 5997);
});

test("only the site's operators put it in, of a part and a meter that have it", () => {
  const meter = fed();
  assert.match(JSON.stringify(meter.fails(true, meter.far)), /operators/);
  assert.match(
    JSON.stringify(meter.fails(true, meter.near, "cover")),
    /expected \\"operating system\\"; found \\"cover\\"/,
  );
  assert.equal(meter.instrument.inResetSystem, false);
  assert.match(JSON.stringify(fed({ model: powerlogicPm800 }).fails(true)), /does not know the command hardware/);
});

test("a site file starts a Leviton meter in its reset system, and refuses others that", () => {
  const site = (model: string): string =>
    `meters: [{ name: m, model: ${model}, resetSystem: true, source: { live: {} }, listen: [{ modbus: tcp, port: 1502 }] }]`;
  assert.equal(parseSite("s.yaml", site("leviton-s4100")).meters[0]?.resetSystem, true);
  for (const model of ["powerlogic-pm800", "ametek-jemstar-ii"]) {
    assert.throws(
      () => parseSite("s.yaml", site(model)),
      (error) => error instanceof FileError && /resetSystem: .* has none/.test(error.message),
    );
  }
});
