/** Triggers on volts at the resolution of half cycles: sags, swells, interruptions, rapid changes, and their logs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { factoryTriggers } from "#product/jemstar/factory.ts";
import { parseSite } from "#fleet/site-file.ts";
import { makeSource } from "#fleet/sources.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import type { LogKind } from "#quantity/log.ts";
import { RapidChange } from "#metrology/rapid-change.ts";
import type { SampleSource, Source } from "#waveform/source.ts";
import { FormulaSource, steady } from "./formula-source.ts";
import { measure, register, revenueRig } from "./revenue-rig.ts";

function source(events: string, steps: boolean, more = ""): Source {
  const { source: described } = parseSite(
    "site.yaml",
    `meters: [{ name: a, model: leviton-s4100, source: { synthetic: { volts: 120, amps: 5, steps: ${steps}, events: ${events} ${more} } } }]`,
  ).meters[0]!;
  return makeSource(described, { folder: ".", sampling: { perCycle: 512 }, wiring: "wye", start: 0 });
}

const MIDNIGHT = Date.parse("2026-01-01T00:00:00Z");
const triggers: readonly TriggerSettings[] = factoryTriggers;

/** A meter with the factory's triggers that has seen so many seconds; its auxiliary supply keeps it running. */
function seen(of: Source, seconds: number) {
  const rig = revenueRig({ triggers }, undefined, { source: of, terminals: { auxiliary: true } });
  for (let ms = 500; ms <= 1000 * seconds; ms += 500) rig.meter.advance(ms);
  const log = (kind: LogKind) => rig.meter.log.entries(kind);
  /** Seconds since the start, what, and which trigger. */
  const alarms = () =>
    log("alarm").map(({ at, what, details }) => [Math.round((at - MIDNIGHT) / 10) / 100, what, details["trigger"]]);
  return { rig, log, alarms };
}

/** The numbers of "84.00 120.00 97.20". */
const numbers = (text: unknown): number[] => String(text).split(" ").map(Number);

function near(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: ${found} for ${expected}`);
}

test("a sag of 200 ms on one phase is an alarm to the half cycle, and an entry of its log", () => {
  for (const steps of [true, false]) {
    const { alarms, log } = seen(source("[{ kind: sag, at: 4, for: 0.2, phases: [b] }]", steps), 8);
    const sag = alarms().filter(([, , trigger]) => trigger === 1);
    assert.deepEqual(
      sag.map(([, what]) => what),
      ["alarm", "alarm cleared"],
    );
    // Samples come a few cycles late.
    const late = steps ? 0.001 : 0.1;
    near(Number(sag[0]![0]), 4, late, "start");
    near(Number(sag[1]![0]) - Number(sag[0]![0]), 0.2, steps ? 0.002 : 0.02, "duration");
    const [entry] = log("sagSwell");
    const { cycles, event, ...of } = entry!.details;
    assert.equal(event, "phase b sag < 108");
    near(Number(cycles), 12, steps ? 0 : 1, "cycles");
    // 70 % of 120 V; samples begin and end within a cycle that is not all sag.
    const [least = 0, most = 0, average = 0] = numbers(of["V.b"]);
    near(least, 84, 0.05, "least volts");
    near(average, 84, steps ? 0.05 : 4, "average volts");
    assert.ok(most < 110.4);
    near(numbers(of["V.a"])[0]!, 120, 0.1, "another phase");
    near(numbers(of["A.b"])[2]!, 5, 0.05, "amps");
    if (steps) near(numbers(of["Hz"])[2]!, 60, 0.01, "frequency");
    assert.equal(log("rapidVoltageChange").length, 0, "what becomes a sag is no rapid change");
  }
});

test("a sag within which samples stop says how much of it nobody saw", () => {
  const inner = source("[{ kind: sag, at: 3.9, for: 0.2 }]", false);
  assert.ok(inner.kind === "samples");
  const { log } = seen(silentBetween(inner, 4, 9), 14);
  const [entry] = log("sagSwell");
  const { milliseconds, unmeasuredMs } = entry!.details;
  // It began at 3.9 s, was seen until 4 s, and was over when samples came again at 9 s.
  near(Number(milliseconds), 5100, 100, "duration");
  near(Number(unmeasuredMs), 5000, 60, "unmeasured");
  const { log: whole } = seen(source("[{ kind: sag, at: 3.9, for: 0.2 }]", false), 8);
  assert.equal(whole("sagSwell")[0]!.details["unmeasuredMs"], undefined);
});

/** A source of which nothing comes between two of its instants, whole halves of a second. */
function silentBetween(inner: SampleSource, from: number, to: number): SampleSource {
  let isSilent = false;
  return {
    kind: "samples",
    utc: inner.utc,
    ended: false,
    get elapsed() {
      return inner.elapsed;
    },
    read(seconds) {
      const began = inner.elapsed;
      const runs = inner.read(seconds);
      const wasSilent = isSilent;
      isSilent = began >= from - 0.001 && began < to - 0.001;
      if (isSilent) return [];
      return runs.map((run, k) => (wasSilent && k === 0 ? { ...run, joined: false } : run));
    },
  };
}

test("a swell, and an interruption of all phases while the auxiliary supply keeps the meter", () => {
  const { log } = seen(source("[{ kind: swell, at: 3, for: 1 }, { kind: interruption, at: 6, for: 0.5 }]", true), 12);
  assert.deepEqual(
    log("sagSwell").map(({ details }) => [details["event"], details["milliseconds"]]),
    [
      ["phase a swell > 132", 1000],
      ["phase a sag < 108", 500],
    ],
  );
  const [interruption] = log("interruption");
  assert.deepEqual([interruption!.details["cycles"], interruption!.details["event"]], [30, "interruption < 60"]);
  assert.equal(interruption!.details["start"], "2026-01-01 00:00:06.000");
  assert.deepEqual(numbers(interruption!.details["V.c"]), [0, 0, 0]);
});

test("an interruption that takes the meter's own supply is as long as it was, though nobody looked", () => {
  const rig = revenueRig({ triggers }, undefined, {
    source: source("[{ kind: interruption, at: 4, for: 1.5 }]", false),
  });
  for (let ms = 500; ms <= 10_000; ms += 500) rig.meter.advance(ms);
  assert.equal(rig.meter.log.entries("powerOutage").length, 1);
  const [entry] = rig.meter.log.entries("interruption");
  const { start, milliseconds, cycles } = entry!.details;
  near(Date.parse(`${String(start).replace(" ", "T")}Z`) - MIDNIGHT, 4000, 100, "start");
  near(Number(milliseconds), 1500, 30, "milliseconds");
  near(Number(cycles), 90, 2, "cycles");
});

test("rapid voltage changes: a step settles at once, a dent comes back; Umax and Uss as on paper", () => {
  for (const steps of [true, false]) {
    // 120 V to 112.8 V (6 %) and back half a second later; then for good.
    const { log, alarms } = seen(
      source("[{ kind: step, at: 4, for: 0.5, volts: 0.94 }, { kind: step, at: 10, volts: 0.94 }]", steps),
      16,
    );
    const events = log("rapidVoltageChange").map(({ details }) => details);
    assert.equal(events.length, 2, JSON.stringify(events));
    const [dent, step] = events;
    const tolerance = steps ? 0.001 : 0.05;
    near(Number(dent!["Umax.a"]), 7.2, tolerance, "the dent's largest change");
    near(Number(dent!["Uss.polyphase"]), 0, tolerance, "it came back");
    near(Number(dent!["milliseconds"]), 500, steps ? 10 : 30, "its duration, without the second that is steady");
    near(Number(step!["Umax.polyphase"]), 7.2, tolerance, "the step's largest change");
    near(Number(step!["Uss.c"]), 7.2, tolerance, "it stayed");
    assert.ok(Number(step!["milliseconds"]) <= 30, `${String(step!["milliseconds"])} ms`);
    assert.deepEqual(
      alarms()
        .filter(([, , trigger]) => trigger === 11)
        .map(([, what]) => what),
      ["alarm", "alarm cleared", "alarm", "alarm cleared"],
    );
  }
});

test("volts that come back from a sag which was steady are none of a rapid change", () => {
  for (const steps of [true, false])
    for (const volts of [0.85, 0.7]) {
      const { log } = seen(source(`[{ kind: sag, at: 4, for: 1.5, phases: [a], volts: ${volts} }]`, steps), 12);
      assert.equal(log("sagSwell").length, 1);
      assert.deepEqual(log("rapidVoltageChange"), [], `${volts}`);
      // More than a second behind it a step is one.
      const events = `[{ kind: sag, at: 4, for: 1.5, phases: [a], volts: ${volts} }, { kind: step, at: 7.6, volts: 0.94 }]`;
      assert.equal(seen(source(events, steps), 12).log("rapidVoltageChange").length, 1, `${volts}`);
    }
});

test("volts that change by less than the threshold, or over a long time, are no rapid change", () => {
  const change = new RapidChange({ phases: 1, hz: 60, threshold: 6, hysteresis: 3 });
  const volts = new Float64Array([120]);
  change.look(volts, 2);
  volts[0] = 125.9;
  assert.equal(change.look(volts, 2), false, "5.9 V are within 6 V of the mean");
  // A volt a second: within a second no value is further than half a volt from the mean.
  for (let half = 0; half < 1200; half++) {
    volts[0] -= 1 / 120;
    assert.equal(change.look(volts, 1 / 120), false);
  }
});

test("distortion of a source of steps: 3 % of a fifth and 4 % of a seventh harmonic are 5 %", () => {
  const rig = revenueRig(
    {
      registers: {
        normal: [
          register(1, { type: "instantaneous", measure: measure("THD.V", "bidirectional", "b"), decimals: 3 }),
          register(2, { type: "instantaneous", measure: measure("THD.A", "bidirectional"), decimals: 3 }),
        ],
        alternate: [],
        test: [],
      },
    },
    undefined,
    {
      source: source(
        "[]",
        true,
        ", harmonics: { volts: [{ order: 5, percent: 3 }, { order: 7, percent: 4 }], amps: [{ order: 3, percent: 10 }] }",
      ),
    },
  );
  rig.run(1);
  near(rig.value(1), 5, 1e-9, "volts");
  near(rig.value(2), 10, 1e-9, "amps");
});

/** The fundamental of three phases, of which one at a time is turned down for whole cycles from its own zero crossing. */
function dips(cycles: number, residual: number) {
  const begins = [0, 1, 2].map((k) => ({ phase: k, at: (180 + 90 * k) / 60 + k / 3 / 60 }));
  const signal = [0, 1, 2, 3, 4, 5].map((c) => [{ order: 1, rms: c < 3 ? 120 : 5, degrees: -120 * (c % 3) }]);
  const envelope = (channel: number, t: number): number => {
    const { at } = begins[channel % 3]!;
    return channel < 3 && t >= at - 1e-9 && t < at + cycles / 60 - 1e-9 ? residual : 1;
  };
  return { begins, source: new FormulaSource({ signal, rate: 7680, turns: steady(60), envelope }) };
}

test("dips of one cycle and more, each from its phase's own zero crossing, have the same residual voltage on every phase", () => {
  for (const cycles of [1, 2, 5]) {
    const { begins, source: of } = dips(cycles, 0.4);
    const { log } = seen(of, 9);
    const entries = log("sagSwell");
    assert.equal(entries.length, 3, `${cycles} cycles: ${JSON.stringify(entries.map(({ details }) => details))}`);
    for (const [k, letter] of ["a", "b", "c"].entries()) {
      const { details } = entries[k]!;
      assert.equal(details["event"], `phase ${letter} sag < 108`);
      const [least = NaN] = numbers(details[`V.${letter}`]);
      near(least, 48, 0.24, `${cycles} cycles of ${letter}, volts`);
      near(Number(details["milliseconds"]), (1000 * cycles) / 60, 1000 / 60, `${cycles} cycles of ${letter}, duration`);
      const start = Date.parse(`${String(details["start"]).replace(" ", "T")}Z`) - MIDNIGHT;
      near(start, 1000 * begins[k]!.at, 100, `${cycles} cycles of ${letter}, start`);
    }
  }
});
