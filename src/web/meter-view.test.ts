import assert from "node:assert/strict";
import { test } from "node:test";
import type { SelfRead } from "#quantity/meter-surface.ts";
import { limits } from "#quantity/limits.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import { SelfReads } from "#revenue/registers/self-reads.ts";
import { MemoryStore } from "#store/store.ts";
import { profileOf, selfReadsOf, type ProfileQuery } from "./meter-view.ts";

test("a self read keeps its number when one before it is damaged", () => {
  const drawer = new MemoryStore().drawer("m");
  const stored = new SelfReads(drawer, (_, count, initial) => new Float64Array(count).fill(initial));
  for (let k = 0; k < 4; k++)
    stored.add((sequence) => ({
      sequence,
      at: { utc: 900_000 * k, offsetMinutes: 0, daylightSaving: false, synchronised: true },
      systemBits: 10 * k,
      registers: [],
    }));
  drawer.remove("self-read/1");
  const selfReads: Series<SelfRead> = {
    first: stored.first,
    next: stored.next,
    page: (from, most) => stored.page(from, most).map((one) => ({ ...one, conditions: [] })),
    seek: (utc) => stored.seek(utc),
  };
  const seen = selfReadsOf({ selfReads }, 0, 10).map(({ sequence, systemBits }) => [sequence, systemBits]);
  assert.deepEqual(seen, [
    [0, 0],
    [2, 20],
    [3, 30],
  ]);
});

/** A profile of so many records of a minute, of one channel, whose value is the record's number. */
function longProfile(count: number): { readonly profile: Profile; looked: number } {
  const at = (minute: number) => ({
    utc: 60_000 * minute,
    offsetMinutes: 0,
    daylightSaving: false,
    synchronised: true,
  });
  const told = { looked: 0, profile: undefined as unknown as Profile };
  const record = (sequence: number): ProfileRecord => ({
    sequence,
    type: "normal",
    start: at(sequence),
    end: at(sequence + 1),
    until: at(sequence + 1),
    status: 0,
    values: [sequence],
  });
  told.profile = {
    interval: 1,
    data: "engineering",
    channels: [
      { measure: { quantity: "W", phase: "polyphase", direction: "bidirectional", compensated: false }, km: 1 },
    ],
    capacity: count,
    first: 0,
    next: count,
    page(from, most) {
      const there = Math.max(0, Math.min(count, from + most) - from);
      told.looked += there;
      return Array.from({ length: there }, (_, k) => record(from + k));
    },
    seek: (utc) => Math.max(0, Math.min(count, Math.floor(utc / 60_000))),
  };
  return told;
}

test("a profile of any length is read by answers of bounded size, each record once", () => {
  const made = longProfile(25_000);
  const now = () => made.profile.page(24_999, 1)[0]!.end;
  const all: number[] = [];
  let query: ProfileQuery = {};
  for (;;) {
    made.looked = 0;
    const answer = profileOf(made.profile, now, query);
    assert.ok(typeof answer !== "string");
    assert.ok(answer.records.length <= limits.web.profileRecords);
    assert.ok(made.looked <= limits.web.profileRecords + 500, `${made.looked} were looked at`);
    all.push(...answer.records.map(({ sequence }) => sequence));
    if (answer.more !== true) break;
    query = { ...query, since: answer.next };
  }
  assert.deepEqual(
    all,
    Array.from({ length: 25_000 }, (_, k) => k),
  );
  // Of a range, too, which ends long before the profile does.
  const day = profileOf(made.profile, now, { from: "1970-01-05T00:00", to: "1970-01-05T01:00", since: 0 });
  assert.ok(typeof day !== "string");
  assert.deepEqual(
    day.records.map(({ sequence }) => sequence),
    Array.from({ length: 60 }, (_, k) => 5760 + k),
  );
  const few = profileOf(made.profile, now, { most: 3, since: 7 });
  assert.ok(typeof few !== "string");
  assert.deepEqual([few.records.length, few.next, few.more], [3, 10, true]);
});
