/**
 * Records of a profile as periods of totals: those that lie in one hour, one quarter of an hour or one day of the meter's clock, one after
 * another. Events cut records short: together they are the period's again. Periods of which nothing was recorded are not there.
 */
import { DAY_MS, MINUTE_MS, type LocalTime } from "#clock/local-time.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import { profileStatus } from "#quantity/profile.ts";
import { runsBetween } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";

export interface PeriodGroup {
  /** Its end by the clock, with the offset that counts from there on. */
  readonly at: Stamp;
  readonly records: readonly ProfileRecord[];
  /** All of it was measured. */
  readonly isWhole: boolean;
  /** The clock was set in it, or where it began. */
  readonly isSet: boolean;
}

/** A day has an hour more at most. */
const LONGEST_DAY_MS = DAY_MS + 2 * 60 * MINUTE_MS;
/** Records that are read at once. */
const PAGE = 256;

export interface PeriodsWanted {
  readonly profile: Profile;
  readonly minutes: number | "day";
  readonly zone: LocalTime;
  /** UTC of their ends, both included. */
  readonly from: number;
  readonly to: number;
  /** What the meter's clock shows, UTC. */
  readonly now: number;
}

export function* periodGroups({ profile, minutes, zone, from, to, now }: PeriodsWanted): Generator<PeriodGroup> {
  const longest = minutes === "day" ? LONGEST_DAY_MS : minutes * MINUTE_MS;
  const ends = boundaries(minutes, zone);
  for (const run of runsBetween(profile, from - longest, to)) {
    for (const { records, before } of grouped(profile, run, (record) => endOf(record, ends))) {
      const group = groupOf(records, ends, before);
      const isRunning = (records.at(-1)?.sequence ?? 0) + 1 >= profile.next && runsOn(records, group.at.utc, ends);
      // A clock that was set back has cut a period short, whose end comes again.
      const isToCome = (records.at(-1)?.end.utc ?? 0) < group.at.utc && group.at.utc > now;
      if (!isRunning && !isToCome && group.at.utc >= from && group.at.utc <= to) yield group;
    }
  }
}

/** The first end of a period after an instant. */
type Ends = (utc: number) => number;

/** Minutes count by standard time, as the profile's do, and days by the wall clock. */
function boundaries(minutes: number | "day", zone: LocalTime): Ends {
  if (minutes === "day") return (utc) => zone.nextMidnight(utc);
  const length = minutes * MINUTE_MS;
  return (utc) => zone.nextStep(utc, length);
}

/** The end of the period that a record lies in, all of it; one that ends as it begins is of the period that begins there. */
function endOf({ start, end }: ProfileRecord, ends: Ends): number {
  return ends(start.utc + (end.utc - start.utc) / 2);
}

interface Group {
  readonly records: readonly ProfileRecord[];
  readonly before: ProfileRecord | undefined;
}

function* grouped(
  profile: Profile,
  run: { readonly first: number; readonly next: number },
  endOf: (record: ProfileRecord) => number,
): Generator<Group> {
  let before = profile.page(run.first - 1, 1).find(({ sequence }) => sequence < run.first);
  let records: ProfileRecord[] = [];
  let label = NaN;
  for (let at = run.first; at < run.next; at += PAGE) {
    for (const record of profile.page(at, Math.min(PAGE, run.next - at))) {
      const end = endOf(record);
      if (end !== label && records.length > 0) {
        yield { records, before };
        before = records.at(-1);
        records = [];
      }
      label = end;
      records.push(record);
    }
  }
  if (records.length > 0) yield { records, before };
}

function groupOf(records: readonly ProfileRecord[], ends: Ends, before: ProfileRecord | undefined): PeriodGroup {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) throw new Error("a period has a record");
  const utc = endOf(last, ends);
  // Up to an end that nobody saw, the clock went on as it did.
  const at = last.until.utc === utc ? last.until : { ...last.end, utc };
  const isBeginning = ends(first.start.utc - 1) === first.start.utc && ends(first.start.utc) === utc;
  const isGapless = records.every((one, k) => {
    const next = records[k + 1];
    return next === undefined ? one.end.utc === utc : one.end.utc === one.until.utc && next.start.utc === one.end.utc;
  });
  const isKnown = records.every(({ status }) => (status & profileStatus.noInputs) === 0);
  const wasSet = ({ type, until }: ProfileRecord): boolean => type === "timeSet" && until.utc === first.start.utc;
  const isSet = records.some(({ type }) => type === "timeSet") || (before !== undefined && wasSet(before));
  return { at, records, isWhole: isBeginning && isGapless && isKnown, isSet };
}

/** Whether what comes next is of the same period: it is not over. */
function runsOn(records: readonly ProfileRecord[], utc: number, ends: Ends): boolean {
  const until = records.at(-1)?.until.utc;
  return until !== undefined && until < utc && ends(until) === utc;
}
