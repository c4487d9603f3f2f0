/** What a JEMStar reads, and what it says of what it does not: at a start, in a gap, at the end, and when one input is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { profileStatus } from "#quantity/profile.ts";
import type { Measure } from "#quantity/measure.ts";
import { columnsOf, sumOf } from "#revenue/measuring/columns.ts";
import type { Source, StepSource, StepValues } from "#waveform/source.ts";
import { FormulaSource, steady, type FormulaOptions, type Signal } from "./formula-source.ts";
import { measure, MinuteLoads, plain, register, revenueRig } from "./revenue-rig.ts";

const VOLTS = 120;
const AMPS = 5;
const signal: Signal = [0, 1, 2, 3, 4, 5].map((c) => [
  { order: 1, rms: c < 3 ? VOLTS : AMPS, degrees: -120 * (c % 3) - (c < 3 ? 0 : 30) },
]);
const both = (quantity: Measure["quantity"], phase: Measure["phase"]): Measure =>
  measure(quantity, "bidirectional", phase);

/** Reads every tenth of a second: V and A of phase a, V and W of b, the register of V a; and why there is nothing. */
function watch(source: Source, seconds: number) {
  const normal = [register(1, { type: "instantaneous", measure: both("V", "a"), decimals: 3, scaling: "secondary" })];
  const { meter } = revenueRig({ registers: { ...plain.registers, normal } }, undefined, {
    source,
    terminals: { auxiliaryFirst: true, auxiliary: true },
  });
  const now = (quantity: Measure["quantity"], phase: Measure["phase"]): number | undefined => {
    if (!meter.window.isKnown) return undefined;
    const value = sumOf(columnsOf(both(quantity, phase)), meter.window.average);
    return Number.isNaN(value) ? undefined : value;
  };
  return Array.from({ length: 10 * seconds }, (_, k) => {
    meter.advance(100 * (k + 1));
    return {
      at: (k + 1) / 10,
      va: now("V", "a"),
      ia: now("A", "a"),
      vb: now("V", "b"),
      wb: now("W", "b"),
      register: meter.registers.value(1),
      absence: meter.absence,
      windowSeconds: meter.window.seconds,
    };
  });
}

const formula = (options: Partial<FormulaOptions>): FormulaSource =>
  new FormulaSource({ signal, rate: 7680, turns: steady(60), ...options });

function near(found: number | undefined, expected: number, what: string): void {
  assert.ok(found !== undefined && Math.abs(found / expected - 1) < 2e-3, `${what}: ${found} for ${expected}`);
}

/** A recording that gives nothing for a while, and then ends. */
class Broken implements Extract<Source, { kind: "samples" }> {
  readonly kind = "samples";
  readonly utc = NaN;
  elapsed = 0;
  readonly #source: FormulaSource;
  readonly #gap: readonly [from: number, to: number];
  readonly #end: number;

  constructor(gap: readonly [from: number, to: number], end: number) {
    this.#source = formula({});
    this.#gap = gap;
    this.#end = end;
  }

  get ended(): boolean {
    return this.elapsed >= this.#end;
  }

  read(seconds: number): ReturnType<FormulaSource["read"]> {
    const from = this.elapsed;
    this.elapsed += seconds;
    const runs = this.#source.read(seconds);
    const isGap = from >= this.#gap[0] - 1e-9 && from < this.#gap[1] - 1e-9;
    if (isGap || from >= this.#end - 1e-9) return [];
    const isAfter = Math.abs(from - this.#gap[1]) < 1e-9;
    return isAfter ? runs.map((run, k) => (k === 0 ? { ...run, joined: false } : run)) : runs;
  }
}

test("no reading stands beside the words that nothing is measured, and none is missing without words", () => {
  for (const one of watch(new Broken([3, 6], 9), 11)) {
    const what = `at ${one.at} s`;
    const values = [one.va, one.ia, one.vb, one.wb, one.register];
    if (one.absence === undefined) {
      near(one.va, VOLTS, what);
      near(one.register, VOLTS, what);
      near(one.wb, VOLTS * AMPS * Math.cos(Math.PI / 6), what);
    } else assert.deepEqual(values, [undefined, undefined, undefined, undefined, undefined], `${what}: ${one.absence}`);
    if (one.at <= 0.3) assert.equal(one.absence, "measuring has just begun", what);
    // A gap is one when nothing has come for 0.2 s.
    if (one.at > 3.25 && one.at < 5.95) assert.match(one.absence ?? "", /^a gap: nothing has been sampled for/, what);
    if (one.at > 9.05) assert.equal(one.absence, "the recording has been played to its end", what);
    if ((one.at > 1 && one.at < 3.05) || (one.at > 7 && one.at < 8.95)) assert.equal(one.absence, undefined, what);
  }
});

test("an input that is lost reads nothing from then on, the others go on; it is back within half a second", () => {
  const seen = watch(formula({ missing: (channel, t) => channel === 3 && t >= 3.03 && t < 5.03 }), 8);
  for (const one of seen) {
    const what = `at ${one.at} s`;
    if (one.at < 1) continue;
    for (const volts of [one.va, one.vb, one.register]) near(volts, VOLTS, what);
    near(one.wb, VOLTS * AMPS * Math.cos(Math.PI / 6), what);
    if (one.at > 3.15 && one.at < 5.05) {
      assert.deepEqual([one.ia, one.absence], [undefined, "samples of ia are missing"], what);
    } else if (one.at <= 3 || one.at > 5.55) {
      near(one.ia, AMPS, what);
      assert.equal(one.absence, undefined, what);
    } else if (one.ia === undefined) assert.notEqual(one.absence, undefined, what);
  }
});

test("a change of what is measured is averaged over a second and a half, not over what was before a loss", () => {
  // The volts of a are half after the loss: none of what is read is a mixture.
  const seen = watch(
    formula({
      envelope: (channel, t) => (channel === 0 && t > 4 ? 0.5 : 1),
      missing: (channel, t) => channel === 0 && t > 3.5 && t < 4.5,
    }),
    8,
  );
  const volts = seen.flatMap(({ at, va }) => (at > 1 && va !== undefined ? [va] : []));
  assert.ok(volts.length > 50);
  for (const one of volts) near(one, one > 90 ? VOLTS : VOLTS / 2, "V a");
});

test("a gap of a tenth of a second, which no reading shows, stands in the record that it was in", () => {
  const { meter } = revenueRig(
    {
      profiles: [
        { channels: [], minutes: 1, externalSync: false, data: "counts", events: true, freezeMarkers: true },
      ] as never,
    },
    undefined,
    { source: new Broken([70, 70.1], 200), terminals: { auxiliaryFirst: true, auxiliary: true } },
  );
  for (let k = 1; k <= 1810; k++) meter.advance(100 * k);
  assert.deepEqual(
    meter.profiles[0]!.records().map(({ status }) => status & profileStatus.noInputs),
    [0, profileStatus.noInputs, 0],
  );
});

/** Steps that say nothing for a while. */
class Silent extends MinuteLoads implements StepSource {
  #seconds = 0;

  override step(seconds: number, from: StepValues, to: StepValues): number {
    this.#seconds += seconds;
    return this.#seconds > 4.05 && this.#seconds < 6.05 ? 0 : super.step(seconds, from, to);
  }
}

test("a source of steps that says nothing leaves no reading, and words; a steady one is asked no more often than before", () => {
  const seen = watch(new Silent(() => ({ w: 3600, q: 1200 })), 9);
  for (const one of seen) {
    const what = `at ${one.at} s`;
    if (one.absence === undefined) near(one.va, VOLTS, what);
    else assert.deepEqual([one.va, one.register], [undefined, undefined], what);
    if (one.at > 4.05 && one.at < 6.05) assert.equal(one.absence, "its source says nothing", what);
    if (one.at > 8 || (one.at > 2 && one.at < 4.05)) assert.equal(one.absence, undefined, what);
  }
  const long = seen.filter(({ at, windowSeconds }) => at > 2 && at < 4 && windowSeconds > 1.4);
  assert.ok(long.length > 15, "windows of a second and a half");
});
