/** Files of a day: what is in them, where days begin and end, and that nothing is lost or there twice, whatever comes in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utcOf, writePqdif, type Pqdif } from "#format/pqdif/pqdif.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { copyOf, folder } from "#store/store-fixture.ts";
import { captured, observation } from "./captured-fixture.ts";
import { filesRig, Records, type Rig } from "./files-rig.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday, 2026-03-02, of the zone of a test that has none. */
const MONDAY = Date.parse("2026-03-02T00:00:00Z");

/** Eastern time of North America. */
const eastern = [
  -300,
  { start: { month: 3, week: 2, weekday: 0, hour: 2 }, end: { month: 11, week: 1, weekday: 0, hour: 2 }, minutes: 60 },
] as const;

const event = (utc: number) => observation({ utc, captures: [] });

async function serials(rig: Rig): Promise<readonly (number | undefined)[]> {
  const all: (number | undefined)[] = [];
  for (const name of rig.names()) all.push(...(await rig.open(name)).observations.map(({ serial }) => serial));
  return all;
}

test("looking costs the same however many observations wait for the end of the day, and nothing where none does", async () => {
  const rig = filesRig({ utc: MONDAY, mode: "multiple" });
  const looked = (): number => {
    const before = rig.zones;
    for (let k = 0; k < 100; k++) rig.files.look();
    return (rig.zones - before) / 100;
  };
  await rig.at(MONDAY + 9 * HOUR);
  assert.equal(looked(), 0);
  for (let k = 0; k < 300; k++) rig.files.take(event(MONDAY + 9 * HOUR + k * 1000));
  await rig.files.idle;
  assert.equal(looked(), 1, "of the one day");
  rig.again("killed");
  assert.equal(looked(), 1);
});

test("a day's observations are one file, of the name of its midnight, shortly after it ends; of nothing there is none", async () => {
  const rig = filesRig({ utc: MONDAY, mode: "multiple" });
  await rig.at(MONDAY + 9 * HOUR);
  for (let k = 0; k < 3; k++) rig.files.take(event(MONDAY + 9 * HOUR + k * 1000));
  rig.files.take(
    observation({ utc: MONDAY + 9 * HOUR + 5000, captures: [captured("low", 15, MONDAY + 9 * HOUR + 5000)] }),
  );
  await rig.at(MONDAY + DAY - 1);
  assert.deepEqual(rig.names(), []);
  // Recordings are there before the day is over, and are the same after it.
  const alone = rig.names("wfc");
  assert.equal(alone.length, 1);
  const recording = rig.files.shelf.read(alone[0]!);
  await rig.at(MONDAY + DAY + 19_999);
  assert.deepEqual(rig.names(), []);
  await rig.at(MONDAY + DAY + 20_000);
  assert.deepEqual(rig.names(), [`142300003_${MONDAY / 1000}_0_128.pqd`]);
  const { observations, container, sources } = await rig.open(rig.names()[0]!);
  assert.equal(container.fileName, rig.names()[0]);
  assert.deepEqual(
    observations.map(({ serial }) => serial),
    [1, 2, 3, 4],
  );
  // Those that say the same of their meter share it.
  assert.equal(sources.length, 2);
  assert.deepEqual(rig.names("wfc"), alone);
  assert.deepEqual(rig.files.shelf.read(alone[0]!), recording);
  assert.equal(rig.files.shelf.list().find(({ name }) => name === alone[0])!.size, recording!.length);
  // A day of nothing.
  await rig.at(MONDAY + 2 * DAY + HOUR);
  assert.equal(rig.names().length, 1);
});

for (const [what, date, hours] of [
  ["23", "2026-03-08", 23],
  ["25", "2026-11-01", 25],
  ["24", "2026-07-04", 24],
] as const) {
  test(`a day has ${what} hours where daylight saving says so`, async () => {
    const summer = date === "2026-07-04" || date === "2026-11-01";
    const midnight = Date.parse(`${date}T00:00:00${summer ? "-04:00" : "-05:00"}`);
    const rig = filesRig({ utc: midnight - HOUR, mode: "multiple", zone: eastern });
    for (let at = midnight - HOUR; at < midnight + (hours + 1) * HOUR; at += HOUR) {
      await rig.at(at);
      rig.files.take(event(at));
      await rig.files.idle;
    }
    await rig.at(midnight + (hours + 25) * HOUR);
    const counts = await Promise.all(rig.names().map(async (name) => (await rig.open(name)).observations.length));
    assert.deepEqual(counts, [1, hours, 1]);
    assert.equal(rig.names()[1], `142300003_${midnight / 1000}_0_128.pqd`);
  });
}

test("more than 500 kB are several files, each of that at most before it is compressed, of later microseconds", async () => {
  const rig = filesRig({ utc: MONDAY, mode: "multiple" });
  const high = captured("high", 14, 0);
  for (let k = 1; k <= 12; k++) {
    await rig.at(MONDAY + k * HOUR);
    rig.files.take(observation({ utc: rig.utc, event: undefined, captures: [{ ...high, utc: rig.utc + high.utc }] }));
    await rig.files.idle;
  }
  await rig.at(MONDAY + DAY + HOUR);
  const seconds = MONDAY / 1000;
  const names = rig.names();
  // 7,168 instants of 16 bytes are 115 kB: four fit.
  assert.deepEqual(
    names,
    [0, 1, 2].map((k) => `142300003_${seconds}_${k}_128.pqd`),
  );
  for (const name of names) {
    const { container, observations } = await rig.open(name);
    const { length } = await writePqdif({ container, observations });
    assert.ok(length > 450_000 && length <= 500_000, `${length} bytes`);
  }
  assert.deepEqual(await serials(rig), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.equal(rig.names("wfc").length, 12);
  for (const name of rig.names("wfc")) assert.ok(rig.files.shelf.read(name)!.length > 100_000);
});

test("what is over after midnight is of the day in which it was handed out: no day has a file twice", async () => {
  const rig = filesRig({ utc: MONDAY, mode: "multiple" });
  await rig.at(MONDAY + DAY - 1000);
  rig.files.take(event(MONDAY + DAY - 1000));
  await rig.at(MONDAY + DAY + 5000);
  rig.files.take(event(MONDAY + DAY - 2000));
  await rig.at(MONDAY + DAY + 30_000);
  rig.files.take(event(MONDAY + DAY - 3000));
  await rig.at(MONDAY + 2 * DAY + 30_000);
  assert.deepEqual(
    await Promise.all(rig.names().map(async (name) => (await rig.open(name)).observations.map((one) => one.serial))),
    [[1], [2, 3]],
  );
});

test("a configuration that asks for a file of each has what was collected at once", async () => {
  const rig = filesRig({ utc: MONDAY, mode: "multiple" });
  rig.files.take(event(MONDAY + 1000));
  await rig.at(MONDAY + HOUR);
  assert.deepEqual(rig.names(), []);
  rig.settings = { ...rig.settings, mode: "single" };
  rig.files.configured(false);
  await rig.at(MONDAY + HOUR + 1000);
  assert.deepEqual(rig.names(), [`142300003_${MONDAY / 1000}_0_128.pqd`]);
});

/** What may come in between, a time at a time. */
type Step =
  | { readonly kind: "event" }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "set"; readonly ms: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "killed" };

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ kind: "event" }) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 * HOUR }).map((ms): Step => ({ kind: "pass", ms })) },
    fc.integer({ min: -30 * HOUR, max: 30 * HOUR }).map((ms): Step => ({ kind: "set", ms })),
    fc.constant<Step>({ kind: "stopped" }),
    fc.constant<Step>({ kind: "killed" }),
  ),
  { minLength: 5, maxLength: 40 },
);

test("clocks that are set, restarts and kills in any order: each observation is in one file, once", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const series = new Records();
      const rig = filesRig({ utc: MONDAY, mode: "multiple", zone: eastern, measurementLog: "1 hour", series });
      let events = 0;
      const taken: number[] = [];
      for (const step of all) {
        if (step.kind === "event") {
          // So that it can be known again: its trigger's name is its number.
          rig.files.take({ ...event(rig.utc), trigger: { id: 1, label: `event ${++events}` } });
          taken.push(events);
          series.add(rig.utc - 1000, rig.utc, [1, 3, 2]);
          await rig.files.idle;
        } else if (step.kind === "pass" || step.kind === "set") await rig.at(rig.utc + step.ms);
        else rig.again(step.kind);
      }
      // The clock comes to be beyond all days there were.
      await rig.at(MONDAY + 400 * DAY);
      await rig.at(MONDAY + 401 * DAY);
      const files: Pqdif[] = [];
      for (const name of rig.names()) files.push(await rig.open(name));
      const found = files.flatMap(({ observations }) => observations);
      const labels = found.map(({ name }) => name).filter((name) => name?.startsWith("event"));
      assert.deepEqual(labels.toSorted(), taken.map((k) => `event ${k}`).toSorted());
      // Each record of the log, too: by its end.
      const ends = found
        .filter(({ name }) => name?.startsWith("Measurement"))
        .flatMap(({ start, channels }) =>
          [...channels[0]!.series[0]!.values].map((s) => Math.round(utcOf(start) + 1000 * s)),
        );
      assert.deepEqual(
        ends.toSorted((a, b) => a - b),
        series.all.map(({ end }) => end.utc).toSorted((a, b) => a - b),
      );
      assert.equal(new Set(rig.names()).size, rig.names().length);
      assert.deepEqual(rig.said, []);
    }),
    { numRuns: 40, seed: 2026 },
  );
});

test("a kill while a day is being put together: its observations are in one file or another, each once", async (t) => {
  const place = folder(t);
  const store = new SqliteStore(place, "now");
  const rig = filesRig({ utc: MONDAY, mode: "multiple", store: store.drawer("m") });
  const high = captured("high", 15, 0);
  for (let k = 1; k <= 9; k++) {
    rig.files.take(
      observation({
        utc: MONDAY + k * 1000,
        event: undefined,
        captures: [{ ...high, utc: MONDAY + k * 1000 + high.utc }],
      }),
    );
    await rig.files.idle;
  }
  store.commit();
  // Copies as kill -9 leaves them, while files come and parts go.
  const copies: string[] = [copyOf(t, place)];
  rig.files.changed = () => {
    store.commit();
    copies.push(copyOf(t, place));
  };
  await rig.at(MONDAY + DAY + HOUR);
  assert.ok(copies.length >= 4, `${copies.length}`);
  for (const copy of copies) {
    const other = new SqliteStore(copy, "later");
    const again = filesRig({ utc: MONDAY + DAY + HOUR, mode: "multiple", store: other.drawer("m") });
    await again.at(MONDAY + DAY + 2 * HOUR);
    assert.deepEqual(
      (await serials(again)).toSorted((a, b) => a! - b!),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    other.close();
  }
  store.close();
});
