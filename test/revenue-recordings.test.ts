/** What triggers of a whole meter leave: alarms, voltage events, recordings, and the observations in which they are handed out together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DataType, typeNumber } from "#product/jemstar/files/file-names.ts";
import type { Captured } from "#quantity/captured.ts";
import type { EventObserved, Observation } from "#quantity/observation.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import {
  type Dip,
  HZ,
  kindsOf,
  meterOn,
  MIDNIGHT,
  near,
  powerQuality,
  sagTrigger,
  signal,
  source,
  worst,
} from "./recording-rig.ts";
import { contact, measure, plain, trigger } from "./revenue-rig.ts";

test("a sag is an alarm, an event of its log and recordings, handed out together with the same numbers", () => {
  // Twelve cycles of phase b at 70 %, from the second 3 on.
  const dips = [{ phases: [1], at: 3, seconds: 0.2, residual: 0.7 }];
  const { observed, log, run } = meterOn(source(dips), {
    triggers: [sagTrigger({ highSpeedRms: true, waveform: "high" })],
  });
  run(6);
  const [alarm, cleared] = log("alarm");
  assert.equal(alarm!.details["description"], "1,Inst,VLN:Any,<,108,0,0,110.4,B");
  assert.equal(cleared!.details["description"], "1,Inst,VLN:Any,<,108,0,0,110.4,B CLEARED");
  near(alarm!.at - MIDNIGHT, 3000, 1000 / HZ, "the alarm");
  near(cleared!.at - MIDNIGHT, 3200, 1000 / HZ, "its end");
  const [sag] = log("sagSwell");
  assert.equal(sag!.details["description"], "Phase B Voltage Line to Neutral SAG < 108.00, B");
  near(Number(sag!.details["cycles"]), 12, 1, "cycles");
  near(Number(sag!.details["milliseconds"]), 200, 1000 / HZ, "milliseconds");
  assert.match(String(sag!.details["start"]), /^2026-01-01 00:00:0(2\.9|3\.0)\d\d$/);
  assert.match(String(sag!.details["end"]), /^2026-01-01 00:00:03\.[12]\d\d$/);
  assert.equal(observed.length, 1);
  const [{ trigger: of, event, captures, utc, value }] = observed as [Observation];
  assert.deepEqual(of, { id: 1, label: "Sag" });
  near(utc - MIDNIGHT, 3000, 1000 / HZ, "the trigger");
  assert.equal(value, alarm!.details["value"] as number);
  assert.ok(event !== undefined && event.kind === "sag");
  assert.deepEqual([event.phase, event.entry], ["b", 0]);
  assert.equal(event.utcEnd - event.utcStart, cleared!.at - alarm!.at);
  const volts = event.statistics.find(({ name }) => name === "V.b")!;
  near(volts.least, 0.7 * 119, 0.01, "the residual voltage");
  near(event.statistics.find(({ name }) => name === "A.c")!.average, 3, 0.01, "amps");
  assert.deepEqual(
    captures.map(({ kind, perCycle, cut, triggers }) => [kind, perCycle, cut, triggers]),
    [
      ["high", 512, "limit", [1]],
      ["rms", 2, undefined, [1]],
    ],
  );
  for (const one of captures) near(one.triggeredAt, 3, 1 / HZ, "triggered at");
  const [high, rms] = captures as [Captured, Captured];
  // Two cycles before, fifteen in all.
  assert.equal(high.times.length, 15 * 512);
  near(high.triggeredAt - high.at, 2 / HZ, 0.001, "what was before");
  near(high.utc - MIDNIGHT, 1000 * high.at, 0.01, "its time");
  assert.ok(worst(high, dips) < 0.02, `samples are off by ${worst(high, dips)}`);
  // 15 cycles before, 12 and the half of the reset, 30 behind: two values each.
  near(rms.times.length, 2 * (15 + 12.5 + 30), 2, "values of RMS");
  const least = Math.min(...rms.channels[rms.names.indexOf("V.b")]!);
  near(least, 0.7 * 119, 0.01, "RMS of the sag");
  near(rms.channels[rms.names.indexOf("V.a")]![0]!, 120, 0.01, "RMS of another phase before it");
});

/** Dips of all phases of this length, beginning at these seconds. */
const dipsAt = (starts: readonly number[], seconds = 0.1, residual = 0.5): readonly Dip[] =>
  starts.map((at) => ({ phases: [0, 1, 2], at, seconds, residual }));

test("two sags half a second apart are one high-speed recording, two events and two observations", () => {
  const { observed, log, run } = meterOn(source(dipsAt([3, 3.5])), {
    triggers: [sagTrigger({ highSpeedRms: true })],
    powerQuality: { ...powerQuality, highSpeedRms: { pre: 15, post: 30, limit: 1800 } },
  });
  run(6);
  assert.deepEqual(
    log("sagSwell").map(({ details }) => details["cycles"]),
    [7, 7],
  );
  // Both wait for the recording that they share; it is of the first.
  assert.deepEqual(
    observed.map(({ captures, event }) => [captures.length, event?.kind, event?.entry]),
    [
      [1, "sag", 0],
      [0, "sag", 1],
    ],
  );
  const [rms] = observed[0]!.captures as [Captured];
  // From a quarter of a second before the first to half a second behind the second.
  near(rms.times.at(-1)! - rms.times[0]!, 0.25 + 0.6 + 0.5, 0.03, "seconds");
  assert.deepEqual(
    log("event").map(({ what, details }) => [what, details]),
    [["recording", { recording: "high-speed RMS", trigger: 1, again: 1 }]],
  );
});

test("triggers that come during a recording share it, and the log says which; each kind goes by itself", () => {
  const { observed, log, run } = meterOn(source(dipsAt([3], 0.1, 0.3)), {
    triggers: [
      sagTrigger({ waveform: "low" }),
      trigger(2, {
        label: "Interruption",
        measure: measure("V", "bidirectional"),
        phase: "all",
        operator: "<",
        alarm: 60,
        reset: 61.2,
        records: "interruption",
        waveform: "low",
        highSpeedRms: true,
      }),
    ],
  });
  run(5);
  assert.deepEqual(
    observed.map((one) => [one.trigger.id, one.event?.kind, kindsOf(one)]),
    [
      [1, "sag", []],
      [2, "interruption", ["low", "rms"]],
    ],
  );
  assert.deepEqual(observed[1]!.captures[0]!.triggers, [1, 2]);
  assert.deepEqual(
    log("event").map(({ details }) => details),
    [{ recording: "waveform low", trigger: 1, shared: "2" }],
  );
  assert.equal(log("alarm")[1]!.details["description"], "2,Voltage Interruption,VLN:All,<,60,0,0,61.2");
});

test("swells and interruptions have their recordings, whichever trigger saw them first: data types 07, and 38, 36, 34", () => {
  const each = { measure: measure("V", "bidirectional"), phase: "any" as const };
  const typeOf = (kind: EventObserved["kind"]): DataType => (kind === "sag" || kind === "swell" ? "sagSwell" : kind);
  const typesOf = (dips: readonly Dip[], records: Partial<TriggerSettings>): readonly number[] => {
    const { observed, run } = meterOn(source(dips), {
      triggers: [
        trigger(1, { ...each, operator: ">", alarm: 126, reset: 124, records: "sagSwell", ...records }),
        sagTrigger({ id: 2, ...records }),
        trigger(3, { ...each, phase: "all", operator: "<", alarm: 6, reset: 8.4, records: "interruption", ...records }),
        trigger(4, { ...each, operator: ">", alarm: 6, reset: 3, records: "rapidVoltageChange", ...records }),
      ],
    });
    run(7);
    return observed
      .map(({ event, captures }) =>
        typeNumber([
          ...(event === undefined ? [] : [typeOf(event.kind)]),
          ...captures.map(({ kind }): DataType => (kind === "rms" ? kind : "waveform")),
        ]),
      )
      .toSorted((a, b) => a - b);
  };
  const both = { highSpeedRms: true, waveform: "low" } as const;
  const swell = [{ phases: [1], at: 3, seconds: 0.5, residual: 1.1 }];
  assert.deepEqual(typesOf(swell, both), [7]);
  assert.deepEqual(typesOf(swell, { ...both, waveform: "high" }), [7]);
  const gone = dipsAt([3], 0.5, 0);
  assert.deepEqual(typesOf(gone, both), [1, 38]);
  assert.deepEqual(typesOf(gone, { highSpeedRms: true }), [1, 36]);
  assert.deepEqual(typesOf(gone, { waveform: "low" }), [1, 34]);
});

test("recordings are of the line as the meter is told of it: primary volts and amps, by its own ratios", () => {
  const dips = dipsAt([2]);
  const primary = { ...plain.primary, pt: 120, ct: 40 };
  const of = source(dips, {
    signal: signal.map((waves, c) => waves.map((wave) => ({ ...wave, rms: wave.rms * (c < 3 ? 120 : 80) }))),
  });
  // The current transformers that are installed are others than the meter is told of.
  const { observed, run } = meterOn(
    of,
    { primary, triggers: [sagTrigger({ waveform: "medium" })] },
    { transformers: { pt: 120, ct: 80 } },
  );
  run(4);
  const [medium] = observed[0]!.captures as [Captured];
  const peak = (name: string, until: number): number =>
    Math.max(...medium.channels[medium.names.indexOf(name)]!.slice(0, until).map(Math.abs));
  near(peak("V.a", 2 * 128), 120 * 120 * Math.SQRT2, 5, "volts of the line");
  near(peak("A.a", 2 * 128), 5 * 40 * Math.SQRT2, 0.1, "amps of the line, as the meter knows it");
  const volts = observed[0]!.event!;
  assert.ok(volts.kind === "sag");
  near(volts.statistics.find(({ name }) => name === "V.a")!.least, 60, 0.01, "statistics are secondary");
});

test("a trigger that goes on holds no recording back for more than a minute: its event follows by itself", () => {
  const { observed, run } = meterOn(source([{ phases: [0], at: 2, seconds: 70, residual: 0.8 }], { rate: 64 * HZ }), {
    triggers: [sagTrigger({ waveform: "low" })],
  });
  run(62);
  assert.equal(observed.length, 0, "its recording ended after eight seconds, and waits");
  run(9);
  assert.deepEqual(
    observed.map((one) => [one.event?.kind, kindsOf(one), one.captures[0]?.cut]),
    [[undefined, ["low"], "limit"]],
  );
  run(4);
  assert.deepEqual(
    observed.map((one) => [one.event?.kind, kindsOf(one)]),
    [
      [undefined, ["low"]],
      ["sag", []],
    ],
  );
  assert.equal(observed[0]!.utc, observed[1]!.utc);
});

test("a recording ends with the meter's power, and what it has is handed out with the interruption when that ends", () => {
  const { observed, log, run } = meterOn(
    source(dipsAt([2], 1.5, 0)),
    { triggers: [sagTrigger({ highSpeedRms: true })] },
    { terminals: {} },
  );
  run(6);
  assert.equal(log("powerOutage").length, 1);
  assert.deepEqual(
    log("event").map(({ details }) => details),
    [{ recording: "high-speed RMS", trigger: 1, cut: "the meter had no power" }],
  );
  const [{ event, captures }] = observed as [Observation];
  assert.ok(event?.kind === "sag");
  near(event.utcEnd - event.utcStart, 1500, 30, "milliseconds");
  assert.deepEqual(
    captures.map(({ cut }) => cut),
    ["power"],
  );
  near(captures[0]!.times.length / 120, 0.25 + 0.1, 0.05, "seconds up to the end of the supply's hold");
});

test("a clock that is set during a recording moves neither it nor its event", () => {
  const { observed, rig, run, log } = meterOn(source(dipsAt([2], 1)), { triggers: [sagTrigger({ waveform: "low" })] });
  run(2.5);
  rig.meter.setTime(Date.parse("2026-06-01T12:00:00Z"), { by: "somebody" });
  run(3);
  const [{ utc, event, captures }] = observed as [Observation];
  near(utc - MIDNIGHT, 2000, 20, "the trigger");
  near(captures[0]!.utc - MIDNIGHT, 1750, 20, "the recording, a quarter of a second before");
  near(event!.utcEnd - event!.utcStart, 1000, 20, "the event's length");
  near(event!.utcStart - MIDNIGHT, 2000, 20, "the event");
  const [sag] = log("sagSwell");
  assert.match(String(sag!.details["end"]), /^2026-01-01 00:00:03\.0/);
  assert.ok(sag!.at >= Date.parse("2026-06-01T12:00:00Z"), "its entry stands where it was written");
});

test("samples that are missing in a recording are no values in it; a gap ends it, and the log says so", () => {
  const missing = meterOn(source(dipsAt([2]), { missing: (_, t) => t >= 2.2 && t < 2.5 }), {
    triggers: [sagTrigger({ highSpeedRms: true })],
  });
  missing.run(4);
  const [
    {
      captures: [rms],
    },
  ] = missing.observed as [Observation];
  // 36 half cycles, and the windows that reach into them.
  const unknown = rms!.channels[0]!.filter(Number.isNaN).length;
  assert.ok(unknown >= 36 && unknown <= 39, `${unknown} values are not known`);
  assert.equal(rms!.cut, undefined);

  const of = source(dipsAt([2]));
  const read = of.read.bind(of);
  let wasSilent = false;
  of.read = (seconds) => {
    const isSilent = of.elapsed >= 2.25 && of.elapsed < 2.75;
    const runs = read(seconds).map((one) => ({ ...one, joined: one.joined && !wasSilent }));
    wasSilent = isSilent;
    return isSilent ? [] : runs;
  };
  const gap = meterOn(of, { triggers: [sagTrigger({ highSpeedRms: true })] });
  gap.run(5);
  assert.deepEqual(
    gap.observed.map((one) => [one.event?.kind, one.captures.map(({ cut }) => cut)]),
    [["sag", ["gap"]]],
  );
  assert.deepEqual(
    gap.log("event").map(({ details }) => details),
    [{ recording: "high-speed RMS", trigger: 1, cut: "samples were missing" }],
  );
});

test("a rapid voltage change and an interruption are handed out with their numbers", () => {
  // 120 V to 112.8 V (6 %) and back half a second later; then all phases to 24 V for a fifth of a second.
  const dips: readonly Dip[] = [
    { phases: [0, 1, 2], at: 3, seconds: 0.5, residual: 0.94 },
    { phases: [0, 1, 2], at: 6, seconds: 0.2, residual: 0.2 },
  ];
  const volts = { measure: measure("V", "bidirectional") };
  const { observed, log, run } = meterOn(source(dips), {
    triggers: [
      trigger(3, { ...volts, phase: "all", operator: "<", alarm: 60, reset: 61.2, records: "interruption" }),
      trigger(11, { ...volts, phase: "any", alarm: 6, reset: 3, records: "rapidVoltageChange", waveform: "medium" }),
    ],
  });
  run(9);
  const [change, interruption] = observed as [Observation, Observation, ...Observation[]];
  assert.ok(change.event?.kind === "rapidVoltageChange");
  assert.deepEqual(change.event.phases, ["a", "b", "c"]);
  [120, 119, 121].forEach((nominal, k) => {
    near((change.event as { largest: readonly number[] }).largest[k]!, 0.06 * nominal, 0.05, "the largest change");
    near((change.event as { settled: readonly number[] }).settled[k]!, 0, 0.05, "what stayed");
  });
  near(change.utc - MIDNIGHT, 3000, 20, "the trigger");
  near(change.event.utcEnd - change.event.utcStart, 500, 20, "its length");
  assert.equal(change.event.entry, 0);
  // It is known to have ended a second later; what is recorded behind it is what was asked for.
  near(change.captures[0]!.times.at(-1)!, (5 + 5) / HZ + 0.5, 0.03, "seconds");
  assert.equal(
    log("alarm").find(({ details }) => details["trigger"] === 11)!.details["description"],
    "11,RVC,VLN:Any,>,6,0,0,3",
  );
  assert.ok(interruption.event?.kind === "interruption");
  assert.deepEqual([interruption.event.phase, interruption.event.entry], [undefined, 0]);
  near(interruption.event.cycles, 12, 1, "cycles");
  const least = interruption.event.statistics.filter(({ name }) => /^V\.[abc]$/.test(name)).map((one) => one.least);
  [24, 23.8, 24.2].forEach((expected, k) => near(least[k]!, expected, 0.01, "a phase's volts"));
  // What became an interruption is no rapid change: its recording is there, and no event.
  assert.deepEqual(
    observed.slice(2).map((one) => [one.trigger.id, one.event, kindsOf(one)]),
    [[11, undefined, ["medium"]]],
  );
});

test("where power quality is measured from line to line, so are events, recordings and their phases", () => {
  const { observed, log, run } = meterOn(source([{ phases: [1], at: 2, seconds: 0.2, residual: 0.3 }]), {
    primary: { ...plain.primary, nominalVoltage: 208, pqVoltage: "ll" },
    triggers: [
      sagTrigger({
        measure: measure("V.ll", "bidirectional"),
        alarm: 187,
        reset: 191,
        waveform: "low",
        highSpeedRms: true,
      }),
    ],
  });
  run(4);
  const [{ event, captures }] = observed as [Observation];
  assert.ok(event?.kind === "sag" && (event.phase === "ab" || event.phase === "bc"));
  assert.match(
    String(log("sagSwell")[0]!.details["description"]),
    /^Phase [AB] Voltage Line to Line SAG < 187\.00, [AB]$/,
  );
  for (const { names } of captures) assert.deepEqual(names.slice(0, 6), ["V.ab", "V.bc", "V.ca", "A.a", "A.b", "A.c"]);
  const rms = captures.find(({ kind }) => kind === "rms")!;
  // 120 V and 0.3 of 119 V, 120 degrees apart.
  const expected = Math.sqrt(120 ** 2 + 35.7 ** 2 + 120 * 35.7);
  near(Math.min(...rms.channels[0]!), expected, 0.1, "volts from a to b");
});

test("an input records what was before it closed, though it is seen a tenth of a second later", () => {
  const { observed, rig, run } = meterOn(source([]), {
    io: [contact("inputStatus"), ...Array.from({ length: 7 }, () => contact("none"))],
    triggers: [
      { ...trigger(5, { waveform: "low", input: 1 }), measure: undefined, alarm: undefined, reset: undefined },
    ],
  });
  run(2);
  rig.meter.setInput(1, true);
  run(1);
  rig.meter.setInput(1, false);
  run(2);
  const [{ trigger: of, captures, value }] = observed as [Observation];
  assert.deepEqual([of.id, value], [5, 1]);
  const [low] = captures as [Captured];
  near(low.triggeredAt, 2.1, 0.001, "when it was seen");
  near(low.at, 2.1 - 0.25, 0.01, "what was before");
  // It opened at three seconds.
  near(low.times.at(-1)!, 0.25 + 0.9 + 0.25, 0.02, "seconds");
});
