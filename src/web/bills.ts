/** What a meter has counted by day or month, of a load profile, or from one self read to the next. */
import type { BillPeriod, BillsView, BillView } from "#quantity/bills-api.ts";
import { limits } from "#quantity/limits.ts";
import type { MeterSurface, SelfRead } from "#quantity/meter-surface.ts";
import type { Profile } from "#quantity/profile.ts";
import { emptySeries, runsBetween, type Series } from "#quantity/series.ts";
import { localOf } from "#quantity/stamp.ts";
import { Reckoning, type RateAt, type Stretch } from "./bill-reckoning.ts";
import { billBetween } from "./self-read-bills.ts";
import { SLICE } from "./trend-pieces.ts";

const DAY_MS = 86_400_000;
/** Days, months and self reads that are told unless somebody says from when on. */
const USUAL = { day: 31, month: 13, selfRead: 32 } as const;
/** Bills of one answer. */
const MOST = 400;

export interface BillsQuery {
  readonly by: BillPeriod;
  /** Of the profiles, from 1. */
  readonly profile: number;
  /** Local days, "2026-03-08": the first, and the first that is not wanted. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The day or the month of the wall clock in which a local time lies. */
export function stretchOf(local: number, by: "day" | "month"): Stretch {
  const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(local)).toZonedDateTimeISO("UTC").toPlainDate();
  const first = by === "day" ? date : date.with({ day: 1 });
  const next = first.add(by === "day" ? { days: 1 } : { months: 1 });
  const msOf = (one: Temporal.PlainDate): number => one.toZonedDateTime("UTC").epochMilliseconds;
  return { period: first.toString().slice(0, by === "day" ? 10 : 7), begin: msOf(first), end: msOf(next) };
}

/** Milliseconds of local midnight of a day. */
function midnightOf(day: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime("UTC").epochMilliseconds;
}

/** In words what is wrong with the question; undefined of what the meter does not keep. */
export async function billsOf(
  surface: MeterSurface,
  query: BillsQuery,
  turn: () => Promise<void>,
): Promise<BillsView | string | undefined> {
  const tariffs = surface.tariffs();
  const { by } = query;
  const told = { name: surface.identity.name, by, hasRates: tariffs !== undefined };
  if (by === "selfRead") {
    const bills = betweenSelfReads(surface, query);
    return bills === undefined ? undefined : { ...told, source: "selfReads", profile: null, interval: null, bills };
  }
  const profile = surface.profiles[query.profile - 1];
  if (profile === undefined) return undefined;
  const rateAt: RateAt = (utc) => tariffs?.rateAt(utc) ?? null;
  const bills = await ofProfile({ surface, profile, query: { ...query, by }, rateAt }, turn);
  if (typeof bills === "string") return bills;
  return { ...told, source: "profile", profile: query.profile, interval: profile.interval, bills };
}

interface Asked {
  readonly surface: MeterSurface;
  readonly profile: Profile;
  readonly query: BillsQuery & { readonly by: "day" | "month" };
  readonly rateAt: RateAt;
}

async function ofProfile({ surface, profile, query, rateAt }: Asked, turn: () => Promise<void>) {
  const now = surface.now();
  const { by } = query;
  const end = query.to === undefined ? stretchOf(localOf(now), by).end : midnightOf(query.to);
  const begin = query.from === undefined ? usualBegin(end, by) : midnightOf(query.from);
  // A day of room is more than any offset, and any step of a clock that was not set.
  const runs = runsBetween(profile, begin - DAY_MS, end + DAY_MS);
  const count = runs.reduce((sum, { first, next }) => sum + next - first, 0);
  if (count > limits.web.billRecords)
    return `from, to: expected ${limits.web.billRecords} records at most, found ${count}`;
  const reckonings = new Map<string, Reckoning>();
  let reckoned: Reckoning | undefined;
  let stretch: Stretch | undefined;
  for (const { first, next } of runs)
    for (let at = first; at < next; at += SLICE) {
      for (const record of profile.page(at, Math.min(SLICE, next - at))) {
        const local = localOf(record.start);
        if (local < begin || local >= end) continue;
        if (reckoned === undefined || stretch === undefined || local < stretch.begin || local >= stretch.end) {
          stretch = stretchOf(local, by);
          reckoned = reckonings.get(stretch.period) ?? new Reckoning(stretch, profile, rateAt);
          reckonings.set(stretch.period, reckoned);
        }
        reckoned.add(record);
      }
      await turn();
    }
  // What lies between the first and the last of them, and has none, is told: it is missing.
  const periods = [...reckonings.keys()].toSorted();
  const [oldest, newest] = [periods[0], periods.at(-1)];
  if (oldest === undefined || newest === undefined) return [];
  const bills: BillView[] = [];
  for (let one = stretchOf(midnightOf(dayOf(oldest)), by); one.period <= newest; one = stretchOf(one.end, by))
    bills.push((reckonings.get(one.period) ?? new Reckoning(one, profile, rateAt)).bill(now));
  return bills.slice(-MOST);
}

/** The first day of "2026-03", or "2026-03-08" itself. */
function dayOf(period: string): string {
  return period.length === 7 ? `${period}-01` : period;
}

function usualBegin(end: number, by: "day" | "month"): number {
  const date = Temporal.Instant.fromEpochMilliseconds(end).toZonedDateTimeISO("UTC").toPlainDate();
  const first = by === "day" ? date.subtract({ days: USUAL.day }) : date.subtract({ months: USUAL.month });
  return first.toZonedDateTime("UTC").epochMilliseconds;
}

function betweenSelfReads(surface: MeterSurface, { from, to }: BillsQuery): readonly BillView[] | undefined {
  const { selfReads } = surface;
  if (selfReads === emptySeries) return undefined;
  const wanted = from === undefined && to === undefined ? newestOf(selfReads) : selfReadsBetween(selfReads, from, to);
  return wanted.slice(1).flatMap((one, k) => {
    const before = wanted[k];
    return before === undefined ? [] : [billBetween(before, one)];
  });
}

function newestOf({ first, next, page }: Series<SelfRead>): readonly SelfRead[] {
  const most = USUAL.selfRead + 1;
  return page(Math.max(first, next - most), most);
}

/** Those of a time, and the one before them, from which the first of them counts. */
function selfReadsBetween(
  selfReads: Series<SelfRead>,
  from: string | undefined,
  to: string | undefined,
): readonly SelfRead[] {
  const begin = from === undefined ? -Infinity : midnightOf(from);
  const end = to === undefined ? Infinity : midnightOf(to);
  // A day of room is more than any offset.
  const runs = runsBetween(selfReads, begin - DAY_MS, end + DAY_MS);
  const all = runs.flatMap(({ first, next }) => selfReads.page(Math.max(selfReads.first, first - 1), next - first + 1));
  const wanted = all.filter(({ at }) => localOf(at) >= begin && localOf(at) < end).slice(-MOST);
  const before = all.findLast(({ sequence }) => sequence < (wanted[0]?.sequence ?? 0));
  return before === undefined ? wanted : [before, ...wanted];
}
