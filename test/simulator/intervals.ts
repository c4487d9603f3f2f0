/** A load profile has every interval once: records follow on each other without a hole, and what no power came in is marked. */
import { KEPT_LATE_S } from "./claims.ts";
import { watts } from "./site.ts";
import { hold } from "./violation.ts";

export interface RecordView {
  readonly sequence: number;
  readonly type: string;
  readonly status: readonly string[];
  readonly values: readonly (number | null)[];
  readonly utc: { readonly start: string; readonly end: string; readonly until: string };
}

const MINUTE_MS = 60_000;
/** Wh of one count, and of the fraction that waits for the next record. */
const KM = 10;
/** An outage that is shorter may not have been noticed. */
const SHORT_MS = 3000;

/** Holds records that were read in one answer to what a profile promises; in a stretch that is doubtful something may be gone. */
export function checkProfile(records: readonly RecordView[], isDoubtful: (from: number, to: number) => boolean): void {
  /** What flowed in records that are gone, Wh: what was counted of it went with them, so that it is counted in one that comes later. */
  let uncounted = 0;
  records.forEach((record, k) => {
    const name = `profile record ${record.sequence} (${JSON.stringify(record)})`;
    const [start, end, until] = [record.utc.start, record.utc.end, record.utc.until].map(Date.parse) as [
      number,
      number,
      number,
    ];
    const before = records[k - 1];
    if (before !== undefined && record.sequence > before.sequence + 1)
      uncounted += (watts.jem * Math.max(0, start - Date.parse(before.utc.until))) / 3_600_000;
    const next = records[k + 1];
    if (next !== undefined && next.sequence === record.sequence + 1)
      hold(next.utc.start === record.utc.until, () => `${name} is followed by one from ${next.utc.start} on`);
    // Of one in which something may be gone: that the clock was set, where it had begun.
    if (isDoubtful(Math.min(start, end, until), Math.max(start, end, until))) return;
    hold(end >= start, () => `${name} ends before it begins`);
    hold(end - start <= MINUTE_MS, () => `${name} is longer than a minute`);
    // What flowed between its ends, in whole counts; a process that is killed has not kept the last of it.
    const flowed = (watts.jem * (end - start)) / 3_600_000;
    const counted = KM * (record.values[0] ?? 0);
    const late = record.type === "powerFail" ? (watts.jem * KEPT_LATE_S) / 3600 : 0;
    const more = Math.min(uncounted, Math.max(0, counted - flowed));
    uncounted -= more;
    hold(
      counted <= flowed + more + KM + 0.1 && counted >= flowed - KM - 0.1 - late,
      () => `${name} has ${counted} Wh; ${flowed.toFixed(1)} Wh flowed`,
    );
  });
}

/** Every stretch in which nothing ran is marked as one without power. */
export function checkOutages(
  records: readonly RecordView[],
  outages: readonly { readonly from: number; readonly to: number }[],
  isDoubtful: (from: number, to: number) => boolean,
): void {
  const first = Date.parse(records[0]?.utc.start ?? "9999-01-01T00:00:00Z");
  for (const { from, to } of outages) {
    if (to - from < SHORT_MS || from < first || isDoubtful(from, to + SHORT_MS)) continue;
    const marked = records.some(
      ({ status, utc }) =>
        status.includes("powerLost") && Date.parse(utc.end) <= from && Date.parse(utc.until) >= to - SHORT_MS,
    );
    const words = [from, to].map((at) => Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toString());
    hold(marked, () => `the profile has no mark of the outage from ${words.join(" to ")}`);
  }
}
