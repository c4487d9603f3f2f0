/** Transients: what an examination finds of rings and impulses of known size, length and frequency, and what it says has caused them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "#waveform/channel-map.ts";
import { backToBackEvent, banks, capacitorEvent, faultEvent, inrushEvent, motorEvent, RATE } from "./event-fixture.ts";
import type { Waveform } from "./event-trace.ts";
import type { ExaminedEvent, Examination } from "./examination.ts";
import { examinationJson } from "./examination-json.ts";
import { examine } from "./examine.ts";
import type { ExamineSettings } from "./examine-settings.ts";
import { computedReader, mapOf } from "./wave-fixture.ts";

const PEAK = 230 * Math.SQRT2;
const OMEGA = 2 * Math.PI * 50;

type Value = (input: Input, sample: number) => number;

/** Of three voltages and currents with a second of quiet before them and behind: events need it. */
function examined(value: Value, seconds: number, settings: Partial<ExamineSettings> = {}, rate = RATE): Examination {
  const reader = computedReader({ rate, seconds, value, lineHz: 50 });
  return examine(reader, { wiring: "wye", map: mapOf(), nominalVolts: 230, ...settings });
}

const phaseOf = (input: Input): number => "abc".indexOf(input[1]!);

/** The volts of one time, and the amps. */
function three(volts: (t: number, phase: number) => number, amps: (t: number, phase: number) => number): Value {
  return (input, sample) => (input[0] === "v" ? volts : amps)(sample / RATE, phaseOf(input));
}

const sine = (t: number, phase: number, behind = 0): number => Math.sin(OMEGA * t - (2 * Math.PI * phase) / 3 - behind);

/** Volts of steady sines with something on them, and 10 A behind them. */
const steady = (on: (t: number, phase: number) => number): Value =>
  three(
    (t, phase) => PEAK * sine(t, phase) + on(t, phase),
    (t, phase) => 10 * Math.SQRT2 * sine(t, phase, 0.4),
  );

/** A circuit's samples. */
function played({ volts, amps }: Waveform): readonly [value: Value, seconds: number] {
  const value: Value = (input, sample) => (input[0] === "v" ? volts : amps!)[phaseOf(input)]![sample]!;
  return [value, volts[0].length / RATE];
}

const kinds = ({ events }: Examination): readonly string[] => events.map(({ kind }) => kind);
const causes = ({ events }: Examination): readonly (string | undefined)[] =>
  events.map(({ explained }) => explained?.cause?.cause);
const transientOf = ({ events }: Examination): ExaminedEvent => {
  const found = events.filter(({ kind }) => kind === "transient");
  assert.equal(found.length, 1);
  return found[0]!;
};

function near(found: number | undefined, wanted: number, by: number, what: string): void {
  assert.ok(Math.abs((found ?? NaN) - wanted) <= by, `${what}: ${found}, and ${wanted} was expected within ${by}`);
}

/** A ring of phase a from `from` on. */
const ring = (volts: number, hz: number, tau: number, from = 1.2) => {
  return (t: number, phase: number): number =>
    phase === 0 && t >= from ? volts * Math.exp(-(t - from) / tau) * Math.cos(2 * Math.PI * hz * (t - from)) : 0;
};

test("a ring is told with the peak, the length and the frequency that it was made of", () => {
  for (const [part, hz, tau] of [
    [0.6, 600, 0.008],
    [0.9, 350, 0.004],
    [0.3, 1900, 0.003],
    [1.5, 4200, 0.001],
  ] as const) {
    const found = examined(steady(ring(part * PEAK, hz, tau)), 2.5);
    assert.deepEqual(kinds(found), ["transient"], `${hz} Hz`);
    const event = transientOf(found);
    near(event.at, 1.2, 1 / RATE, "its first sample");
    near(event.percent, 100 * part, 1, "percent of the peak");
    near(event.volts, part * PEAK, 0.01 * PEAK, "volts");
    assert.deepEqual([event.worst, event.channels], ["V.a", ["V.a"]]);
    // Its envelope falls to a fifth of the peak; its last sample beyond that lies within a period before.
    near(event.seconds, tau * Math.log(part / 0.2), 1 / hz, "seconds");
    near(event.ring?.hz, hz, 20, "hertz");
    assert.deepEqual([event.ieee1159?.number, event.ieee1159?.typical], ["1.2.1", true]);
    assert.deepEqual([event.itic, event.f47], [undefined, undefined]);
  }
});

test("an impulse does not ring, and its class is by its length", () => {
  for (const [seconds, part, number] of [
    [0.0005, 0.8, "1.1.2"],
    [0.002, 0.35, "1.1.3"],
  ] as const) {
    const impulse = (t: number, phase: number): number =>
      phase === 1 && t >= 1.2 && t < 1.2 + seconds ? -part * PEAK * Math.sin((Math.PI * (t - 1.2)) / seconds) : 0;
    const event = transientOf(examined(steady(impulse), 2.5));
    near(event.percent, 100 * part, 3, "percent");
    assert.deepEqual(event.channels, ["V.b"]);
    assert.deepEqual(event.ring, { reason: "it does not ring" });
    assert.equal(event.ieee1159?.number, number);
    assert.equal(event.explained?.cause?.cause, "unknown");
  }
});

test("its trace and its samples are around it, and its JSON has its ring", () => {
  const value = steady(ring(0.6 * PEAK, 600, 0.008));
  const found = examined(value, 2.5);
  const { at, wave, trace } = transientOf(found);
  near(wave?.at, at - 0.5, 2 / RATE, "the first sample");
  const [va] = wave!.channels;
  const first = Math.round(wave!.at * RATE);
  assert.deepEqual(
    Array.from(va!.samples.subarray(0, 50)),
    Array.from({ length: 50 }, (_, k) => Math.fround(value("va", first + k))),
  );
  near(trace?.times.at(-1), at + 0.0076 + 0.5, 0.025, "the end of the trace");
  const { events } = examinationJson(found) as unknown as { events: { kind: string; ring: { hz: number } }[] };
  assert.deepEqual([events[0]?.kind, events[0]?.ring], ["transient", { hz: 600 }]);
});

test("a bank that is switched on: rings of 60 and 100 %, and steps of 1, 6 and 7 %", () => {
  for (const part of [0.6, 1]) {
    for (const step of [1.01, 1.06, 1.07]) {
      const rings = (t: number, phase: number): number =>
        t < 1.2
          ? 0
          : -Math.sin(Math.PI / 3 - (2 * Math.PI * phase) / 3) *
            part *
            PEAK *
            Math.exp(-(t - 1.2) / 0.008) *
            Math.cos(2 * Math.PI * 600 * (t - 1.2));
      const value = three(
        (t, phase) => PEAK * sine(t, phase) * (t < 1.2 ? 1 : step) + rings(t, phase),
        (t, phase) => Math.SQRT2 * (10 * sine(t, phase, 0.4) + (t < 1.2 ? 0 : 30 * sine(t, phase, -Math.PI / 2))),
      );
      const found = examined(value, 3);
      assert.ok(found.events.length > 0);
      assert.ok(
        causes(found).every((cause) => cause === "capacitor switching"),
        `${part} ${step}: ${kinds(found).join(", ")}: ${causes(found).join(", ")}`,
      );
      const rung = found.events.find(({ kind }) => kind === "transient");
      // From the nearer of the sines before and behind it, of the sample that is farthest.
      const farthest = Array.from({ length: 200 }, (_, k) => {
        const t = 1.2 + k / RATE;
        return Math.max(
          ...[0, 1, 2].map((phase) => {
            const [was, is] = [PEAK * sine(t, phase), PEAK * step * sine(t, phase)];
            const volts = is + rings(t, phase);
            return Math.max(volts - Math.max(was, is), Math.min(was, is) - volts);
          }),
        );
      });
      if (rung !== undefined) near(rung.volts, Math.max(...farthest), 0.5, "volts");
      else assert.deepEqual(kinds(found), ["swell"]);
      const says = found.events.at(-1)!.explained!.cause!.criteria.map((criterion) => criterion.says);
      assert.match(says[0]!, /rings at (5[89]0|6[012]0) Hz/);
      assert.match(says[1]!, /steps by -\d+\.\d %/);
      assert.match(says[2]!, new RegExp(`settles ${(100 * (step - 1)).toFixed(1)} % above`));
    }
  }
});

test("a bank alone, by its circuit: the volts go to nothing first, and ring with the line at 600 Hz", () => {
  const found = examined(...played(capacitorEvent(1.2, 2.2)));
  const event = transientOf(found);
  assert.deepEqual(
    causes(found),
    found.events.map(() => "capacitor switching"),
  );
  near(event.at, 1.2, 2 / RATE, "its first sample");
  near(event.ring?.hz, 600, 20, "hertz");
  // Phase a is at its peak; a fiftieth and a tenth of it is lost in the line.
  near(event.percent, 97, 3, "percent");
  // R / 2L of line and bank, 1 / 2RC of the load: 2.66 ms, until a fifth is left.
  near(event.seconds, 0.00266 * Math.log(5), 0.5 / 600, "seconds");
});

test("a bank beside another that is on: both frequencies are of the circuit, and the longer one is told", () => {
  const found = examined(...played(backToBackEvent(1.2, 2.2)));
  const event = transientOf(found);
  // Without losses: (1/LC1 + 1/L'C1 - w^2) (1/L'C2 - w^2) = 1 / (L'^2 C1 C2).
  const { first, second, between, line } = banks;
  const [a, b] = [1 / (line * first) + 1 / (between * first), 1 / (between * second)];
  const half = (a + b) / 2;
  const root = Math.sqrt(half * half - a * b + 1 / (between * between * first * second));
  const [low, high] = [Math.sqrt(half - root), Math.sqrt(half + root)].map((omega) => omega / (2 * Math.PI));
  assert.ok(low! > 550 && low! < 600 && high! > 2400, `${low} ${high}`);
  near(event.ring?.hz, low!, 20, "hertz");
  assert.equal(event.explained?.cause?.cause, "capacitor switching");
});

test("a motor, a transformer, faults and a load that is switched off are no transients, and no banks", () => {
  const off = three(
    (t, phase) => PEAK * sine(t, phase) * (t < 1.2 ? 1 : 1.06),
    (t, phase) => Math.SQRT2 * (10 * sine(t, phase, 0.4) + (t < 1.2 ? 60 * sine(t, phase, 1) : 0)),
  );
  const circuits: readonly (readonly [what: string, of: readonly [Value, number], kind: string, cause: string])[] = [
    ["motor", played(motorEvent(1.2, 4)), "dip", "motor start"],
    ["transformer", played(inrushEvent(1.2, 3)), "dip", "transformer energising"],
    [
      "fault",
      played(faultEvent({ between: "a-b-c", where: "downstream", ohms: 0.05, from: 1.2, to: 1.4 }, 2.4)),
      "dip",
      "fault",
    ],
    [
      "fault of a phase",
      played(faultEvent({ between: "a", where: "upstream", ohms: 0.05, from: 1.203, to: 1.4 }, 2.4)),
      "dip",
      "fault",
    ],
    ["load off", [off, 3], "rapid change", "unknown"],
  ];
  for (const [what, of, kind, cause] of circuits) {
    const found = examined(...of, { limits: { dip: 0.95 } });
    assert.ok(!kinds(found).includes("transient"), `${what}: ${kinds(found).join(", ")}`);
    assert.ok(!causes(found).includes("capacitor switching"), what);
    assert.deepEqual([found.events[0]?.kind, found.events[0]?.explained?.cause?.cause], [kind, cause], what);
  }
});

test("noise, harmonics, flicker, steps, jumps of phase and a dip in two steps have none", () => {
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const noise = (): number => 0.02 * PEAK * (random() + random() + random() + random() - 2);
  const quiet: Readonly<Record<string, Value>> = {
    noise: steady(noise),
    harmonics: steady(
      (t, phase) =>
        0.08 * PEAK * Math.sin(5 * (OMEGA * t - (2 * Math.PI * phase) / 3)) +
        0.05 * PEAK * Math.sin(7 * (OMEGA * t - (2 * Math.PI * phase) / 3)),
    ),
    flicker: steady((t, phase) => 0.05 * PEAK * Math.sin(2 * Math.PI * 8.8 * t) * sine(t, phase)),
    swell: steady((t, phase) => (t >= 1.2031 && t < 1.6077 ? 0.4 * PEAK * sine(t, phase) : 0)),
    dip: steady((t, phase) => (t >= 1.2031 && t < 1.6077 ? -0.6 * PEAK * sine(t, phase) : 0)),
    interruption: steady((t, phase) => (t >= 1.2031 && t < 1.6077 ? -PEAK * sine(t, phase) : 0)),
    "two steps": steady((t, phase) => (t < 1.2031 || t >= 1.9 ? 0 : t < 1.5072 ? -0.7 : -0.4) * PEAK * sine(t, phase)),
    "a jump of phase": three(
      (t, phase) => PEAK * sine(t, phase, t < 1.2031 ? 0 : 0.5),
      (t, phase) => 10 * sine(t, phase),
    ),
    "another frequency": three(
      (t, phase) => PEAK * sine(t * 0.99, phase),
      (t, phase) => 10 * sine(t * 0.99, phase),
    ),
  };
  for (const [what, value] of Object.entries(quiet)) {
    const found = kinds(examined(value, 2.6));
    assert.ok(!found.includes("transient"), `${what}: ${found.join(", ")}`);
  }
});

test("a ring at the edge of a dip is that edge; one in the middle of it is its own", () => {
  const dip = (from: number): Value =>
    steady(
      (t, phase) =>
        (t >= 1.2 && t < 1.6 ? -0.4 * PEAK * sine(t, phase) : 0) + ring(0.6 * PEAK, 600, 0.003, from)(t, phase),
    );
  for (const edge of [1.2, 1.6]) assert.deepEqual(kinds(examined(dip(edge), 2.6)), ["dip"], String(edge));
  assert.deepEqual(kinds(examined(dip(1.4), 2.6)), ["dip", "transient"]);
});

test("a step in a dip and a ring on it are not one beyond the level together, where neither is alone", () => {
  const part = (t: number): number => (t < 1.2031 || t >= 1.9 ? 0 : t < 1.505 ? -0.5 : -0.32);
  const on = ring(0.15 * PEAK, 600, 0.005, 1.505);
  const value = steady((t, phase) => part(t) * PEAK * sine(t, phase) + on(t, phase));
  assert.deepEqual(kinds(examined(value, 2.6)), ["dip"]);
});

test("the level is a setting, and rings that follow one another are one each", () => {
  const value = steady((t, phase) =>
    [1.2, 1.3, 1.5].reduce((sum, from) => sum + ring(0.15 * PEAK, 600, 0.005, from)(t, phase), 0),
  );
  assert.deepEqual(kinds(examined(value, 2.6)), []);
  const found = examined(value, 2.6, { limits: { transient: 0.1 } });
  assert.deepEqual(kinds(found), ["transient", "transient", "transient"]);
  for (const [k, from] of [1.2, 1.3, 1.5].entries()) near(found.events[k]!.at, from, 1.5 / RATE, "at");
  assert.throws(() => examined(value, 1, { limits: { transient: 3 } }), /transient from 0.02 to 2/);
});

test("between lines of a wiring without a neutral, and at a line of 20 kV", () => {
  const scale = 20_000 / 230 / Math.sqrt(3);
  const value = steady(ring(0.6 * PEAK, 600, 0.008));
  const found = examined((input, sample) => value(input, sample) * (input[0] === "v" ? scale : 1), 2.5, {
    wiring: "delta",
    nominalVolts: 20_000,
  });
  const event = transientOf(found);
  // A ring of phase a is in both of its voltages; of the peak from line to line it is less by the root of three.
  assert.deepEqual(event.channels, ["V.ab", "V.ca"]);
  near(event.percent, 60 / Math.sqrt(3), 1, "percent");
});

test("samples that are too slow to show a ring are said to be, and a ring above what they carry has no frequency", () => {
  const at = (rate: number): Examination => {
    const made = ring(0.9 * PEAK, 1300, 0.004);
    return examined(
      (input, sample) =>
        input[0] === "v" ? PEAK * sine(sample / rate, phaseOf(input)) + made(sample / rate, phaseOf(input)) : 0,
      2.5,
      {},
      rate,
    );
  };
  const slow = at(1600);
  assert.deepEqual(kinds(slow), []);
  const [absence] = slow.absences;
  assert.match(absence!.reason, /^transients: 1600 samples a second: expected at least 2250/);
  near(absence!.from, 0, 0.01, "from");
  near(absence!.to, 2.5, 0.01, "to");
  const { ring: told, ieee1159 } = transientOf(at(3200));
  assert.deepEqual(told, { reason: "it is not below 1280 Hz, the most that is looked for" });
  assert.equal(ieee1159?.number, "1.2");
});

test("a ring that a gap or the end cuts off is none: what comes behind it is not known", () => {
  const value = steady(ring(0.6 * PEAK, 600, 0.008));
  assert.deepEqual(kinds(examined(value, 1.21)), []);
  assert.deepEqual(kinds(examined(value, 1.25)), ["transient"]);
});
