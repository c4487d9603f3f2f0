/** The transient trigger of a whole meter (section Voltage Transient Triggers): when it triggers, what it records, its pulse and its reset. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { HZ, kindsOf, meterOn, MIDNIGHT, near, source } from "./recording-rig.ts";
import { contact, measure, plain, trigger } from "./revenue-rig.ts";

const RATE = 512 * HZ;

/** Volts that are added to a phase in so many samples from a time on. */
interface Spike {
  readonly channel: number;
  readonly at: number;
  readonly samples: number;
  readonly volts: number;
}

/** A spike whose samples lie where the phase is above zero, so that they are further from it than a cycle before. */
const spikes = (list: readonly Spike[]) =>
  source([], {
    added: (channel, t) =>
      list.find((one) => one.channel === channel && t >= one.at - 1e-9 && t < one.at + (one.samples - 0.5) / RATE)
        ?.volts ?? 0,
  });

const transient = (changes: Partial<TriggerSettings> = {}): TriggerSettings => {
  const { reset: _reset, ...rest } = trigger(12, {
    label: "Transient",
    measure: measure("V", "bidirectional"),
    phase: "any",
    operator: ">",
    alarm: 20,
    transient: { samples: 4, reset: 120 },
    ...changes,
  });
  return rest;
};

/** A quarter of a cycle after the crossing of phase a. */
const PEAK = 1 / HZ / 4;

test("so many samples in a row beyond the level of the cycle before are an alarm with its phase and volts, and a waveform", () => {
  // 20 V are the level: 25 V in six samples of phase a; 25 V in three samples of b, too few; 15 V in six of c, too little.
  const at = 2 + PEAK;
  const of = spikes([
    { channel: 0, at, samples: 6, volts: 25 },
    { channel: 1, at: 3 + 1 / HZ / 3 + PEAK, samples: 3, volts: 25 },
    { channel: 2, at: 4 + 2 / HZ / 3 + PEAK, samples: 6, volts: 15 },
  ]);
  const { observed, log, run } = meterOn(of, { triggers: [transient({ waveform: "high" })] });
  run(6);
  const [alarm, cleared, ...more] = log("alarm");
  assert.equal(more.length, 0);
  assert.deepEqual(
    [alarm!.what, alarm!.details["description"], alarm!.details["phase"]],
    ["alarm", "12,Transient,VLN:Any,>,20,4,120,A", "a"],
  );
  near(Number(alarm!.details["value"]), 25, 1.5, "volts above the cycle before");
  // The fourth sample is the one with which they are enough.
  near(alarm!.at - MIDNIGHT, 1000 * (at + 3 / RATE), 0.1, "the alarm");
  assert.deepEqual([cleared!.what, cleared!.details["trigger"]], ["alarm cleared", 12]);
  // 120 half cycles of 60 Hz are a second.
  near(cleared!.at - alarm!.at, 1000, 0.1, "the end of the reset");
  assert.deepEqual(
    observed.map((one) => [one.trigger.id, one.event, kindsOf(one)]),
    [[12, undefined, ["high"]]],
  );
  const [high] = observed[0]!.captures;
  near(high!.triggeredAt, at + 3 / RATE, 1e-4, "triggered at");
  // Two cycles before, one behind.
  near(high!.times.length, 3 * 512, 2, "samples");
  const volts = high!.channels[0]!;
  const peak = volts.findIndex((value) => value > 120 * Math.SQRT2 + 20);
  near(high!.at + high!.times[peak]!, at, 2 / RATE, "the spike is in its waveform");
});

test("within the reset there is no other; after it there is", () => {
  const at = [2, 2.5, 3.2].map((second) => second + PEAK);
  const { log, run } = meterOn(spikes(at.map((one) => ({ channel: 0, at: one, samples: 6, volts: 40 }))), {
    triggers: [transient()],
  });
  run(5);
  assert.deepEqual(
    log("alarm").map(({ what, at: utc }) => [what, Math.round((utc - MIDNIGHT) / 10)]),
    [
      ["alarm", 200],
      ["alarm cleared", 300],
      ["alarm", 320],
      ["alarm cleared", 420],
    ],
  );
});

test("its outputs close for one pulse of their own length, whatever the reset: that which it names, and that which nobody names", () => {
  const io = [contact("outputAlarm", { pulseMs: 100 }), contact("outputAlarm", { pulseMs: 40 })];
  const { rig, run } = meterOn(spikes([{ channel: 0, at: 2 + PEAK, samples: 6, volts: 40 }]), {
    io: [...io, ...Array.from({ length: 6 }, () => contact("none"))],
    triggers: [transient({ output: 1, transient: { samples: 1, reset: 1200 } })],
  });
  const closed = () => [1, 2].map((channel) => rig.meter.periphery.io.isClosed(channel));
  run(2);
  assert.deepEqual(closed(), [false, false]);
  const { elapsed } = rig.meter;
  rig.meter.advance(elapsed + 150);
  assert.deepEqual([...closed(), rig.meter.periphery.triggers.isAlarm(12)], [true, true, true]);
  rig.meter.advance(elapsed + 200);
  assert.deepEqual(closed(), [true, false]);
  rig.meter.advance(elapsed + 400);
  assert.deepEqual([...closed(), rig.meter.periphery.triggers.isAlarm(12)], [false, false, true]);
  assert.equal(rig.meter.periphery.io.view()[0]!.count, 2, "closed once, opened once");
});

test("levels are secondary, behind the transformers that are installed; of lines the phase is that which they begin with", () => {
  const of = source([], {
    signal: [0, 1, 2, 3, 4, 5].map((c) => [{ order: 1, rms: c < 3 ? 12_000 : 5, degrees: -120 * (c % 3) }]),
    // Vca is c less a: where a is at its lowest, ca is above zero, and what takes a down brings ca up.
    added: (channel, t) => (channel === 0 && t >= 2 + 0.75 / HZ - 1e-9 && t < 2 + 0.75 / HZ + 5.5 / RATE ? -3000 : 0),
  });
  const lines = transient({ measure: measure("V.ll", "bidirectional"), phase: "c" });
  const { log, run } = meterOn(
    of,
    { primary: { ...plain.primary, pt: 100, ct: 1 }, triggers: [lines] },
    { transformers: { pt: 100, ct: 1 } },
  );
  run(3.5);
  const [alarm] = log("alarm");
  assert.equal(alarm!.details["description"], "12,Transient,VLL:C,>,20,4,120,C");
  near(Number(alarm!.details["value"]), 30, 2, "secondary volts");
});

test("what comes back with the meter's own power is compared with nothing from before it", () => {
  const { log, run } = meterOn(
    source([{ phases: [0, 1, 2], at: 2, seconds: 1.5, residual: 0 }]),
    { triggers: [transient()] },
    { terminals: {} },
  );
  run(5);
  assert.equal(log("powerOutage").length, 1);
  assert.deepEqual(log("alarm"), []);
  // Of a meter that an auxiliary supply keeps the end of an interruption is a transient, its beginning is none.
  const kept = meterOn(source([{ phases: [0, 1, 2], at: 2, seconds: 1.5, residual: 0 }]), { triggers: [transient()] });
  kept.run(5);
  const [alarm] = kept.log("alarm");
  near(alarm!.at - MIDNIGHT, 3500, 1000 / HZ / 2, "the end of the interruption");
});
