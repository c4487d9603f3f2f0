import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "#waveform/channel-map.ts";
import type { AssessmentRow } from "./assessment.ts";
import { assessEn50160, usualEn50160 } from "./en50160.ts";
import type { Examination } from "./examination.ts";
import { examine } from "./examine.ts";
import { harmonicRecord, supplyRecord } from "./examined-records.ts";
import { assessIeee519, usualIeee519 } from "./ieee519.ts";
import { computedReader, mapOf } from "./wave-fixture.ts";

const RATE = 3200;
/** Ten minutes begin with it. */
const START = Date.UTC(2026, 5, 1, 9, 0);
const SECONDS = 3600;

/** Tables of a cycle of 64 samples: of an hour no sample is computed anew. */
function table(
  part: number,
  turns: number,
  orders: readonly (readonly [order: number, percent: number])[],
): Float64Array {
  return Float64Array.from({ length: 64 }, (_, k) => {
    const angle = 2 * Math.PI * (k / 64 - turns);
    const sum = orders.reduce(
      (all, [order, percent]) => all + (percent / 100) * Math.sin(order * angle),
      Math.sin(angle),
    );
    return part * Math.SQRT2 * sum;
  });
}

/** Phase b has a fifth harmonic of 7 % (6 are allowed) and a seventh of 4.5 (5 are); phase c is at 84 % from the 20th minute to the 40th. */
const a = table(230, 0, [[5, 3]]);
const b = table(230, 1 / 3, [
  [5, 7],
  [7, 4.5],
]);
const c = table(230, 2 / 3, []);
const cLow = table(0.84 * 230, 2 / 3, []);
const current = table(40, 0.05, [[5, 10]]);

function value(input: Input, sample: number): number {
  const k = sample % 64;
  if (input === "va") return a[k]!;
  if (input === "vb") return b[k]!;
  if (input === "ia") return current[k]!;
  const t = sample / RATE;
  return (t >= 1200 && t < 2400 ? cLow : c)[k]!;
}

const names: readonly Input[] = ["va", "vb", "vc", "ia"];
let made: Examination | undefined;
const examined = (): Examination =>
  (made ??= examine(computedReader({ rate: RATE, seconds: SECONDS, value, inputs: names, start: START, lineHz: 50 }), {
    wiring: "wye",
    map: mapOf(names),
    nominalVolts: 230,
    // What is flagged is left out: the voltage that is too low is to be seen.
    limits: { dip: 0.8 },
  }));

const near = (found: number | undefined, wanted: number, by: number, what: string): void =>
  assert.ok(Math.abs((found ?? NaN) - wanted) <= by, `${what}: ${found}, and ${wanted} was expected within ${by}`);

function rowOf(rows: readonly AssessmentRow[], what: string, name: string, percent: number): AssessmentRow {
  const found = rows.find((row) => row.what === what && row.name === name && row.percent === percent);
  assert.ok(found, `no row of ${what}, ${name}, ${percent} %`);
  return found;
}

test("an hour through the instrument is what EN 50160's rows are made of", () => {
  const [week, ...more] = assessEn50160(supplyRecord(examined()), { ...usualEn50160, nominal: 230 });
  assert.deepEqual(more, []);
  const { rows, absent } = week!;
  const hz = rowOf(rows, "frequency", "Hz", 100);
  assert.equal(hz.expected, 60_480);
  // The first ten seconds and the last lack what lies around their ends.
  assert.ok(hz.valid >= 358 && hz.valid <= 360, `${hz.valid} of 360`);
  near(hz.worst?.value, 50, 0.001, "frequency");
  for (const [name, volts] of [
    ["V.a", 230 * Math.sqrt(1 + 0.03 ** 2)],
    ["V.b", 230 * Math.sqrt(1 + 0.07 ** 2 + 0.045 ** 2)],
  ] as const) {
    const row = rowOf(rows, "voltage", name, 95);
    assert.equal(row.valid, 6);
    assert.equal(row.beyond, 0);
    near(row.value, volts, 0.05, name);
  }
  const low = rowOf(rows, "voltage", "V.c", 100);
  // 84 % is below 85 for two of six intervals, whatever the rest of the week was.
  assert.equal(low.beyond, 2);
  assert.equal(low.verdict, "fail");
  near(low.worst?.value, 0.84 * 230, 0.05, "lowest voltage");
  assert.equal(low.worst?.utc, START + 1_200_000);
  const some = rowOf(rows, "voltage", "V.c", 95);
  assert.equal(some.beyond, 2);
  assert.equal(some.verdict, "undecided");
  assert.match(some.reason ?? "", /6 of 1008 intervals are known/);

  const fifth = rowOf(rows, "harmonic 5", "V.b", 95);
  near(fifth.value, 7, 0.01, "fifth");
  assert.equal(fifth.beyond, 6);
  assert.equal(fifth.verdict, "undecided");
  near(rowOf(rows, "harmonic 5", "V.a", 95).value, 3, 0.01, "fifth of V.a");
  assert.equal(rowOf(rows, "harmonic 7", "V.b", 95).beyond, 0);
  // Negative sequence of 1, 1 and 0.84: 0.16 / 3 over 2.84 / 3.
  const unbalance = rows.find(({ what }) => what === "unbalance")!;
  near(unbalance.worst?.value, (100 * 0.16) / 2.84, 0.05, "unbalance");
  assert.equal(unbalance.beyond, 2);
  // 64 samples a cycle carry orders to 23: THD to 40 is none, and says why.
  assert.match(absent.find(({ what }) => what === "THD")?.reason ?? "", /rate does not carry/);
  assert.match(
    absent.find(({ what }) => what === "flicker")?.reason ?? "",
    /no two hours of UTC were measured as a whole/,
  );
});

test("harmonics of IEEE 519 are RMS of 3 s and of ten minutes", () => {
  const [week] = assessIeee519(harmonicRecord(examined()), {
    ...usualIeee519,
    busVolts: 400,
    nominal: 230,
    loadCurrent: 50,
    shortCircuitRatio: 30,
  });
  const rows = week!.rows.filter(({ what, name }) => /harmonic 5|order 5|^5/.test(what) && name === "V.b");
  assert.ok(rows.length > 0, [...new Set(week!.rows.map(({ what }) => what))].join("; "));
  for (const row of rows) near(row.value, 7, 0.02, row.what);
  const trend = harmonicRecord(examined());
  // Currents without a channel are none, rather than 0.
  assert.deepEqual(
    trend.amps.short.map(({ name }) => name),
    ["A.a"],
  );
  const fifth = trend.amps.short.find(({ name }) => name === "A.a")?.orders[5];
  near(fifth?.values[0], 4, 0.01, "fifth of the current, A");
  const short = trend.volts.veryShort.find(({ name }) => name === "V.a")?.orders[5];
  // 1,200 of 3 s; those around each ten minutes overlap.
  assert.ok((short?.values.length ?? 0) >= 1199, `${short?.values.length} of 1200`);
  near(short?.values[7], 6.9, 0.01, "fifth of the voltage, V");
});

test("Pst ends each ten minutes, the last with the recording, and tells the one with a step; of two hours that are half known there is no Plt", () => {
  const { pst, plt, frequency } = examined();
  assert.deepEqual(
    pst.map(({ name }) => name),
    ["V.a", "V.b", "V.c"],
  );
  // Two hours end with the hour that was recorded, and half of them are not known.
  for (const { start, values } of plt) assert.deepEqual([...start, ...values], [-3600, NaN]);
  assert.ok(frequency.flagged.every((flag) => flag === 0));
  const [steady, , stepped] = pst;
  assert.deepEqual(
    [...(stepped?.start ?? [])].slice(-3),
    [1800, 2400, 3000].slice(-[...(stepped?.start ?? [])].length),
  );
  const row = stepped!.start.indexOf(1200);
  // Ten steps of 2.715 % in ten minutes have a Pst of 1 (IEC 61000-4-15, table 5): one of 16 % is felt, too.
  assert.ok((stepped?.values[row] ?? NaN) > 1, `${stepped?.values[row]} with a step of 16 %`);
  assert.ok((steady?.values[row] ?? NaN) < 0.05, `${steady?.values[row]} of a steady voltage`);
});
