/** Every row of the manual's table "Trigger Measurements", through a whole meter: values by arithmetic on what the source gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measure, MeasureQuantity, Parity } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { QualityInstrumentPart } from "#revenue/revenue-options.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { form9, FormulaSource, powersOf, radians, steady, type Signal } from "./formula-source.ts";
import { HZ, meterOn, near } from "./recording-rig.ts";
import { measure, plain, revenueRig, trigger } from "./revenue-rig.ts";

/** Volts and amps of three unequal phases, of which a has harmonics. */
const signal: Signal = [
  [
    { order: 1, rms: 120, degrees: 0 },
    { order: 5, rms: 6, degrees: 40 },
    { order: 2, rms: 2.4, degrees: 70 },
  ],
  [{ order: 1, rms: 110, degrees: -121 }],
  [{ order: 1, rms: 100, degrees: 118 }],
  [
    { order: 1, rms: 5, degrees: -30 },
    { order: 3, rms: 0.5, degrees: 10 },
    { order: 4, rms: 0.2, degrees: 20 },
  ],
  [{ order: 1, rms: 4, degrees: -151 }],
  [{ order: 1, rms: 3, degrees: 88 }],
];
/** I_L of TDD. */
const DEMAND = 10;

const square = (channel: number): number => signal[channel]!.reduce((sum, { rms }) => sum + rms * rms, 0);
const rms = (channel: number): number => Math.sqrt(square(channel));
/** The root sum of squares of the harmonics of a channel, of one parity or of both. */
const harmonics = (channel: number, parity?: Parity): number =>
  Math.hypot(
    ...signal[channel]!.filter(
      ({ order }) => order > 1 && (parity === undefined || (order % 2 === 1) === (parity === "odd")),
    ).map((wave) => wave.rms),
  );
const thd = (channel: number, parity?: Parity): number => (100 * harmonics(channel, parity)) / signal[channel]![0]!.rms;
const tdd = (channel: number, parity?: Parity): number => (100 * harmonics(channel, parity)) / DEMAND;

/** Peak over RMS, of one cycle looked at closely. */
function crest(channel: number): number {
  let peak = 0;
  for (let k = 0; k < 512; k++) {
    const theta = (2 * Math.PI * k) / 512;
    const value = signal[channel]!.reduce(
      (sum, wave) => sum + wave.rms * Math.sin(wave.order * theta + wave.degrees * radians),
      0,
    );
    peak = Math.max(peak, Math.abs(Math.SQRT2 * value));
  }
  return peak / rms(channel);
}

/** The magnitude of a symmetrical component: phases b and c turned by so many degrees. */
function component(first: number, b: number, c: number): number {
  const turns = [0, b, c];
  const parts = [0, 1, 2].map((k) => {
    const wave = signal[first + k]![0]!;
    const angle = (wave.degrees + turns[k]!) * radians;
    return [wave.rms * Math.cos(angle), wave.rms * Math.sin(angle)] as const;
  });
  return (
    Math.hypot(
      parts.reduce((sum, [x]) => sum + x, 0),
      parts.reduce((sum, [, y]) => sum + y, 0),
    ) / 3
  );
}
const positive = (first: number): number => component(first, 120, 240);
const negative = (first: number): number => component(first, 240, 120);
const zero = (first: number): number => component(first, 0, 0);

const a = powersOf(signal, [form9[0]!]);
const all = powersOf(signal, form9);

// prettier-ignore
const rows: readonly (readonly [quantity: MeasureQuantity, phase: TriggerSettings["phase"], expected: number, says: string, parity?: Parity])[] = [
  // Instantaneous
  ["V", "a", rms(0), "Inst,VLN:A"],
  ["A", "b", 4, "Inst,Amps:B"],
  ["A", "any", rms(3), "Inst,Amps:Any"],
  ["THD.V", "a", thd(0), "Inst,Volts THD:A"],
  ["THD.A", "any", thd(3), "Inst,Amps THD:Any"],
  ["Hz", "polyphase", HZ, "Inst,Freq:Poly"],
  ["PF", "polyphase", all.w / Math.hypot(all.w, all.shifted), "Inst,PF:Poly"],
  ["unbalance.V", "polyphase", (100 * negative(0)) / positive(0), "Inst,Volts Imbal:Poly"],
  ["unbalance.A", "polyphase", (100 * negative(3)) / positive(3), "Inst,Amps Imbal:Poly"],
  ["W", "a", a.w, "Inst,Watt:A"],
  ["W", "polyphase", all.w, "Inst,Watt:Poly"],
  ["var", "polyphase", all.shifted, "Inst,VAR:Poly"],
  ["VA", "a", Math.hypot(a.w, a.shifted), "Inst,VA:A"],
  ["Q", "polyphase", all.w / 2 + (all.shifted * Math.sqrt(3)) / 2, "Inst,Q:Poly"],
  ["V2", "a", square(0), "Inst,Volt²:A"],
  ["A2", "a", square(3), "Inst,Amp²:A"],
  // Power quality
  ["TDD.A", "a", tdd(3), "PQ,TDD:A"],
  ["TDD.A", "a", tdd(3, "odd"), "PQ,TDD Odd:A", "odd"],
  ["TDD.A", "any", tdd(3, "even"), "PQ,TDD Even:Any", "even"],
  ["THD.V", "a", thd(0, "odd"), "PQ,Volts THD Odd:A", "odd"],
  ["THD.V", "any", thd(0, "even"), "PQ,Volts THD Even:Any", "even"],
  ["THD.A", "a", thd(3, "odd"), "PQ,Amps THD Odd:A", "odd"],
  ["THD.A", "a", thd(3, "even"), "PQ,Amps THD Even:A", "even"],
  ["crest.V", "a", crest(0), "PQ,Volts Crest:A"],
  ["crest.A", "a", crest(3), "PQ,Amps Crest:A"],
  // Fault
  ["V.positive", "polyphase", positive(0), "Fault,V.positive:Poly"],
  ["V.negative", "polyphase", negative(0), "Fault,V.negative:Poly"],
  ["V.zero", "polyphase", zero(0), "Fault,V.zero:Poly"],
  ["A.positive", "polyphase", positive(3), "Fault,A.positive:Poly"],
  ["A.negative", "polyphase", negative(3), "Fault,A.negative:Poly"],
  ["A.zero", "polyphase", zero(3), "Fault,A.zero:Poly"],
  // Phase rotation: b is 121 degrees behind a, c 121 behind b, and a 118 behind c.
  ["rotation.V", "polyphase", 2, "Phase Rotation,Voltage:Poly"],
];

const levels = (of: Measure, phase: TriggerSettings["phase"], id: number, expected: number, part: number) =>
  trigger(id, { measure: of, phase, operator: ">", alarm: expected * part, reset: expected * part * 0.9 });

test("of every row a trigger just below the value is an alarm with it, and one just above is none", () => {
  const of = rows.map(([quantity, , , , parity]) => ({ ...measure(quantity, "bidirectional"), parity }));
  const { log, run } = meterOn(new FormulaSource({ signal, rate: 512 * HZ, turns: steady(HZ) }), {
    primary: { ...plain.primary, demandCurrent: DEMAND },
    triggers: rows.flatMap(([, phase, expected], k) => [
      levels(of[k]!, phase, 2 * k + 1, expected, 0.98),
      levels(of[k]!, phase, 2 * k + 2, expected, 1.02),
    ]),
  });
  run(3);
  const alarms = new Map(log("alarm").map(({ details }) => [details["trigger"], details] as const));
  rows.forEach(([, phase, expected, says], k) => {
    const name = `${measureName({ ...of[k]!, phase: phase === "any" ? "a" : (phase as Measure["phase"]) })}`;
    const found = alarms.get(2 * k + 1);
    assert.ok(found !== undefined, `${name}: no alarm above 98 % of ${expected}`);
    assert.ok(String(found["description"]).startsWith(`${2 * k + 1},${says},>,`), String(found["description"]));
    near(Number(found["value"]), expected, 0.003 * Math.abs(expected) + 0.02, name);
    assert.equal(alarms.has(2 * k + 2), false, `${name}: an alarm above 102 % of ${expected}`);
  });
});

test("flicker is looked at as its instrument has it: Pinst, Pst of ten minutes, Plt of two hours", () => {
  const values = new Map<string, number>();
  const instrument: QualityInstrumentPart = {
    half: () => {},
    view: () => undefined,
    value: (of) => values.get(measureName(of)),
  };
  const flicker = (["Pinst", "Pst", "Plt"] as const).map((quantity, k) =>
    trigger(k + 1, { measure: measure(quantity, "bidirectional"), phase: "any", alarm: 1, reset: 0.9 }),
  );
  const rig = revenueRig({ triggers: flicker }, undefined, {
    source: new FormulaSource({ signal, rate: 64 * HZ, turns: steady(HZ) }),
    powerQuality: true,
    quality: () => instrument,
  });
  const alarms = (): unknown[] =>
    rig.meter.log.entries("alarm").map(({ what, details }) => [what, details["description"], details["value"]]);
  rig.meter.advance(1000);
  for (const name of ["Pinst.b", "Pst.b", "Plt.b"])
    for (const phase of ["a", "b", "c"]) values.set(name.replace(".b", `.${phase}`), 0.5);
  values.set("Pinst.b", 3).set("Pst.c", 1.2);
  rig.meter.advance(2000);
  values.set("Plt.a", 1.1);
  rig.meter.advance(3000);
  values.set("Pst.c", 0.95);
  rig.meter.advance(4000);
  values.set("Pst.c", 0.85);
  rig.meter.advance(5000);
  assert.deepEqual(alarms(), [
    ["alarm", "1,PQ,Pinst:Any,>,1,0,0,0.9", 3],
    ["alarm", "2,PQ,Pst:Any,>,1,0,0,0.9", 1.2],
    ["alarm", "3,PQ,Plt:Any,>,1,0,0,0.9", 1.1],
    ["alarm cleared", "2,PQ,Pst:Any,>,1,0,0,0.9 CLEARED", 0.85],
  ]);
});
