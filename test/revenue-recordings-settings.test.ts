/** How recordings and transients of a JEMStar II are set up: what the factory has, what was not ordered, ranges, and what is shown of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "#product/file-error.ts";
import { differences } from "#product/jemstar/configuration-changes.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { withLevels } from "#revenue/settings/trigger-levels.ts";
import { jemStar } from "./authority-rig.ts";
import {
  ametekJemstarIi,
  MemoryStore,
  parseModelNumber,
  parseRevenueFile,
  RevenueSite,
  siteSchema,
  VirtualClock,
} from "./revenue-rig.ts";

const parse = (text: string, options = "-PQ3", base = "09I6020"): RevenueFile =>
  parseRevenueFile("file", text, parseModelNumber(`JSII-${base}-2A-DIO${options}`));

function problemsOf(text: string, options?: string, base?: string): readonly string[] {
  try {
    parse(text, options, base);
    return [];
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.problems;
  }
}

test("the factory's recordings are those of the manual's screens", () => {
  assert.deepEqual(parse("").powerQuality, {
    highSpeedRms: { pre: 15, post: 30, limit: 1800 },
    waveforms: {
      low: { pre: 15, post: 15, limit: 480 },
      medium: { pre: 5, post: 5, limit: 120 },
      high: { pre: 2, post: 1, limit: 15 },
    },
  });
});

test("the factory's twelfth trigger is one on transients of meters that record waveforms, as far as it is legible", () => {
  const twelfth = (text: string, options: string, base?: string) => {
    const file = parse(text, options, base);
    const found = file.triggers.find(({ id }) => id === 12);
    if (found === undefined) return undefined;
    const { alarm, measure, phase, transient, records, waveform } = withLevels(found, file.primary);
    return [alarm, measure?.quantity, phase, transient, records ?? waveform];
  };
  const filter = { samples: 1, reset: 100 };
  for (const options of ["-PQ2", "-PQ3"]) assert.deepEqual(twelfth("", options), [10, "V", "any", filter, undefined]);
  for (const options of ["", "-PQ", "-PQ1"]) assert.equal(twelfth("", options), undefined, options);
  // At its percent of another nominal voltage, and of the volts that power quality is measured of.
  assert.equal(twelfth("primary: { nominalVoltage: 240 }", "-PQ2")?.[0], 20);
  assert.deepEqual(twelfth("primary: { nominalVoltage: 240, pqVoltage: ll }", "-PQ2")?.slice(0, 2), [20, "V.ll"]);
  assert.deepEqual(twelfth("", "-PQ2", "05I6020")?.slice(0, 2), [10, "V"]);
  assert.deepEqual(twelfth("triggers: []", "-PQ2"), undefined);
});

const watched = (more: string, quantity = "V"): string =>
  `triggers: [{ id: 1, measure: { quantity: ${quantity} }, phase: any, ${more} }]`;
const level = "alarm: 90, reset: 88";
const transient = (more: string, alarm = "alarm: 20"): string => watched(`${alarm}, transient: { ${more} }`);

// prettier-ignore
const refusals: readonly (readonly [text: string, says: RegExp, options?: string, base?: string])[] = [
  [watched(`${level}, highSpeedRms: true`), /^triggers\[0\]\.highSpeedRms: it is option PQ1 or PQ3, which was not ordered$/, "-PQ2"],
  [watched(`${level}, highSpeedRms: true`), /^triggers\[0\]\.highSpeedRms: it is option PQ1 or PQ3/, ""],
  [watched(`${level}, waveform: low`), /^triggers\[0\]\.waveform: it is option PQ2 or PQ3, which was not ordered$/, "-PQ1"],
  [watched(`${level}, waveform: coarse`), /^triggers\[0\]\.waveform: /],
  [watched(`${level}, records: sagSwell`, "A"), /records: sagSwell is of volts/],
  ["powerQuality: { highSpeedRms: { pre: 31 } }", /^powerQuality\.highSpeedRms\.pre: expected 0 to 30 cycles, found 31$/],
  ["powerQuality: { highSpeedRms: { pre: 26 } }", /^powerQuality\.highSpeedRms\.pre: expected 0 to 25 cycles, found 26$/, "-PQ3", "09I5020"],
  ["powerQuality: { highSpeedRms: { post: 61 } }", /^powerQuality\.highSpeedRms\.post: expected 0 to 60 cycles/],
  ["powerQuality: { highSpeedRms: { limit: 3601 } }", /^powerQuality\.highSpeedRms\.limit: expected 2 to 3600 cycles/],
  ["powerQuality: { waveforms: { low: { pre: 31 } } }", /^powerQuality\.waveforms\.low\.pre: expected 0 to 30 cycles/],
  ["powerQuality: { waveforms: { low: { limit: 961 } } }", /^powerQuality\.waveforms\.low\.limit: expected 2 to 960 cycles/],
  ["powerQuality: { waveforms: { medium: { post: 11 } } }", /^powerQuality\.waveforms\.medium\.post: expected 0 to 10 cycles/],
  ["powerQuality: { waveforms: { medium: { limit: 241 } } }", /^powerQuality\.waveforms\.medium\.limit: expected 2 to 240 cycles/],
  ["powerQuality: { waveforms: { high: { pre: 6 } } }", /^powerQuality\.waveforms\.high\.pre: expected 0 to 5 cycles/],
  ["powerQuality: { waveforms: { high: { limit: 1 } } }", /^powerQuality\.waveforms\.high\.limit: /],
  ["powerQuality: { waveforms: { higher: {} } }", /higher/],
  [watched("alarm: 20, transient: {}", "A"), /^triggers\[0\]\.measure: a transient is of V or V\.ll$/],
  [transient("", "alarm: 914"), /the level is 914 V: expected 1 to 913/],
  [transient("", "alarm: 0.5"), /the level is 0\.5 V: expected 1 to 913/],
  [transient("samples: 257"), /^triggers\[0\]\.transient\.samples: /],
  [transient("samples: 0"), /^triggers\[0\]\.transient\.samples: /],
  [transient("reset: 432001"), /^triggers\[0\]\.transient\.reset: /],
  [transient("", "operator: '<', alarm: 20"), /operator: a transient is an over voltage/],
  [transient("", "delayMs: 5, alarm: 20"), /delayMs: a transient is not delayed: expected transient\.samples/],
  [transient("", "resetDelayMs: 5, alarm: 20"), /resetDelayMs: a transient is not delayed/],
  [transient("", level), /reset: a transient has no level at which it ends: expected transient\.reset in half cycles/],
  [transient("", "records: sagSwell, alarm: 20"), /records: a transient fills no log of voltage events/],
  [transient("", "highSpeedRms: true, alarm: 20"), /highSpeedRms: a transient is over within a half cycle: expected a waveform/],
  [transient("").replace("phase: any", "phase: all"), /phase: a transient is of a, b, c or any; found all/],
  ["triggers: [{ id: 1, measure: { quantity: V }, phase: any, transient: {} }]", /alarm: expected the level of a transient/],
  // A network has two phases.
  [`primary: { connection: network }\n${transient("").replace("phase: any", "phase: c")}`, /no voltage ln of phase c in this wiring: expected one of V\.a, V\.b/, "-PQ3", "UI6020"],
];
for (const [text, says, options, base] of refusals)
  test(`refuses ${text} of ${options ?? "-PQ3"}`, () => assert.match(problemsOf(text, options, base).join("\n"), says));

test("what the manual has is taken", () => {
  for (const text of [
    watched(`${level}, highSpeedRms: true, waveform: high, records: sagSwell`),
    transient("samples: 256, reset: 432000"),
    transient("samples: 1, reset: 1", "alarm: 913, waveform: low, output: none"),
    transient("", "alarm: 10 %"),
    watched("alarm: 20, transient: {}", "V.ll"),
    "powerQuality: { highSpeedRms: { pre: 0, post: 60, limit: 3600 }, waveforms: { high: { pre: 5, post: 5, limit: 30 } } }",
  ])
    assert.deepEqual(problemsOf(text), [], text);
});

test("with other transformers a transient's level stays the same primary volts", () => {
  const before = parse(`primary: { pt: 100 }\n${transient("")}`);
  const after = parse(`primary: { pt: 200 }\n${transient("")}`);
  assert.equal(differences(before, after).next.triggers[0]?.alarm, 10);
});

test("what an earlier version's factory had stays as it was: its file says nothing of a trigger on transients", (t) => {
  const modelNumber = "JSII-09I6020-1B/2A-DIO-PQ2";
  const applied = "triggers: [{ id: 7, measure: { quantity: Hz }, alarm: 61, reset: 60.5 }]";
  for (const [what, ids] of [
    ["", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [applied, [7]],
  ] as const) {
    const store = new MemoryStore().drawer("jem");
    const before = jemStar(t, { store, modelNumber });
    before.run(1);
    if (what !== "")
      assert.equal(
        before.configure((file) => void Object.assign(file, parse(what, "-PQ2"))),
        "done",
      );
    before.jem.stop();
    // As it lay in the store of a version that knew neither recordings nor transients.
    for (const key of ["configuration", "configuration-file"]) {
      const { powerQuality: _section, ...kept } = JSON.parse(new TextDecoder().decode(store.get(key))) as RevenueFile;
      const triggers = kept.triggers.filter(({ id }) => id !== 12);
      store.put(key, new TextEncoder().encode(JSON.stringify({ ...kept, triggers })));
    }
    const after = jemStar(t, { store, modelNumber, utc: Date.UTC(2026, 0, 2) });
    assert.deepEqual(
      after.jem.file.triggers.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(after.jem.file.powerQuality, parse("").powerQuality);
    assert.deepEqual(after.log("configuration"), before.log("configuration"), "nothing was applied");
    // A file that says something of them is applied, as ever.
    after.jem.stop();
    const later = jemStar(t, { store, modelNumber, configuration: transient(""), utc: Date.UTC(2026, 0, 3) });
    assert.deepEqual(
      later.jem.file.triggers.map(({ id, transient: filter }) => [id, filter]),
      [[1, { samples: 1, reset: 100 }]],
    );
  }
});

function surfaceOf(options: string, configuration?: string) {
  const { meters } = siteSchema.parse({
    meters: [
      {
        name: "jem",
        model: "ametek-jemstar-ii",
        modelNumber: `JSII-09I6020-2A-DIO${options}`,
        source: { synthetic: { volts: 120, amps: 5 } },
        listen: [{ modbus: "tcp", port: 0, unit: 1 }],
      },
    ],
  });
  const site = new RevenueSite({
    entry: meters[0]!,
    model: ametekJemstarIi,
    folder: ".",
    clock: new VirtualClock(),
    store: new MemoryStore().drawer("jem"),
  });
  if (configuration !== undefined) site.apply(configuration, { name: "admin" });
  return deviceOf(site).surface;
}

test("how large a record is and how many are kept is shown of what was ordered, as the manual's screens have it", () => {
  const rms = { rms: { kB: 4, records: 3072 } };
  const waveforms = { low: { kB: 5, records: 2458 }, medium: { kB: 9, records: 1365 }, high: { kB: 21, records: 585 } };
  assert.deepEqual(surfaceOf("-PQ3").extra()["captures"], { ...rms, ...waveforms });
  assert.deepEqual(surfaceOf("-PQ1").extra()["captures"], rms);
  assert.deepEqual(surfaceOf("-PQ2").extra()["captures"], waveforms);
  assert.equal("captures" in surfaceOf("").extra(), false);
  const longer = surfaceOf("-PQ3", "powerQuality: { waveforms: { high: { pre: 5, post: 5, limit: 30 } } }");
  const { high } = longer.extra()["captures"] as Record<string, { kB: number; records: number }>;
  assert.ok(high!.kB > 21 && high!.records < 585);
});
