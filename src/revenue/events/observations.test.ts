/** Whatever triggers and recordings do, each event and each recording is handed out once, and what waits is bounded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Captured, CaptureCut, CaptureKind } from "#quantity/captured.ts";
import type { EventObserved, Observation } from "#quantity/observation.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { MemoryStore } from "#store/store.ts";
import { AlarmRate, MOST_ALARMS } from "./alarm-rate.ts";
import { EventLog } from "./event-log.ts";
import { Observations, type Recordings } from "./observations.ts";

/** Recordings whose ends a test decides. */
class Played implements Recordings {
  readonly running = new Map<CaptureKind, number[]>();
  readonly ended: Captured[] = [];
  take: (captured: Captured) => void = () => {};
  /** Seconds of the recordings, so that each is told from the others. */
  #at = 0;

  trigger(kind: CaptureKind, id: number): "began" | "joined" {
    const there = this.running.get(kind);
    if (there !== undefined) {
      if (!there.includes(id)) there.push(id);
      return "joined";
    }
    this.running.set(kind, [id]);
    return "began";
  }

  clear(): void {}

  isRunning(kind: CaptureKind): boolean {
    return this.running.has(kind);
  }

  /** One ends, with what is there or without a word. */
  end(kind: CaptureKind, cut: CaptureCut | undefined, isEmpty: boolean): void {
    const triggers = this.running.get(kind);
    if (triggers === undefined) return;
    this.running.delete(kind);
    if (isEmpty) return;
    this.#at++;
    const captured: Captured = {
      kind,
      perCycle: 2,
      hz: 60,
      at: this.#at,
      utc: 1000 * this.#at,
      triggeredAt: this.#at,
      triggers,
      names: ["V.a"],
      times: Float64Array.of(0),
      channels: [Float64Array.of(this.#at)],
      cut,
    };
    this.ended.push(captured);
    this.take(captured);
  }
}

const triggers: readonly TriggerSettings[] = [
  { highSpeedRms: true, records: "sagSwell" as const },
  { highSpeedRms: true, waveform: "low" as const, records: "interruption" as const },
  { waveform: "low" as const },
  { records: "rapidVoltageChange" as const },
  { waveform: "high" as const, transient: { samples: 1, reset: 1 } },
].map((more, k) => ({
  id: k + 1,
  enabled: true,
  label: `trigger ${k + 1}`,
  phase: "any",
  operator: ">",
  delayMs: 0,
  resetDelayMs: 0,
  ...more,
}));

function rig() {
  let elapsed = 0;
  const observed: Observation[] = [];
  const recordings = new Played();
  const memory = (_: string, count: number, initial: number): Float64Array => new Float64Array(count).fill(initial);
  const now = () => ({ utc: elapsed, offsetMinutes: 0, daylightSaving: false, synchronised: true });
  const log = new EventLog({ store: new MemoryStore().drawer("log"), memory, now });
  const observations = new Observations({
    recordings,
    triggers,
    log,
    elapsed: () => elapsed,
    scale: { volts: 1, amps: 1 },
    trouble: () => undefined,
    observe: (observation) => void observed.push(observation),
  });
  recordings.take = (captured) => observations.captured(captured);
  return { observations, recordings, observed, log, pass: (ms: number) => void (elapsed += ms), now: () => elapsed };
}

const sag = (entry: number): EventObserved => ({
  kind: "sag",
  phase: "a",
  cycles: 1,
  statistics: [],
  utcStart: 0,
  utcEnd: 1,
  entry,
});

type Step =
  | { readonly do: "begin" | "end"; readonly trigger: number; readonly leaves: boolean }
  | {
      readonly do: "recorded";
      readonly kind: CaptureKind;
      readonly cut: CaptureCut | undefined;
      readonly isEmpty: boolean;
    }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "flush" };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("begin", "end"), trigger: fc.nat({ max: 4 }), leaves: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("recorded" as const),
      kind: fc.constantFrom<CaptureKind>("rms", "low", "high"),
      cut: fc.constantFrom<CaptureCut | undefined>(undefined, "limit", "gap"),
      isEmpty: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: "flush" } as const) },
) as fc.Arbitrary<Step>;

test("each event and each recording is handed out once, of the trigger that it is of, and nothing is kept in the end", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (story) => {
      const { observations, recordings, observed, pass, now } = rig();
      const on = new Set<number>();
      const events: [entry: number, trigger: number][] = [];
      for (const step of story) {
        if (step.do === "begin" || step.do === "end") {
          const trigger = triggers[step.trigger]!;
          const isTransient = trigger.transient !== undefined;
          if (step.do === "begin" && !on.has(trigger.id)) {
            if (!isTransient) on.add(trigger.id);
            observations.begin(trigger, { utc: now(), elapsed: now(), at: now() / 1000, value: 1 });
          } else if (step.do === "end" && on.delete(trigger.id)) {
            const leaves = step.leaves && trigger.records !== undefined;
            if (leaves) events.push([events.length, trigger.id]);
            observations.end(trigger.id, now() / 1000, leaves ? sag(events.length - 1) : undefined);
          }
        } else if (step.do === "recorded") recordings.end(step.kind, step.cut, step.isEmpty);
        else if (step.do === "pass") {
          pass(step.ms);
          observations.tick();
        } else {
          observations.flush();
          // The triggers begin anew, and what began before them leaves nothing that they know of.
          on.clear();
        }
      }
      for (const id of on) observations.end(id, now() / 1000);
      for (const kind of ["rms", "low", "high"] as const) recordings.end(kind, undefined, false);
      observations.tick();
      const told = observed.flatMap(({ event, trigger }) => (event === undefined ? [] : [[event.entry, trigger.id]]));
      assert.deepEqual(
        told.toSorted((a, b) => a[0]! - b[0]!),
        events,
      );
      const captures = observed.flatMap(({ captures }) => captures.map(({ at }) => at));
      assert.deepEqual(
        captures.toSorted((a, b) => a - b),
        recordings.ended.map(({ at }) => at),
      );
      for (const { captures, trigger } of observed)
        for (const one of captures) assert.ok(one.triggers.includes(trigger.id), "it took part");
      for (const { captures } of observed) {
        assert.equal(new Set(captures.map(({ kind }) => kind)).size, captures.length, "each kind at most once");
      }
      const before = observed.length;
      observations.flush();
      assert.equal(observed.length, before, "nothing was kept");
    }),
    { numRuns: 500, seed: 2026 },
  );
});

/** What comes of a recording that these triggers share, each over when it has been recorded, with an event or without one. */
function sharedBy(...takers: readonly (readonly [settings: Partial<TriggerSettings>, leaves: boolean])[]) {
  const { observations, recordings, observed, pass } = rig();
  const those = takers.map(([more], k) => ({ ...triggers[0]!, id: k + 1, label: `taker ${k + 1}`, ...more }));
  those.forEach((one, k) => observations.begin(one, { utc: k, elapsed: k, at: k, value: 1 }));
  recordings.end("rms", "limit", false);
  pass(1000);
  observations.tick();
  takers.forEach(([, leaves], k) => observations.end(k + 1, 1, leaves ? sag(k) : undefined));
  assert.equal(observed.flatMap(({ captures }) => captures).length, 1);
  return observed.find(({ captures }) => captures.length > 0)!.trigger.id;
}

test("a recording that triggers share is of the one that says most, and among equals of the first", () => {
  const rvc = { records: "rapidVoltageChange" } as const;
  const swell = { records: "sagSwell" } as const;
  const interruption = { records: "interruption" } as const;
  const other = { records: undefined };
  assert.equal(sharedBy([rvc, false], [swell, true]), 2);
  assert.equal(sharedBy([rvc, false], [swell, true], [interruption, true]), 3);
  assert.equal(sharedBy([swell, true], [swell, true]), 1);
  assert.equal(sharedBy([other, false], [rvc, true]), 2, "a change that is an event");
  assert.equal(sharedBy([other, false], [rvc, false]), 1, "one that is none");
  assert.equal(sharedBy([rvc, false], [rvc, true]), 2);
  assert.equal(sharedBy([rvc, false], [other, false]), 1);
});

test("what may be an event for longer than a minute holds a recording back no longer", () => {
  const { observations, recordings, observed, pass } = rig();
  const rms = { highSpeedRms: true, waveform: "none" } as const;
  const at = { utc: 0, elapsed: 0, at: 0, value: 1 };
  observations.begin({ ...triggers[2]!, ...rms }, at);
  observations.begin({ ...triggers[3]!, ...rms }, at);
  recordings.end("rms", "limit", false);
  observations.end(3, 1);
  pass(59_999);
  observations.tick();
  assert.equal(observed.length, 0);
  pass(1);
  observations.tick();
  assert.deepEqual(
    observed.map(({ trigger, captures }) => [trigger.id, captures.length]),
    [[3, 1]],
  );
  observations.end(4, 90, sag(0));
  assert.deepEqual(
    observed.slice(1).map(({ trigger, captures, event }) => [trigger.id, captures.length, event?.entry]),
    [[4, 0, 0]],
  );
});

test("of alarms that come faster than they are logged the others are counted, and told once a minute", () => {
  const rate = new AlarmRate();
  let logged = 0;
  const told: unknown[] = [];
  // Two triggers, one every second millisecond, for two and a half minutes.
  for (let ms = 0; ms < 150_000; ms += 2) {
    const dropped = rate.over(ms);
    if (dropped !== undefined) told.push([ms, dropped]);
    if (rate.takes(ms % 4 === 0 ? 7 : 3, ms)) logged++;
  }
  assert.equal(logged, 3 * 2 * MOST_ALARMS);
  const all = { count: 30_000 - 2 * MOST_ALARMS, triggers: [3, 7] };
  assert.deepEqual(told, [
    [60_000, all],
    [120_000, all],
  ]);
  assert.equal(rate.over(179_999), undefined);
  assert.equal(rate.over(180_000)?.count, 15_000 - 2 * MOST_ALARMS);
  assert.equal(rate.over(240_000), undefined, "a minute without any has nothing to tell");
  // One that comes and goes takes nothing of what another has to say.
  for (let ms = 300_000; ms < 310_000; ms += 2) rate.takes(7, ms);
  assert.ok(rate.takes(3, 310_000));
  assert.deepEqual(rate.over(360_000), { count: 5000 - MOST_ALARMS, triggers: [7] });
});
