/** The bench of a meter shop: what is changed while a site runs is measured from its instant on, and nothing that was counted is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacedClock } from "#clock/paced-clock.ts";
import type { BenchView, ClockView } from "#quantity/bench-view.ts";
import type { LogView, MeterView } from "#quantity/meter-api.ts";
import { benchSchema, clockSchema } from "#web/api/bench-schemas.ts";
import { elsewhere, here, passwordOf, webRig } from "./web-rig.ts";

const SITE = `
store: ":memory:"
meters:
  - name: steps
    model: leviton-s4100
    source: { synthetic: { volts: [250, 251, 252], amps: [80, 79, 78], steps: true } }
    settings: { ctPrimary: 100, systemVoltage: 480 }
  - name: sampled
    model: leviton-s4100
    source: { synthetic: { volts: [250, 251, 252], amps: [80, 79, 78] } }
    settings: { ctPrimary: 100, systemVoltage: 480 }
  - name: locked
    model: eastron-sdm630
    source: { synthetic: { hz: 50, volts: [229.1, 230.4, 231.7], amps: [10, 11, 12] } }
  - name: pushed
    model: leviton-s4100
    source: { live: {} }
`;
const JEM_SITE = `
store: ":memory:"
meters:
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-PQ3
    configuration: jem.yaml
    auxiliary: true
    source: { synthetic: { volts: [276.1, 277.4, 278.2], amps: [4.1, 3.7, 4.5] } }
`;
const JEM = `
primary: { nominalVoltage: 277, nominalCurrent: 5 }
triggers:
  - { id: 1, label: Sag, measure: { quantity: V }, phase: any, operator: "<", alarm: 90 %, reset: 92 %, records: sagSwell }
`;

async function benchRig(t: Parameters<typeof webRig>[0], site = SITE) {
  const rig = await webRig(t, { site, jem: JEM });
  const json = async <T>(place: string, request: object = {}): Promise<T> => {
    const answer = await rig.ask(`/api/v1${place}`, { ...here, ...request });
    assert.equal(answer.status, 200, `${place}: ${answer.status === 200 ? "" : await answer.clone().text()}`);
    return (await answer.json()) as T;
  };
  const change = async (meter: string, body: object): Promise<BenchView> => {
    const view = await json<BenchView>(`/meters/${meter}/bench`, { method: "POST", body });
    benchSchema.parse(view);
    return view;
  };
  const readings = async (meter: string): Promise<MeterView["readings"]> =>
    (await json<MeterView>(`/meters/${meter}`)).readings;
  return { ...rig, json, change, readings };
}

function near(actual: number | null | undefined, expected: number, part: number, what = ""): void {
  assert.ok(
    actual !== null && actual !== undefined && Math.abs(actual - expected) <= Math.abs(expected) * part,
    `${what}: expected ${expected}, found ${actual}`,
  );
}

/** Watt-hours of an hour of 250 V x 80 A + 251 V x 79 A + 252 V x 78 A. */
const HOURLY = 250 * 80 + 251 * 79 + 252 * 78;

test("energy goes on through a change, which counts from the instant that is told", async (t) => {
  const { clock, change, readings } = await benchRig(t);
  for (const meter of ["steps", "sampled"]) {
    const before = (await readings(meter))["Wh.import"] ?? NaN;
    const began = clock.elapsed();
    clock.advance(100_250);
    const at = clock.utc();
    // In the middle of a calculation cycle of 1 s.
    const view = await change(meter, { volts: { b: 125.5 }, amps: 40 });
    assert.equal(Date.parse(view.since ?? ""), at);
    clock.advance(100_750);
    const hours = (seconds: number): number => seconds / 3600;
    const flowed = HOURLY * hours(100.25) + 40 * (250 + 125.5 + 252) * hours(100.75);
    assert.equal(clock.elapsed() - began, 201_000);
    // A register of the face counts whole watt-hours: one at each end. Samples end within a half cycle of the last second.
    const { "Wh.import": energy, "V.b": volts } = await readings(meter);
    assert.ok(
      Math.abs((energy ?? NaN) - before - flowed) <= 1.5,
      `${meter}: ${flowed}, found ${(energy ?? NaN) - before}`,
    );
    near(volts, 125.5, 1e-5, meter);
  }
});

test("frequency, power factor, harmonics and mistakes of wiring are measured as they are set", async (t) => {
  const { clock, change, readings } = await benchRig(t);
  clock.advance(10_000);
  for (const meter of ["steps", "sampled", "locked"]) {
    await change(meter, { hz: 58.5, volts: 200, amps: [10, 20, 30], pf: [1, 0.8, 0.5] });
    clock.advance(20_000);
    const set = await readings(meter);
    near(set["Hz"], 58.5, 1e-5, meter);
    near(set["W.b"], 200 * 20 * 0.8, 1e-4, meter);
    near(set["W.c"], 200 * 30 * 0.5, 1e-4, meter);
    await change(meter, { wiring: { reversed: ["c"] } });
    clock.advance(5000);
    near((await readings(meter))["W.c"], -200 * 30 * 0.5, 1e-4, meter);
    await change(meter, { wiring: null, outage: true });
    clock.advance(5000);
    const dark = await readings(meter);
    assert.ok(Math.abs(dark["V.a"] ?? 0) < 1e-3 && Math.abs(dark["W"] ?? 0) < 1e-3, meter);
    await change(meter, { outage: false, harmonics: { volts: [{ order: 5, percent: 10 }] } });
    clock.advance(5000);
    // A tenth more of the fifth: RMS is sqrt(1 + 0.1 squared) times that of the fundamental.
    near((await readings(meter))["V.a"], 200 * Math.sqrt(1.01), 1e-5, meter);
  }
});

test("a dip of 40 % on one phase for 200 ms is in the meter's log, with its depth and length", async (t) => {
  const { clock, change, json } = await benchRig(t, JEM_SITE);
  clock.advance(10_000);
  const { events } = await change("jem", { events: [{ kind: "sag", at: 2, for: 0.2, phases: ["b"], volts: 0.6 }] });
  assert.deepEqual(
    events.map(({ utc, by, phases }) => [Date.parse(utc), by, phases]),
    [[clock.utc() + 2000, "bench", ["b"]]],
  );
  clock.advance(10_000);
  const log = await json<LogView>("/meters/jem/logs/sagSwell");
  const [entry] = log.entries;
  assert.equal(log.entries.length, 1, JSON.stringify(log));
  const { event, milliseconds, ...values } = entry?.details ?? {};
  // 277.4 V x 0.6; the RMS of half cycles sees 200 ms as one half cycle more at most.
  assert.match(String(event), /^phase b sag/);
  assert.match(String(values["V.b"]), /^166\.44 /);
  assert.ok(Number(milliseconds) >= 200 && Number(milliseconds) <= 200 + 1000 / 120 + 1, String(milliseconds));
  // It is over: nothing lasts.
  assert.deepEqual((await json<BenchView>("/meters/jem/bench")).events, []);
});

test("what is set is told beside what the file says, and one command puts it back", async (t) => {
  const { clock, change, json, readings } = await benchRig(t);
  clock.advance(1000);
  const before = await json<BenchView>("/meters/steps/bench");
  assert.deepEqual([before.since, before.differs, before.waveform], [null, [], false]);
  await change("steps", { volts: [1, 2, 3], outage: true, flicker: { hz: 8.8, percent: 1 } });
  const view = await change("steps", { events: [{ kind: "step", amps: 2 }] });
  assert.deepEqual(view.differs, [
    { key: "volts", file: [250, 251, 252] },
    { key: "flicker", file: null },
    { key: "outage", file: false },
    { key: "events", file: [] },
  ]);
  assert.deepEqual(view.now.flicker, { hz: 8.8, percent: 1, shape: "square" });
  const back = await json<BenchView>("/meters/steps/bench", { method: "DELETE" });
  assert.deepEqual([back.differs, back.now, back.events], [[], before.now, []]);
  clock.advance(3000);
  near((await readings("steps"))["V.a"], 250, 1e-9);
});

test("what is no bench, and what cannot be set, is refused in words", async (t) => {
  const { ask, logIn } = await benchRig(t);
  const told = async (place: string, body: unknown): Promise<[number, string]> => {
    const answer = await ask(`/api/v1/meters/${place}/bench`, { ...here, method: "POST", body });
    return [answer.status, ((await answer.json()) as { detail: string }).detail];
  };
  assert.deepEqual(await told("pushed", { hz: 50 }), [
    404,
    "pushed has no bench: only a source that is synthetic can be changed",
  ]);
  for (const [body, words] of [
    [{}, /expected something to change/],
    [{ hz: 80 }, /^hz: expected at most 70/],
    [{ volt: 1 }, /volt.*did you mean volts\?/],
    [{ volts: [1, 2] }, /volts/],
    [{ events: [{ kind: "swap" }] }, /a swap takes two phases/],
    [{ wiring: { swapVolts: ["b", "b"] } }, /a swap takes two phases/],
    [{ events: [{ kind: "sag", for: 1e-9, every: 2e-9 }] }, /events\[0\]\.for: expected at least 0\.001/],
    [{ events: Array.from({ length: 4 }, () => ({ kind: "swell", volts: 10 })) }, /no more than 1000 times/],
    [{ hz: 65, events: [{ kind: "step", hz: 6 }] }, /expected a frequency of 40 to 70 Hz/],
    [{ load: { "06:00": 1e300 } }, /load: expected no factor above 1000/],
    [{ wiring: { ampsRatio: { a: 1e300 } } }, /wiring: expected no factor above 1000/],
    [{ harmonics: { volts: [{ order: 5, percent: 1, degrees: 1e308 }] } }, /degrees: expected at most 360/],
    [{ flicker: { hz: 1e-300, percent: 1 } }, /flicker\.hz: expected at least 0\.01/],
    [{ events: Array.from({ length: 51 }, () => ({ kind: "sag" })) }, /events: expected at most 50/],
  ] as const) {
    const [status, detail] = await told("steps", body);
    assert.deepEqual([status, words.test(detail)], [422, true], `${JSON.stringify(body)}: ${detail}`);
  }
  // It is for operators.
  const token = await logIn("viewer", passwordOf("viewer"));
  for (const method of ["GET", "POST", "DELETE"]) {
    const headers = { "Polyphase-Session": token };
    const body = method === "POST" ? { body: { hz: 50 } } : {};
    assert.equal((await ask("/api/v1/meters/steps/bench", { ...elsewhere, headers, method, ...body })).status, 403);
  }
});

test("a clock that is moved by hand goes at no speed of its own, and says so", async (t) => {
  const { ask, json } = await benchRig(t);
  const clock = clockSchema.parse(await json<ClockView>("/clock"));
  assert.equal(clock.speed, null);
  const answer = await ask("/api/v1/clock", { ...here, method: "PUT", body: { speed: 60 } });
  assert.equal(answer.status, 409);
});

test("a clock goes at another speed from now on, up to as fast as it can", async () => {
  const day = 86_400_000;
  const clock = new PacedClock(0, 1, () => clock.elapsed() >= 30 * day);
  const finished = new Promise<void>((resolve) => (clock.whenFinished = resolve));
  clock.run();
  clock.speed = 2_592_000;
  assert.equal(clock.speed, 2_592_000);
  // A month a second: no test waits for that at the speed that it began with.
  while (clock.elapsed() < day) await new Promise((resolve) => setImmediate(resolve));
  clock.speed = "max";
  await finished;
  assert.ok(clock.elapsed() >= 30 * day);
});
