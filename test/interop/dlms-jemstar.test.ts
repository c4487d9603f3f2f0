/**
 * gurux_dlms, a program of its own, reads a JEMStar II as the manual has it (conformance 0x00101C): every attribute of every object, a profile
 * by range and by entry; and sets its clock. What it finds is arithmetic of the source.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { registerRows } from "#product/jemstar/dlms/register-table.ts";
import { jemStar } from "../authority-rig.ts";
import { DLMS_MODEL, UNEQUAL } from "../dlms-meter.ts";
import { peersPython, runProgram, withoutPeers } from "./programs.ts";

const saving =
  "{ start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 } }";
const configuration = `
timekeeping: { utcOffsetMinutes: 60, daylightSaving: ${saving} }
profiles: [{ minutes: 15, data: engineering, channels: [{ measure: { quantity: Wh } }, { measure: { quantity: V, phase: c } }] }]`;

/** 118 V 4 A 0.8, 121 V 5 A 0.6, 124 V 6 A 1. */
const WATTS = 118 * 4 * 0.8 + 121 * 5 * 0.6 + 124 * 6;

test(
  "gurux_dlms reads every attribute, a profile by time and by entry, and sets the clock",
  {
    skip: withoutPeers("gurux_dlms"),
  },
  async (t) => {
    const rig = jemStar(t, {
      modelNumber: DLMS_MODEL,
      source: UNEQUAL,
      listen: "{ dlms: tcp, port: 0 }",
      configuration,
    });
    rig.run(1440);
    const listeners = new Listeners({ clock: new SystemClock(), folder: rig.folder });
    t.after(() => listeners.close());
    await listeners.open([{ ...deviceOf(rig.jem), name: "head", listen: rig.listen }]);
    const [port = ""] = listeners.all.map(({ what }) => /:([0-9]+)$/.exec(what)?.[1] ?? "");
    const script = fileURLToPath(new URL("gurux-jemstar.py", import.meta.url));
    const words = ["2026-01-01 03:00", "2026-01-01 03:45", "2026-02-03 04:05"];
    // Its dates without a zone are those of the machine: there an hour east of Greenwich, as the meter.
    const { out, status } = await runProgram("env", ["TZ=Etc/GMT-1", peersPython, script, port, ...words], 60_000);
    assert.equal(status, 0, out);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as readonly [string, unknown]);
    const said = new Map(lines);
    const names = new Set((said.get("objects") as readonly (readonly [number, string])[]).map(([, name]) => name));
    for (const [, code] of registerRows) assert.ok(names.has(code), code);
    // What is denied is the secrets of associations, and what is of another's.
    for (const [what, value] of lines) if (what === "denied") assert.match(String(value), /^0\.0\.40\.0\.\d\.255,/);
    assert.ok(((said.get("read") as readonly number[])[0] ?? 0) > 250);
    assert.deepEqual(said.get("watts"), Math.round(WATTS * 1000));
    assert.deepEqual(said.get("unit"), [0.001, 27]);
    assert.deepEqual((said.get("clock") as readonly unknown[]).slice(0, 4), [-60, 60, true, 1]);
    assert.deepEqual(said.get("columns"), [
      [8, "0.0.1.0.0.255", 2],
      [1, "0.0.96.10.1.255", 2],
      [3, "1.0.1.29.0.255", 2],
      [3, "1.0.161.27.0.255", 2],
    ]);
    const quarter = Math.fround(WATTS / 4);
    assert.deepEqual(
      said.get("rows"),
      ["03:00", "03:15", "03:30", "03:45"].map((time) => [`2026-01-01 ${time}`, 1, quarter, 124]),
    );
    assert.deepEqual(said.get("first"), [["2026-01-01 01:15", 1, quarter, 124]]);
    assert.deepEqual(said.get("set"), "2026-02-03 04:05");
  },
);
