/** What the site tells the page of a meter besides its readings: what its source says, which side a value is on, what an alert means. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceView } from "#fleet/live-readings.ts";
import { alert, alertConditions } from "#meter/alerts.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { LiveSource } from "#waveform/live.ts";
import { StepValues } from "#waveform/source.ts";
import { siteOf } from "./running-site.ts";
import { here, webRig } from "./web-rig.ts";

type Rig = Awaited<ReturnType<typeof webRig>>;

/** The first event of a meter's stream. */
async function liveOf({ ask }: Rig, meter: string): Promise<LiveView> {
  const reader = (await ask(`/api/meters/${meter}/live`, here)).body!.getReader();
  const text = new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  return JSON.parse(text.split("\n")[0]!.slice("data: ".length)) as LiveView;
}

const view = { wiring: wiringOf("wye"), reactive: "shifted" } as const;

/** A source into which readings are pushed at some seconds, and that is asked for every second until another. */
function pushedAt(seconds: readonly number[], until: number, stale?: number): LiveSource {
  const source = new LiveSource(50, stale);
  for (let second = 0; second < until; second++) {
    if (seconds.includes(second)) source.push({ volts: [230], amps: [5] });
    source.step(1, new StepValues(), new StepValues(), view);
  }
  return source;
}

test("a source into which readings are pushed is silent after three cycles, or three times as long as they usually take", () => {
  const says = (...given: Parameters<typeof pushedAt>) => sourceView(pushedAt(...given)).pushed;
  assert.deepEqual(says([], 9), { age: null, silent: true, stale: false });
  assert.deepEqual(says([0], 4), { age: 4, silent: false, stale: false });
  assert.deepEqual(says([0], 5), { age: 5, silent: true, stale: false });
  // One every ten seconds: thirty are too long.
  assert.deepEqual(says([0, 10, 20], 50), { age: 30, silent: false, stale: false });
  assert.deepEqual(says([0, 10, 20], 51), { age: 31, silent: true, stale: false });
  // What is known no more goes on getting older.
  assert.deepEqual(says([0], 70, 60), { age: 70, silent: true, stale: true });
});

test("the page is told what its meter's source says, and nothing of that where there is nothing to say", async (t) => {
  const rig = await webRig(t);
  assert.deepEqual((await liveOf(rig, "feeder")).source.pushed?.age, null);
  const body = { volts: [231.2, 229.8, 230.4], amps: [5.1, 4.8, 6.2] };
  assert.equal((await rig.ask("/api/meters/feeder/readings", { ...here, method: "POST", body })).status, 200);
  rig.clock.advance(3000);
  assert.deepEqual((await liveOf(rig, "feeder")).source, {
    ended: false,
    pushed: { age: 3, silent: false, stale: false },
  });
  rig.clock.advance(3000);
  assert.equal((await liveOf(rig, "feeder")).source.pushed?.silent, true);
  assert.deepEqual((await liveOf(rig, "jem")).source, { ended: false, bench: true });
});

test("a meter behind transformers says which side its values are on, register by register; one without them says nothing", async (t) => {
  const jem =
    "primary: { pt: 120, ct: 80 }\nregisters:\n  normal:\n" +
    "    - { id: 1, label: kWh, type: consumption, measure: { quantity: Wh } }\n" +
    "    - { id: 2, label: V, type: instantaneous, measure: { quantity: V, phase: a }, scaling: secondary }\n" +
    "    - { id: 3, label: PF, type: instantaneous, measure: { quantity: PF } }\n" +
    "    - { id: 4, label: peak at, type: timeOfPeak, of: 5, measure: { quantity: W } }\n" +
    "    - { id: 5, label: peak, type: peakDemand, measure: { quantity: W } }\n" +
    "    - { id: 6, label: phasors, type: phasorDisplay }\n" +
    "triggers: [{ id: 1, label: high, measure: { quantity: V }, operator: '>', alarm: 100, reset: 90 }]\n";
  const rig = await webRig(t, { jem });
  rig.clock.advance(3000);
  const { sides, registers, alarms } = await liveOf(rig, "jem");
  assert.deepEqual(sides, { readings: "primary", profile: "primary", alarms: "secondary", log: "secondary" });
  assert.deepEqual(
    registers.map(({ id, side }) => [id, side]),
    [
      [1, "primary"],
      [2, "secondary"],
      [3, undefined],
      [4, undefined],
      [5, "primary"],
      [6, "secondary"],
    ],
  );
  // No transformers are installed: the source's 120 V are at the terminals, whatever the configuration makes of them.
  assert.deepEqual(
    alarms.map(({ value, since, ...alarm }) => ({ ...alarm, value: Math.round(value), since: since?.utc })),
    [
      {
        id: 1,
        label: "high",
        // As the figures of the alarm display have it: "4,Inst,VLN:A,>,120,0,119".
        description: "1,Inst,VLN:P,>,100,0,90",
        value: 120,
        of: "V",
        unit: "V",
        side: "secondary",
        level: "> 100",
        reset: "<= 90",
        since: Date.UTC(2026, 0, 1),
      },
    ],
  );
  assert.equal((await liveOf(await webRig(t), "jem")).sides, undefined);
});

test("an alert says from which value on it is one, by the meter's settings", () => {
  const limits = {
    systemVoltage: 480,
    ctPrimary: 100,
    lossPercent: 10,
    imbalancePercent: 25,
    overRange: 1.25,
    lowPowerFactor: { below: 0.5, current: 0.05 },
  };
  const bits = (1 << (alert.phaseLoss + 1)) | (1 << alert.currentRange);
  assert.deepEqual(alertConditions(bits, wiringOf("wye"), limits), [
    {
      text: "Phase A current out of range",
      trouble: true,
      means: "from 125 A on, which is 1.25 times the CT's primary",
    },
    // 480 V / √3 less a tenth.
    {
      text: "Phase loss B",
      trouble: true,
      means: "below 249.4 V, which is 10 % under nominal, or 25 % below another phase",
    },
  ]);
});

test("the page is sent the RMS of each half cycle of the last second, where anything is sampled", async (t) => {
  const site = siteOf({ extra: "seed: 1" }).replace("web: { port: 0 }", 'store: ":memory:"');
  const rig = await webRig(t, { site });
  rig.clock.advance(4000);
  const { rms } = await liveOf(rig, "feeder-1");
  // They end 1/120 s apart, within the last second of the source.
  for (let k = 1; k < rms!.ends.length; k++) assert.ok(Math.abs(rms!.ends[k]! - rms!.ends[k - 1]! - 1 / 120) < 1e-4);
  assert.ok(rms!.ends.at(-1)! <= 4 && rms!.ends.at(-1)! > 3.9, `${rms!.ends.at(-1)}`);
  assert.equal(rms!.begun, rig.clock.utc() - 4000);
  // A second has 120 halves of 60 Hz.
  assert.deepEqual(
    rms!.volts.map(({ length }) => Math.abs(length - 120) <= 1),
    [true, true, true],
  );
  for (const volts of rms!.volts) for (const volt of volts) assert.ok(Math.abs(volt! - 250) < 0.05, `${volt}`);
  assert.equal((await liveOf(await webRig(t), "feeder")).rms, undefined);
});

test("the page is sent the newest twelve entries of all logs, and how many there are; the security log counts with neither", async (t) => {
  const rig = await webRig(t);
  const token = await rig.logIn("admin", "meter-admin", here, "jem");
  const headers = { authorization: `Bearer ${token}` };
  const command = (body: unknown) =>
    rig.ask("/api/meters/jem/commands", { ...here, method: "POST", headers, body }).then(({ status }) => status);
  rig.clock.advance(3000);
  const before = await liveOf(rig, "jem");
  assert.equal(before.logEntries, before.log.length);
  for (let k = 0; k < 15; k++) {
    assert.equal(await command({ command: "freeze" }), 200);
    rig.clock.advance(3000);
  }
  const { log, logEntries } = await liveOf(rig, "jem");
  assert.deepEqual([log.length, logEntries], [12, before.logEntries + 15]);
  assert.ok(log.every(({ kind }) => kind !== "security"));
});
