/** What a demand interval would come to: by paper, of block and rolling intervals; and of whole meters, whose next demand it turns out to be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { forecastOf, type DemandInterval, type RunningDemand } from "#quantity/demand-interval.ts";
import type { EnergyView } from "#quantity/energy-api.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { webRig } from "./web-rig.ts";

const MINUTE = 60_000;
const measure = parseMeasure("W.import")!;

function intervalOf(more: Partial<DemandInterval>): DemandInterval {
  return {
    subIntervals: 1,
    subIntervalMs: 15 * MINUTE,
    elapsedMs: 5 * MINUTE,
    whole: 0,
    goesOnAt: "mean",
    measures: [],
    ...more,
  };
}

const running: RunningDemand = { measure, before: 0, running: 1000 };

test("a block of 15 minutes that has 1 kWh after 5 goes on at 12 kW, and comes to 12 kW", () => {
  assert.equal(forecastOf(intervalOf({}), running), 12_000);
});

test("at the power of now the same block has 1 kWh and ten minutes of 6 kW: 2 kWh in a quarter of an hour are 8 kW", () => {
  assert.equal(forecastOf(intervalOf({ goesOnAt: "power" }), { ...running, power: 6000 }), 8000);
});

test("a rolling interval of three of 5 minutes has what the two before had: 500 Wh, 700 Wh and 60 Wh of one minute are 6 kW", () => {
  // 60 Wh in a minute are 300 Wh in five; 1500 Wh in a quarter of an hour.
  const rolling = intervalOf({ subIntervals: 3, subIntervalMs: 5 * MINUTE, elapsedMs: MINUTE, whole: 2 });
  assert.equal(forecastOf(rolling, { measure, before: 1200, running: 60 }), 6000);
});

test("where nobody can say, it is not said, but why", () => {
  const reasons: readonly [string, Partial<DemandInterval>, Partial<RunningDemand>][] = [
    ["noLength", { subIntervalMs: undefined }, {}],
    ["notWhole", { subIntervals: 3, whole: 1 }, {}],
    ["notBegun", { elapsedMs: 0 }, {}],
    ["notMeasured", { goesOnAt: "power" }, {}],
    ["notMeasured", {}, { running: NaN }],
    ["cut", { unforeseen: "cut" }, {}],
    ["testMode", { unforeseen: "testMode" }, {}],
  ];
  for (const [why, interval, one] of reasons)
    assert.equal(forecastOf(intervalOf(interval), { ...running, ...one }), why);
});

const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, transformers: { pt: 10, ct: 20 }, source: { synthetic: { volts: 1200, amps: 200, steps: true } } }
  - { name: feeder, model: leviton-s4100, settings: { systemType: 40, ctPrimary: 300, demandSubIntervals: 3, demandSubInterval: 300 }, source: { synthetic: { volts: 230, amps: 100, steps: true } } }
`;
const JEM = `
primary: { pt: 10, ct: 20 }
demand: { subIntervalMinutes: 5, subIntervals: 3 }
registers:
  normal:
    - { id: 1, label: peak, type: peakDemand, measure: { quantity: W } }
    - { id: 2, label: predicted, type: predictedDemand, measure: { quantity: W }, scaling: primary }
tou:
  seasons:
    - month: 1
      day: 1
      days:
        monday: &day [{ at: "00:00", rate: B }, { at: "08:00", rate: A }, { at: "20:00", rate: B }]
        tuesday: *day
        wednesday: *day
        thursday: *day
        friday: *day
        saturday: *day
        sunday: *day
`;

test("a whole meter foretells what its interval comes to, once it has a whole one, and in which rate that ends", async (t) => {
  const rig = await webRig(t, { site: SITE, jem: JEM });
  const energy = async (name: string): Promise<EnergyView> =>
    (await (await rig.ask(`/api/v1/meters/${name}/energy`)).json()) as EnergyView;
  const of = async (name: string, one = "W.import") =>
    (await energy(name)).demand!.measures.find(({ measure }) => measure === one)!;
  for (let second = 0; second < 130; second++) rig.clock.advance(1000);
  assert.equal((await of("jem")).unforeseen, "cut", "it was switched on in the middle of nothing");
  assert.equal((await of("feeder")).unforeseen, "notWhole");
  for (let minute = 0; minute < 21; minute++) rig.clock.advance(MINUTE);
  // Three phases of 1,200 V and 200 A, or of 230 V and 100 A, all the time.
  const { forecast, before, running: so } = await of("jem");
  assert.ok(Math.abs(forecast! - 720_000) < 1, String(forecast));
  // Ten whole minutes of it are 120 kWh.
  assert.ok(Math.abs(before! - 120_000) < 1, String(before));
  const { demand, tariffs, peaks } = await energy("jem");
  assert.ok(Math.abs(so! - (720 * demand!.elapsedSeconds) / 3.6) < 1, `${so} ${demand!.elapsedSeconds}`);
  assert.deepEqual([demand!.subIntervals, demand!.subIntervalSeconds, demand!.goesOnAt], [3, 300, "mean"]);
  assert.equal(Date.parse(demand!.ends!.utc) % (5 * MINUTE), 0);
  assert.ok(Math.abs((await of("feeder")).forecast! - 69_000) < 1);
  for (const unit of ["W", "var", "VA"]) assert.equal((await of("feeder", `${unit}.import`)).unit, unit);
  assert.equal((await energy("feeder")).tariffs, undefined);
  // The meter's own register of it says the same, within the cycle by which it counts time.
  const { registers } = (await (await rig.ask("/api/v1/meters/jem/registers/normal")).json()) as {
    registers: { id: number; value: number; scale: number }[];
  };
  const predicted = registers.find(({ id }) => id === 2)!;
  assert.ok(Math.abs(predicted.value * predicted.scale - 720_000) < 3600);
  // 2026-01-01T00:23 of UTC: by the calendar B until eight, then A.
  assert.deepEqual([tariffs!.rate, tariffs!.season, tariffs!.isOverridden], ["B", 1, false]);
  assert.deepEqual(
    tariffs!.next.slice(0, 3).map(({ at, rate }) => [at, rate]),
    [
      ["2026-01-01 08:00:00", "A"],
      ["2026-01-01 20:00:00", "B"],
      ["2026-01-02 08:00:00", "A"],
    ],
  );
  assert.equal(peaks.length, 1);
  assert.match(peaks[0]!.peak!.at, /^2026-01-01 00:(15|20):00$/);
});
