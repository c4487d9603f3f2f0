/** Bills: energies by rate add up to what was recorded, days have 23 and 25 hours, what is missing is said, and registers are differences. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BillsView, BillView } from "#quantity/bills-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { profileStatus, type Profile, type ProfileRecord } from "#quantity/profile.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { billsOf, stretchOf, type BillsQuery } from "#web/bills.ts";
import { record, recorded, stored } from "./trend-rig.ts";
import { webRig } from "./web-rig.ts";

const HOUR = 3_600_000;
const turn = async (): Promise<void> => {};
/** New York of 2026: four hours behind from 8 March, five until then and from 1 November. */
const offsetOf = (utc: number): number =>
  utc >= Date.parse("2026-03-08T07:00Z") && utc < Date.parse("2026-11-01T06:00Z") ? -240 : -300;
const at = (utc: number): Stamp => ({
  utc,
  offsetMinutes: offsetOf(utc),
  daylightSaving: offsetOf(utc) === -240,
  synchronised: true,
});
/** By the clock before a change that comes with it. */
const endAt = (utc: number): Stamp => ({ ...at(utc - 1), utc });

/** Records of an hour, each of so many watt-hours. */
function hours(
  from: string,
  to: string,
  wattHours: (hour: number) => number | undefined,
  skip: (utc: number) => boolean = () => false,
) {
  const records: ProfileRecord[] = [];
  for (let utc = Date.parse(from); utc < Date.parse(to); utc += HOUR) {
    if (skip(utc)) continue;
    const end = endAt(utc + HOUR);
    records.push(
      record(records.length, utc, [wattHours(records.length)], { start: at(utc), end, until: at(utc + HOUR) }),
    );
  }
  return records;
}

interface Meant {
  readonly records: readonly ProfileRecord[];
  readonly now?: string;
  readonly rateAt?: (utc: number) => string | undefined;
}

async function billed(
  { records, now = "2027-01-01T00:00Z", rateAt }: Meant,
  query: Partial<BillsQuery>,
): Promise<BillsView> {
  const { surface, profile } = recorded(stored(records), ["Wh.import"]);
  const meter = {
    ...surface,
    profiles: [{ ...profile, interval: 60 } as Profile],
    now: () => at(Date.parse(now)),
    tariffs: () =>
      rateAt === undefined
        ? undefined
        : { rate: undefined, isOverridden: false, season: 1, rateAt, next: () => undefined },
  } as unknown as MeterSurface;
  const view = await billsOf(meter, { by: "day", profile: 1, ...query }, turn);
  assert.ok(typeof view === "object", String(view));
  return view;
}

const totalOf = ({ energies }: BillView): number | null | undefined => energies[0]?.total;

test("a day and a month of the wall clock begin and end where a calendar has them", () => {
  assert.deepEqual(stretchOf(Date.parse("2024-02-29T13:00Z"), "month"), {
    period: "2024-02",
    begin: Date.parse("2024-02-01T00:00Z"),
    end: Date.parse("2024-03-01T00:00Z"),
  });
  assert.equal(stretchOf(Date.parse("2026-12-31T23:59:59Z"), "day").period, "2026-12-31");
});

test("the days on which clocks change have 23 and 25 hours, are whole, and have the energy of so many", async () => {
  const spring = await billed(
    { records: hours("2026-03-07T05:00Z", "2026-03-10T04:00Z", () => 100) },
    { from: "2026-03-01", to: "2026-04-01" },
  );
  assert.deepEqual(
    spring.bills.map(({ period, hours: length, isWhole }) => [period, length, isWhole]),
    [
      ["2026-03-07", 24, true],
      ["2026-03-08", 23, true],
      ["2026-03-09", 24, true],
    ],
  );
  assert.deepEqual(spring.bills.map(totalOf), [2400, 2300, 2400]);
  const autumn = await billed(
    { records: hours("2026-11-01T04:00Z", "2026-11-02T05:00Z", () => 100) },
    { from: "2026-11-01", to: "2026-11-02" },
  );
  assert.deepEqual(
    autumn.bills.map(({ hours: length, isWhole, missing }) => [length, isWhole, missing]),
    [[25, true, []]],
  );
  assert.deepEqual(autumn.bills.map(totalOf), [2500]);
});

test("rates are those of the calendar where a record begins; one in which another begins is mixed; they add up to the total", async () => {
  // From 7:00 to 19:30 of local time rate A, B otherwise.
  const minuteOf = (utc: number): number => ((utc + 60_000 * offsetOf(utc)) / 60_000) % 1440;
  const rateAt = (utc: number): string => (minuteOf(utc) >= 420 && minuteOf(utc) < 1170 ? "A" : "B");
  const { bills, hasRates } = await billed(
    { records: hours("2026-02-03T05:00Z", "2026-02-04T05:00Z", (k) => 100 + k), rateAt },
    { from: "2026-02-03", to: "2026-02-04" },
  );
  assert.equal(hasRates, true);
  const sum = (from: number, to: number): number =>
    Array.from({ length: to - from }, (_, k) => 100 + from + k).reduce((a, b) => a + b, 0);
  assert.deepEqual(bills[0]!.energies[0]!.rates, [
    { rate: "A", value: sum(7, 19) },
    { rate: "B", value: sum(0, 7) + sum(20, 24) },
    { rate: "mixed", value: 119 },
  ]);
  assert.equal(totalOf(bills[0]!), sum(0, 24));
  // The peak of each rate, and when it began.
  assert.deepEqual(
    bills[0]!.peaks.map(({ measure, rate, value, at: when }) => [measure, rate, value, when!.at]),
    [
      ["W.import", "B", 123, "2026-02-03 23:00:00"],
      ["W.import", "mixed", 119, "2026-02-03 19:00:00"],
      ["W.import", "A", 118, "2026-02-03 18:00:00"],
    ],
  );
});

test("what is missing is told by local time, and a period without it is not whole; one that has nothing has no value", async () => {
  const gone = (utc: number): boolean =>
    utc >= Date.parse("2026-02-03T20:00Z") && utc < Date.parse("2026-02-05T05:00Z");
  const { bills } = await billed(
    { records: hours("2026-02-03T05:00Z", "2026-02-06T05:00Z", () => 1, gone) },
    { from: "2026-02-01", to: "2026-02-08" },
  );
  assert.deepEqual(
    bills.map((one) => [one.period, totalOf(one), one.isWhole, one.missingSeconds / 3600, one.missing]),
    [
      ["2026-02-03", 15, false, 9, [{ from: "2026-02-03 15:00:00", to: "2026-02-04 00:00:00" }]],
      ["2026-02-04", null, false, 24, [{ from: "2026-02-04 00:00:00", to: "2026-02-05 00:00:00" }]],
      ["2026-02-05", 24, true, 0, []],
    ],
  );
  const month = await billed(
    { records: hours("2026-02-03T05:00Z", "2026-02-06T05:00Z", () => 1, gone) },
    { by: "month", from: "2026-02-01", to: "2026-03-01" },
  );
  assert.equal(month.bills[0]!.missingSeconds / 3600, 48 + 33 + 23 * 24);
});

test("a period that goes on is no whole one, and misses nothing of what is yet to come", async () => {
  const { bills } = await billed(
    { records: hours("2026-02-03T05:00Z", "2026-02-03T15:00Z", () => 1), now: "2026-02-03T15:20Z" },
    { from: "2026-02-03", to: "2026-02-04" },
  );
  assert.deepEqual(
    bills.map(({ isRunning, isWhole, missing }) => [isRunning, isWhole, missing]),
    [[true, false, []]],
  );
});

test("a billing reset in the middle and a clock that was set are told; a doubtful or a cut record makes no peak", async () => {
  const records = hours("2026-02-03T05:00Z", "2026-02-04T05:00Z", (k) => (k === 4 ? 900 : k === 9 ? 800 : 100)).map(
    (one, k) => {
      if (k === 4) return { ...one, status: profileStatus.timeChanged };
      if (k === 9) return { ...one, status: profileStatus.partial, type: "billingReset" as const };
      return one;
    },
  );
  const { bills } = await billed({ records }, { from: "2026-02-03", to: "2026-02-04" });
  const [bill] = bills;
  assert.deepEqual(bill!.events, [{ at: "2026-02-03 10:00:00", type: "billingReset" }]);
  assert.deepEqual([bill!.doubtful, bill!.isWhole, totalOf(bill!)], [1, false, 22 * 100 + 1700]);
  assert.equal(bill!.peaks[0]!.value, 100);
});

test("a day that was lived twice is not whole, and it is said that the clock went back", async () => {
  const day = hours("2026-02-03T05:00Z", "2026-02-04T05:00Z", () => 100);
  const again = day.map((one) => ({ ...one, sequence: one.sequence + day.length }));
  const { bills } = await billed({ records: [...day, ...again] }, { from: "2026-02-03", to: "2026-02-04" });
  const [bill] = bills;
  assert.deepEqual([bill!.records, bill!.clockBack, bill!.isWhole, totalOf(bill!)], [48, 1, false, 4800]);
});

test("the record in which daylight saving changes is as good as all others", async () => {
  const records = hours("2026-03-08T05:00Z", "2026-03-09T04:00Z", () => 100).map((one, k) =>
    k === 1 ? { ...one, type: "daylightSaving" as const, status: profileStatus.timeChanged } : one,
  );
  const { bills } = await billed({ records }, { from: "2026-03-08", to: "2026-03-09" });
  assert.deepEqual([bills[0]!.doubtful, bills[0]!.isWhole, bills[0]!.eventCount], [0, true, 1]);
});

test("a profile of days tells of records that go on beyond a period, and nothing is counted twice", async () => {
  const start = Date.parse("2026-02-01T05:00Z");
  const week = record(0, start, [700], {
    start: at(start),
    end: endAt(start + 168 * HOUR),
    until: at(start + 168 * HOUR),
  });
  const { bills } = await billed({ records: [week] }, { from: "2026-02-01", to: "2026-02-10" });
  assert.deepEqual(
    bills.map((one) => [one.period, one.beyond, one.isWhole, totalOf(one)]),
    [["2026-02-01", 1, false, 700]],
  );
});

const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
  - { name: feeder, model: leviton-s4100, source: { synthetic: { volts: 230, amps: 5, steps: true } } }
`;
const JEM = `
registers:
  normal:
    - { id: 2, label: kWh, type: consumption, measure: { quantity: Wh }, selfRead: true, decimals: 3 }
    - { id: 3, label: kWh A, type: consumption, measure: { quantity: Wh }, tariff: A, selfRead: true, decimals: 3 }
    - { id: 4, label: kWh B, type: consumption, measure: { quantity: Wh }, tariff: B, selfRead: true, decimals: 3 }
    - { id: 7, label: kW peak, type: peakDemand, measure: { quantity: W }, selfRead: true, decimals: 3 }
profiles: [{ minutes: 15, channels: [{ measure: { quantity: Wh }, km: 1 }] }]
tou:
  seasons:
    - { month: 1, day: 1, days: { ${["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => `${day}: [{ at: "00:00", rate: B }, { at: "08:00", rate: A }, { at: "20:00", rate: B }]`).join(", ")} } }
selfRead: { every: day }
`;

test("of a whole meter a day of its profile is what its registers counted from one self read to the next, by rate", async (t) => {
  const rig = await webRig(t, { site: SITE, jem: JEM });
  for (let hour = 0; hour < 76; hour++) rig.clock.advance(HOUR);
  const ask = async (query: string, name = "jem"): Promise<Response> =>
    rig.ask(`/api/v1/meters/${name}/bills?${query}`);
  const days = (await (await ask("by=day")).json()) as BillsView;
  const reads = (await (await ask("by=selfRead")).json()) as BillsView;
  // 3,600 W, all day: twelve hours of each rate.
  const day = days.bills.find(({ period }) => period === "2026-01-02")!;
  assert.deepEqual([day.isWhole, day.hours, day.records], [true, 24, 96]);
  assert.deepEqual(day.energies[0]!.rates, [
    { rate: "A", value: 43_200 },
    { rate: "B", value: 43_200 },
  ]);
  assert.equal(day.peaks[0]!.value, 3600);
  const read = reads.bills.find(({ from }) => from!.at === "2026-01-02 00:00:00")!;
  assert.deepEqual([read.isWhole, read.hours], [true, 24]);
  const [energy] = read.energies;
  assert.deepEqual([energy!.measure, Math.round(energy!.total!)], ["Wh.import", 86_400]);
  assert.deepEqual(
    energy!.rates.map(({ rate, value }) => [rate, Math.round(value)]),
    [
      ["A", 43_200],
      ["B", 43_200],
    ],
  );
  assert.equal(days.bills.at(-1)!.isRunning, true);
  // What cannot be is said.
  assert.equal((await ask("by=day", "feeder")).status, 404);
  assert.equal((await ask("by=selfRead", "feeder")).status, 404);
  assert.equal((await ask("by=day&from=2026-02-31")).status, 422);
  assert.equal((await ask("by=day&profile=2")).status, 404);
});
