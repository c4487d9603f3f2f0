/** What a file says has caused its event: events of known cause, computed from the equations of a circuit (analysis/event-fixture.ts). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultEvent, motorEvent, RATE } from "#analysis/event-fixture.ts";
import type { TrackView } from "#quantity/meter-api.ts";
import { explainedOf } from "#web/event-cause.ts";

const phases = ["A-N", "B-N", "C-N"];

type Wave = ReturnType<typeof motorEvent>;

/** As a file's waveforms are told: six digits, whole microseconds, half a second before the observation's own zero. */
function tracksOf({ volts, amps }: Wave, begin: number): TrackView[] {
  const track = (unit: "V" | "A", columns: readonly Float64Array[]): TrackView => ({
    kind: "waveform",
    unit,
    times: Array.from(columns[0]!, (_, k) => Number((begin + k / RATE).toFixed(6))),
    channels: columns.map((values, k) => ({
      name: `${unit}${k}`,
      phase: phases[k]!,
      values: Array.from(values, (value) => Number(value.toPrecision(6))),
    })),
  });
  return [track("V", volts), track("A", amps!)];
}

const fault = (where: "upstream" | "downstream"): Wave =>
  faultEvent({ between: "a", where, ohms: 0.03, from: 0.2, to: 0.35 });

test("a fault of one phase is named, with its type, its side and its criteria, from what the page is sent", () => {
  for (const where of ["upstream", "downstream"] as const) {
    const found = explainedOf({
      disturbance: "instantaneous sag",
      triggered: 0.2,
      tracks: tracksOf(fault(where), 0),
    });
    assert.deepEqual([found?.cause, found?.type, found?.direction], ["fault", "B, phase a", where]);
    assert.ok((found?.says.length ?? 0) >= 3);
  }
  const motor = explainedOf({ disturbance: "momentary sag", triggered: 0.4, tracks: tracksOf(motorEvent(0.4), 0) });
  assert.equal(motor?.cause, "motor start");
});

test("an observation that begins at another time says the same of the same event", () => {
  const [here, later] = [0, 7.5].map((begin) =>
    explainedOf({ disturbance: "sag", triggered: 0.2 + begin, tracks: tracksOf(fault("upstream"), begin) }),
  );
  assert.deepEqual(later, here);
});

test("nothing is said of what has no three voltages to neutral, a gap, no trigger, times that are uneven; and why of what was too short", () => {
  const asked = { disturbance: "sag", triggered: 0.2 };
  const [volts, amps] = tracksOf(fault("upstream"), 0) as [TrackView, TrackView];
  const channels = volts.channels;
  const lacking: readonly TrackView[][] = [
    [amps],
    [{ ...volts, channels: channels.slice(1) }],
    [{ ...volts, channels: channels.map((one) => ({ ...one, phase: one.phase.replace("-N", "-B") })) }],
    [{ ...volts, channels: channels.map((one) => ({ ...one, values: one.values.with(9, null) })) }],
    [{ ...volts, times: volts.times.map((time, k) => (k < 99 ? time : time + 1)) }],
    [{ ...volts, kind: "rms" }],
    [{ ...volts, times: [], channels: channels.map((one) => ({ ...one, values: [] })) }],
    [],
  ];
  for (const [k, tracks] of lacking.entries()) assert.equal(explainedOf({ ...asked, tracks }), undefined, String(k));
  assert.equal(explainedOf({ ...asked, triggered: undefined, tracks: [volts, amps] }), undefined);
  assert.deepEqual(explainedOf({ ...asked, triggered: 0.03, tracks: [volts, amps] }), {
    says: ["less than two cycles before it were recorded"],
  });
});
