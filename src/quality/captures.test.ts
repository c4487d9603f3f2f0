/** Recordings against closed forms: the samples of the source at their times, what was before, how long, and what cuts them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeGrid, type Signal } from "#metrology/grid-fixture.ts";
import { Grid } from "#metrology/grid.ts";
import type { Urms } from "#metrology/urms.ts";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { type CaptureSettings, factoryCaptures, perCycleOf } from "./capture-settings.ts";
import { type Captured, type CaptureKind, captureKinds } from "#quantity/captured.ts";
import { Captures, type CapturesOptions } from "./captures.ts";
import { QualityInstrument } from "./instrument.ts";

const RMS_VOLTS = [229.1, 230.4, 231.7];
const RMS_AMPS = [5.1, 6.2, 7.3];
const LAG = [0, 30, 45];

/** Three phases and their currents, which lag; `depth` times phase b between two seconds. */
const line =
  (hz: number, sag: { from: number; to: number; depth: number } = { from: 0, to: 0, depth: 1 }): Signal =>
  (c, t) => {
    const isAmps = c >= 3;
    const rms = isAmps ? RMS_AMPS[c - 3]! : RMS_VOLTS[c]!;
    const degrees = -120 * (c % 3) - (isAmps ? LAG[c - 3]! : 0);
    const isIn = c === 1 && t >= sag.from && t < sag.to;
    return Math.SQRT2 * rms * Math.sin(2 * Math.PI * hz * t + (degrees * Math.PI) / 180) * (isIn ? sag.depth : 1);
  };

type Kinds = CapturesOptions["kinds"];

function recording(kinds: Kinds, more: { wiring?: WiringName; pqVoltage?: "ln" | "ll"; utc?: () => number } = {}) {
  const { wiring = "wye", utc = () => Date.UTC(2026, 0, 1), ...rest } = more;
  const captured: Captured[] = [];
  const onCapture = (one: Captured): void => void captured.push(one);
  const nominalVolts = wiring === "delta" ? 400 : 230;
  const captures = new Captures({
    wiring: wirings[wiring],
    hz: 60,
    grid: 512,
    nominalVolts,
    kinds,
    utc,
    onCapture,
    ...rest,
  });
  return { captures, captured };
}

/** A grid that is locked exactly, with so many half cycles of a line at 60 Hz; `each` is called behind each. */
class Played {
  readonly fake = new FakeGrid(512, 60, 0, 32);
  readonly captures: Captures;
  readonly captured: readonly Captured[];
  signal: Signal = line(60);

  constructor(kinds: Kinds, more: Parameters<typeof recording>[1] = {}) {
    ({ captures: this.captures, captured: this.captured } = recording(kinds, more));
  }

  run(halves: number, each: (at: number) => void = () => undefined, missing = 0): this {
    for (let k = 0; k < halves; k++) {
      this.captures.half(this.fake.make(this.signal, missing));
      each(this.fake.at + this.fake.seconds);
    }
    return this;
  }

  /** Until so many seconds of the source. */
  to(seconds: number): this {
    return this.run(Math.round((seconds - this.fake.at - this.fake.seconds) * 120));
  }
}

const near = (actual: number, expected: number, by: number, what = ""): void =>
  assert.ok(Math.abs(actual - expected) <= by, `${what}: ${actual} instead of ${expected}`);

const channel = (captured: Captured, name: string): Float64Array => captured.channels[captured.names.indexOf(name)]!;

const only = (captured: readonly Captured[]): Captured => {
  assert.equal(captured.length, 1, `${captured.length} recordings`);
  return captured[0]!;
};

const inputs = ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"];

for (const [hz, rate] of [
  [60, 30_720],
  [59.3, 25_600],
  [50.7, 25_600],
] as const) {
  test(`a sag on one phase at ${hz} Hz, sampled at ${rate}: waveforms are the source's at their times, with what was before`, () => {
    const sag = { from: 1.0037, to: 1.1537, depth: 0.4 };
    const signal = line(hz, sag);
    const { captures, captured } = recording(factoryCaptures);
    const grid = new Grid({ grid: 512, wiring: wirings.wye, frequency: [42.5, 69], cyclesKept: 32 });
    captures.begin(0);
    const count = 1024;
    let [isOn, isOver] = [false, false];
    for (let pushed = 0; pushed < 1.9 * rate; pushed += count) {
      const channels = inputs.map((_, c) =>
        Float64Array.from({ length: count }, (_, k) => signal(c, (pushed + k) / rate)),
      );
      grid.push({ channels, count, rate, perCycle: 0, at: pushed / rate, joined: pushed > 0, missing: undefined });
      while (grid.next()) {
        captures.half(grid);
        // It is seen when the half cycle is there in which it lies, and the cause is told with its own time.
        if (!isOn && grid.at + grid.seconds > sag.from) {
          isOn = true;
          for (const kind of captureKinds) assert.equal(captures.trigger(kind, 7, sag.from), "began");
        }
        if (!isOver && grid.at + grid.seconds > sag.to) {
          isOver = true;
          captures.clear(7, sag.to);
        }
      }
    }
    assert.deepEqual(captured.map(({ kind }) => kind).toSorted(), [...captureKinds].toSorted());
    for (const one of captured) {
      const { kind, perCycle, at, times, cut, triggers, triggeredAt, utc } = one;
      const { pre, post } = factoryCaptures[kind];
      assert.deepEqual([cut, triggers, triggeredAt, perCycle], [undefined, [7], sag.from, perCycleOf[kind]]);
      near(one.hz, hz, 0.01, kind);
      near(utc, Date.UTC(2026, 0, 1) + 1000 * at, 0.001, "UTC");
      const before = times.findIndex((time) => at + time >= sag.from);
      assert.equal(before, pre * perCycle, `${kind}: values before`);
      const expected = (pre + (sag.to - sag.from) * hz + post) * perCycle;
      near(times.length, expected, kind === "rms" ? 1 : perCycle / 50 + 1, `${kind}: values`);
      assert.ok(times.every((time, k) => k === 0 || time > times[k - 1]!));
      if (kind === "rms") continue;
      assert.deepEqual(one.names, inputs);
      inputs.forEach((name, c) => {
        const values = channel(one, name);
        const peak = signal === undefined ? NaN : Math.SQRT2 * (c < 3 ? RMS_VOLTS[c]! : RMS_AMPS[c - 3]!);
        times.forEach((time, k) => {
          const t = at + time;
          // The edges themselves have no closed form once they are band-limited.
          if (c === 1 && (Math.abs(t - sag.from) < 32 / rate || Math.abs(t - sag.to) < 32 / rate)) return;
          near(values[k]!, signal(c, t), 1e-4 * peak, `${kind} ${name} at ${t}`);
        });
      });
    }
    const rms = captured.find(({ kind }) => kind === "rms")!;
    assert.deepEqual(rms.names, [...inputs, ...inputs.map((name) => `${name}.angle`)]);
    rms.times.forEach((time, k) => {
      const t = rms.at + time;
      for (const [c, name] of inputs.entries()) {
        const full = c < 3 ? RMS_VOLTS[c]! : RMS_AMPS[c - 3]!;
        const isBefore = t <= sag.from || t > sag.to + 3 / hz;
        const isIn = t > sag.from + 2 / hz && t < sag.to;
        if (name === "V.b" && !isBefore && !isIn) continue;
        near(channel(rms, name)[k]!, full * (name === "V.b" && isIn ? sag.depth : 1), 2e-4 * full, `${name} at ${t}`);
        const angle = -120 * (c % 3) - (c < 3 ? 0 : LAG[c - 3]!);
        const off = channel(rms, `${name}.angle`)[k]! - angle;
        near(off - 360 * Math.round(off / 360), 0, 0.02, `${name}.angle at ${t}`);
      }
    });
  });
}

const short = (pre: number, post: number, limit: number): CaptureSettings => ({ pre, post, limit });

test("a trigger within a half cycle is at the first value at or after it, with whole cycles before", () => {
  const played = new Played({ low: short(3, 2, 100), medium: short(3, 2, 100), high: short(3, 2, 30) }).to(0.5);
  for (const kind of ["low", "medium", "high"] as const) {
    played.captures.trigger(kind, 1, 0.49012);
    played.captures.clear(1, 0.49512);
  }
  played.to(1);
  for (const { kind, at, times, perCycle } of played.captured) {
    const step = 1 / (60 * perCycle);
    const trigger = Math.ceil(0.49012 / step) * step;
    near(at, trigger - 3 / 60, 1e-9, kind);
    const over = Math.ceil(0.49512 / step) * step;
    near(times.length, 5 * perCycle + Math.round((over - trigger) / step), 0, kind);
  }
  assert.equal(played.captured.length, 3);
});

test("others join it, a cause that comes back in the cycles behind it goes on, and the last one ends it", () => {
  const played = new Played({ rms: short(2, 6, 600) }).to(1);
  const { captures } = played;
  assert.equal(captures.trigger("rms", 3, 1), "began");
  played.to(1.1);
  assert.equal(captures.trigger("rms", 5, 1.1), "joined");
  played.to(1.2);
  captures.clear(3, 1.2);
  played.to(1.4);
  captures.clear(5, 1.4);
  played.to(1.45);
  assert.equal(captures.trigger("rms", 3, 1.45), "joined");
  played.to(1.6);
  assert.ok(captures.isRunning("rms"));
  captures.clear(3, 1.6);
  played.to(2);
  assert.ok(!captures.isRunning("rms"));
  const { at, times, triggers, cut } = only(played.captured);
  assert.deepEqual([triggers, cut], [[3, 5], undefined]);
  // The value of the trigger is that at 1 s: two cycles before it, 0.6 s = 36 cycles, six behind.
  near(at, 1 - 2 / 60, 1e-9);
  assert.equal(times.length, 2 * (2 + 36 + 6));
});

test("it is as long as it may be, and the next trigger begins another whose values before are those of this one", () => {
  const played = new Played({ low: short(4, 4, 20) }).to(1);
  played.captures.trigger("low", 1, 1);
  played.to(1.5);
  const first = only(played.captured);
  assert.deepEqual([first.cut, first.times.length], ["limit", 20 * 16]);
  // The cause that was cut is not one of the next.
  played.captures.trigger("low", 2, 1.3);
  played.captures.clear(2, 1.4);
  played.captures.clear(1, 1.45);
  played.to(2);
  const second = played.captured[1]!;
  assert.deepEqual([second.triggers, second.cut, second.times.length], [[2], undefined, (4 + 6 + 4) * 16]);
  const shared = Math.round((second.at - first.at) * 60 * 16);
  assert.ok(shared < first.times.length);
  for (let k = 0; k < 30; k++) assert.equal(channel(second, "A.b")[k], channel(first, "A.b")[shared + k]);
});

test("a cause that ended exactly with the limit is not cut by it", () => {
  const played = new Played({ medium: short(2, 3, 10) }).to(1);
  played.captures.trigger("medium", 1, 1);
  played.to(1 + 4 / 60);
  played.captures.clear(1, 1 + 5 / 60);
  played.to(2);
  const { cut, times } = only(played.captured);
  // What is ahead of the samples is at the next of them: a cycle earlier than said.
  assert.deepEqual([cut, times.length], [undefined, 9 * 128]);
  const other = new Played({ medium: short(2, 3, 10) }).to(1);
  other.captures.trigger("medium", 1, 1);
  other.to(1 + 5 / 60);
  other.captures.clear(1, 1 + 5 / 60);
  other.to(2);
  assert.deepEqual([only(other.captured).cut, only(other.captured).times.length], [undefined, 10 * 128]);
});

test("where what was before would fill it, the cycle of the trigger is there; and without any there is that cycle", () => {
  const played = new Played({ high: short(5, 0, 2), low: short(0, 0, 2) }).to(1);
  assert.equal(played.captures.pulse("high", 1, 1), "began");
  assert.equal(played.captures.pulse("low", 1, 1), "began");
  assert.equal(played.captures.pulse("medium", 1, 1), undefined);
  played.to(1.1);
  const high = played.captured.find(({ kind }) => kind === "high")!;
  near(high.at, 1 - 1 / 60, 1e-9);
  assert.deepEqual([high.times.length, high.cut], [2 * 512, undefined]);
  const low = played.captured.find(({ kind }) => kind === "low")!;
  near(low.at, 1, 1e-9);
  assert.equal(low.times.length, 16);
});

test("a gap, a lost fundamental and no power end it with what is there; nothing of before a gap is before a trigger behind it", () => {
  for (const [why, happens] of [
    ["gap", (played: Played): void => void played.fake.skip(0.5)],
    ["gap", (played: Played): void => played.captures.pause()],
    ["gap", (played: Played): void => played.captures.half(played.fake.make(played.signal).but({ lock: "lost" }))],
    ["power", (played: Played): void => played.captures.powerDown()],
  ] as const) {
    const played = new Played({ rms: short(10, 5, 600), medium: short(10, 5, 100) }).to(1);
    for (const kind of ["rms", "medium"] as const) played.captures.trigger(kind, 1, 1);
    played.to(1.2);
    const { at } = played.fake;
    happens(played);
    if (played.fake.at === at) {
      played.fake.make(played.signal).but({ joined: false });
      played.captures.half(played.fake);
    }
    assert.deepEqual(
      played.captured.map(({ cut }) => cut),
      [why, why],
    );
    for (const { kind, times, perCycle } of played.captured) {
      // Of RMS that which ended with the trigger is that of the trigger.
      assert.equal(times.length, (10 + 12) * perCycle + (kind === "rms" ? 1 : 0));
    }
    const began = played.fake.at;
    played.run(6);
    for (const kind of ["rms", "medium"] as const) played.captures.pulse(kind, 2, played.fake.at + played.fake.seconds);
    played.run(20);
    for (const { at, triggers } of played.captured.slice(2)) {
      assert.deepEqual(triggers, [2]);
      assert.ok(at >= began - 1e-9, `${at} is before ${began}`);
    }
    assert.equal(played.captured.length, 4);
  }
});

test("a trigger before anything is there begins with the first value", () => {
  const played = new Played({ low: short(5, 1, 50), rms: short(5, 1, 50) });
  for (const kind of ["low", "rms"] as const) played.captures.trigger(kind, 1, 0);
  played.run(8);
  played.captures.clear(1, played.fake.at + played.fake.seconds);
  played.run(10);
  const [low] = played.captured.filter(({ kind }) => kind === "low");
  assert.deepEqual([low!.at, low!.times.length], [0, 5 * 16]);
  // The first half cycle ends no cycle: it has no RMS.
  const rms = played.captured.find(({ kind }) => kind === "rms")!;
  assert.ok(Number.isNaN(channel(rms, "V.a")[0]!));
  near(channel(rms, "V.a")[4]!, RMS_VOLTS[0]!, 1e-6);
});

test("what is over before anything is there, at first or behind a gap, is not recorded", () => {
  const played = new Played({ low: short(5, 1, 50), rms: short(5, 1, 50) });
  for (const begun of [0, 60]) {
    played.run(begun);
    played.captures.pause();
    for (const kind of ["low", "rms"] as const) assert.equal(played.captures.pulse(kind, 1, begun / 120), "began");
    assert.ok(!played.captures.isRunning("low") && !played.captures.isRunning("rms"));
    played.fake.skip(10);
    played.captures.half(played.fake.make(played.signal).but({ joined: false }));
  }
  played.run(60);
  assert.deepEqual(played.captured, []);
});

test("what was missing is NaN, in that channel and that half cycle only; a dead line goes on", () => {
  const played = new Played({ rms: short(2, 2, 600), low: short(2, 2, 100) }).to(1);
  for (const kind of ["rms", "low"] as const) played.captures.trigger(kind, 1, 1);
  played.run(1, undefined, 1 << 4).run(5);
  played.signal = () => 0;
  played.run(8);
  played.captures.clear(1, played.fake.at + played.fake.seconds);
  played.run(10);
  const low = played.captured.find(({ kind }) => kind === "low")!;
  const missing = [...channel(low, "A.b").keys()].filter((k) => Number.isNaN(channel(low, "A.b")[k]!));
  assert.deepEqual(
    missing,
    Array.from({ length: 8 }, (_, k) => 32 + k),
  );
  for (const name of inputs) if (name !== "A.b") assert.ok(channel(low, name).every((value) => !Number.isNaN(value)));
  const rms = played.captured.find(({ kind }) => kind === "rms")!;
  assert.equal(channel(rms, "V.a").at(-1), 0);
  assert.ok(Number.isNaN(channel(rms, "V.b.angle").at(-1)!), "no voltage has no angle");
  assert.ok(channel(rms, "A.b").some((value) => Number.isNaN(value)));
});

test("a trigger that is told late has before it what the rings still have", () => {
  const { captures, captured } = recording({ low: short(30, 0, 100), rms: short(30, 0, 100) });
  const fake = new FakeGrid(512, 60, 0, 32);
  for (let k = 0; k < 300; k++) captures.half(fake.make((c, t) => 100 * c + t));
  const now = fake.at + fake.seconds;
  for (const kind of ["low", "rms"] as const) captures.pulse(kind, 1, now - 40 / 120);
  captures.pulse("low", 2, now - 500 / 120);
  const of = (kind: CaptureKind): readonly Captured[] => captured.filter((one) => one.kind === kind);
  const [late, older] = of("low");
  // 64 half cycles are there: 40 since, so 24 before, and the cycle of the trigger.
  near(late!.at, now - 64 / 120, 1e-9);
  assert.equal(late!.times.length, (24 + 2) * 8);
  assert.ok(late!.channels[2]!.every((value, k) => Math.abs(value - 200 - late!.at - late!.times[k]!) < 1e-9));
  // Of what is older than all that is there: the oldest cycle, and nobody says that it was then.
  near(older!.at, now - 64 / 120, 1e-9);
  assert.deepEqual([older!.times.length, older!.triggeredAt], [16, now - 500 / 120]);
  // RMS has a memory of its own.
  assert.equal(of("rms")[0]!.times.length, 60 + 2);
});

test("where a jump of the phase made the grid skip a place of its rings, what lay there is not taken for what was before", () => {
  const { captures, captured } = recording({ low: short(30, 0, 100) });
  const fake = new FakeGrid(512, 60, 0, 4);
  const signal: Signal = (c, t) => 100 * c + t;
  for (let k = 0; k < 30; k++) {
    if (k === 27) fake.index++;
    captures.half(fake.make(signal));
  }
  captures.pulse("low", 1, fake.at + fake.seconds);
  for (let k = 0; k < 4; k++) captures.half(fake.make(signal));
  const { at, times, channels } = only(captured);
  // Eight places, of which one was skipped; and the cycle of the trigger.
  assert.equal(times.length, (7 + 2) * 8);
  for (let c = 0; c < 6; c++) times.forEach((time, k) => near(channels[c]![k]!, 100 * c + at + time, 1e-9));
});

test("of a delta the volts from line to line are recorded, and of a wye where they are wanted", () => {
  for (const [wiring, pqVoltage] of [
    ["delta", "ln"],
    ["wye", "ll"],
  ] as const) {
    const played = new Played({ high: short(1, 1, 30), rms: short(1, 1, 30) }, { wiring, pqVoltage }).to(1);
    for (const kind of ["high", "rms"] as const) played.captures.pulse(kind, 1, 1);
    played.to(1.2);
    const high = played.captured.find(({ kind }) => kind === "high")!;
    assert.deepEqual(high.names, ["V.ab", "V.bc", "V.ca", "A.a", "A.b", "A.c"]);
    high.times.forEach((time, k) => {
      const t = high.at + time;
      near(channel(high, "V.ca")[k]!, played.signal(2, t) - played.signal(0, t), 1e-6);
    });
    const rms = played.captured.find(({ kind }) => kind === "rms")!;
    // |229.1 - 230.4 at -120 degrees|.
    near(channel(rms, "V.ab")[3]!, Math.sqrt(229.1 ** 2 + 230.4 ** 2 + 229.1 * 230.4), 1e-3);
    // Angles are against that of the first voltage, AB: V.a less V.b at -120 degrees, which leads V.a by 30.1.
    const lead = (180 / Math.PI) * Math.atan2(230.4 * Math.sin(Math.PI / 3), 229.1 + 230.4 * Math.cos(Math.PI / 3));
    near(channel(rms, "V.ab.angle")[3]!, 0, 1e-6);
    near(channel(rms, "A.a.angle")[3]!, -lead, 1e-6);
    near(channel(rms, "A.c.angle")[3]!, 75 - lead, 1e-6);
  }
});

test("with the RMS of an instrument on the same grid it is the same recording, and of other channels it is refused", () => {
  const options = { wiring: wirings.wye, hz: 60, nominalVolts: 230, rotation: "abc", flickerLamp: 120 } as const;
  const of = (isShared: boolean): Captured => {
    const { captures, captured } = recording({ rms: short(5, 5, 100) });
    let last: Urms | undefined;
    const onUrms = (urms: Urms): void => void (last = urms);
    const instrument = new QualityInstrument({ ...options, utc: () => NaN, onUrms });
    const fake = new FakeGrid(512, 60, 0, 32);
    for (let k = 0; k < 60; k++) {
      fake.make(line(60, { from: 0.3, to: 0.35, depth: 0.5 }));
      if (isShared) instrument.half(fake);
      captures.half(fake, isShared ? last : undefined);
      if (k === 36) captures.pulse("rms", 1, 0.3);
    }
    return only(captured);
  };
  const [shared, own] = [of(true), of(false)];
  assert.deepEqual(shared, own);
  near(Math.min(...channel(own, "V.b")), 0.5 * RMS_VOLTS[1]!, 0.01);
  const { captures } = recording({ rms: short(5, 5, 100) }, { pqVoltage: "ll" });
  const other = new QualityInstrument({ ...options, utc: () => NaN, onUrms: (urms) => captures.half(fake, urms) });
  const fake = new FakeGrid(512, 60, 0, 32).make(line(60));
  assert.throws(
    () => other.half(fake),
    /RMS of V\.a, V\.b, V\.c, A\.a, A\.b, A\.c: expected V\.ab, V\.bc, V\.ca, A\.a/,
  );
});

test("the clock is that of the beginning, though it is set meanwhile; what nobody knows is NaN", () => {
  let now = 5000;
  const played = new Played({ low: short(1, 1, 50) }, { utc: () => now });
  played.captures.begin(0);
  played.to(1);
  played.captures.trigger("low", 1, 1);
  now = 9_000_000;
  played.captures.begin(1);
  played.to(1.1);
  played.captures.clear(1, 1.1);
  played.to(1.3);
  near(only(played.captured).utc, 5000 + 1000 * (1 - 1 / 60), 1e-6);
  const unknown = new Played({ low: short(1, 1, 50) }, { utc: () => NaN });
  unknown.captures.begin(0);
  unknown.to(1);
  unknown.captures.pulse("low", 1, 1);
  unknown.to(1.3);
  assert.ok(Number.isNaN(only(unknown.captured).utc));
});

test("10,000 triggers a minute: as many recordings as fit behind one another, none larger than its limit", () => {
  for (const [kinds, most] of [
    [factoryCaptures, { rms: 2, low: 8, medium: 32, high: 280 }],
    [{ high: short(0, 0, 2) }, { rms: 0, low: 0, medium: 0, high: 3600 }],
  ] as const) {
    const counts: Record<CaptureKind, number> = { rms: 0, low: 0, medium: 0, high: 0 };
    const limits = { ...factoryCaptures, ...kinds } as Readonly<Record<CaptureKind, CaptureSettings>>;
    const captures = new Captures({
      wiring: wirings.wye,
      hz: 60,
      grid: 512,
      nominalVolts: 230,
      kinds,
      utc: () => 0,
      onCapture: ({ kind, times, channels, triggers }) => {
        counts[kind]++;
        const bound = limits[kind].limit * perCycleOf[kind];
        assert.ok(times.length <= bound && times.buffer.byteLength <= 8 * bound, `${times.length} of ${bound}`);
        for (const values of channels) assert.equal(values.buffer.byteLength, times.buffer.byteLength);
        assert.ok(triggers.length <= 256 && new Set(triggers).size === triggers.length);
      },
    });
    const fake = new FakeGrid(512, 60, 0, 32);
    let next = 0;
    for (let k = 0; k < 7200; k++) {
      captures.half(fake.make((c, t) => c + t));
      for (; next < (fake.at + fake.seconds) * 1000; next += 6) {
        // 10,000 ids, each of one half cycle.
        for (const kind of captureKinds) captures.trigger(kind, next, next / 1000);
        captures.clear(next, next / 1000);
      }
    }
    for (const kind of captureKinds) {
      assert.ok(counts[kind] <= most[kind], `${counts[kind]} of ${kind}`);
      if (most[kind] > 0) assert.ok(counts[kind] >= 0.5 * most[kind], `${counts[kind]} of ${kind}`);
    }
  }
});

test("what cannot be is refused in words", () => {
  const of =
    (kinds: Kinds, grid = 512) =>
    () =>
      new Captures({
        wiring: wirings.wye,
        hz: 50,
        grid,
        nominalVolts: 230,
        kinds,
        utc: () => NaN,
        onCapture: () => undefined,
      });
  assert.throws(of({ rms: short(26, 1, 100) }), /pre of rms is 26 cycles: expected a whole number from 0 to 25/);
  assert.throws(of({ high: short(2, 1, 31) }), /limit of high is 31 cycles: expected a whole number from 2 to 30/);
  assert.throws(of({ low: short(2, 1.5, 31) }), /post of low is 1.5 cycles/);
  assert.throws(
    of({ medium: short(2, 1, 31) }, 64),
    /medium has 128 values a cycle: expected a grid of as many, not of 64/,
  );
});

test("a half cycle in which nothing is recorded allocates nothing", () => {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("the tests run with --expose-gc");
  const { captures } = recording(factoryCaptures);
  const fake = new FakeGrid(512, 60, 0, 32);
  for (let k = 0; k < 64; k++) captures.half(fake.make(line(60)));
  const run = (): void => {
    // Making half cycles is not what is weighed.
    for (let k = 0; k < 20_000; k++, fake.index++) captures.half(fake);
  };
  run();
  collect();
  const before = process.memoryUsage().heapUsed;
  run();
  collect();
  assert.ok((process.memoryUsage().heapUsed - before) / 20_000 < 4);
});
