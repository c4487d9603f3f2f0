/** A revenue meter as tests and cases speak to it: who does something is a plain text, times are those of the wall clock. */
import type { LogEntry, LogKind, Origin } from "#quantity/log.ts";
import type { ProfileRecord } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { Billing } from "#revenue/billing.ts";
import type { EventLog } from "#revenue/events/event-log.ts";
import type { LoadProfile } from "#revenue/profile/load-profile.ts";
import type { SelfReads, StoredSelfRead } from "#revenue/registers/self-reads.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import type { TestMode, TestModeOptions } from "#revenue/test-mode.ts";

type By = string | Origin;

/** Stamps as milliseconds since 1970 of local time. */
type Local<T> = { readonly [K in keyof T]: T[K] extends Stamp ? number : T[K] };

/** The same meter; what it is told by somebody may also be told by a text. */
export type SpokenMeter = RevenueMeter & {
  setTime(utc: number, by: By): void;
  recalibrated(by: By, details: Readonly<Record<string, number>>): void;
  readonly billing: Billing & {
    freeze(by: By): void;
    reset(by: By): boolean;
    preset(id: number, value: number, by: By): boolean;
  };
  readonly testMode: TestMode & {
    enter(by: By, options?: TestModeOptions): boolean;
    leave(by: By, at?: number): void;
  };
  readonly profiles: readonly (LoadProfile & { records(): Local<ProfileRecord>[] })[];
  readonly log: EventLog & { entries(kind: LogKind): Local<LogEntry>[] };
  readonly selfReads: SelfReads & { readonly all: Local<StoredSelfRead>[] };
};

const originOf = (by: By): Origin => (typeof by === "string" ? { by } : by);
const known = new WeakSet<RevenueMeter>();

/** Gives the methods of one meter their plain words. */
export function spoken(meter: RevenueMeter): SpokenMeter {
  if (known.has(meter)) return meter as SpokenMeter;
  known.add(meter);
  const { billing, testMode, profiles, log, selfReads } = meter;
  const [freeze, reset, preset] = [
    billing.freeze.bind(billing),
    billing.reset.bind(billing),
    billing.preset.bind(billing),
  ];
  const [enter, leave] = [testMode.enter.bind(testMode), testMode.leave.bind(testMode)];
  const [setTime, recalibrated] = [meter.setTime.bind(meter), meter.recalibrated.bind(meter)];
  Object.assign(billing, {
    freeze: (by: By) => freeze(originOf(by)),
    reset: (by: By) => reset(originOf(by)),
    preset: (id: number, value: number, by: By) => preset(id, value, originOf(by)),
  });
  Object.assign(testMode, {
    enter: (by: By, options?: TestModeOptions) => enter(originOf(by), options),
    leave: (by: By, at?: number) => leave(originOf(by), at),
  });
  Object.assign(meter, {
    setTime: (utc: number, by: By) => setTime(utc, originOf(by)),
    recalibrated: (by: By, details: Readonly<Record<string, number>>) => recalibrated(originOf(by), details),
  });
  for (const profile of profiles) {
    const records = (): Local<ProfileRecord>[] =>
      profile.series.page(0, Infinity).map((record) => ({
        ...record,
        start: localOf(record.start),
        end: localOf(record.end),
        until: localOf(record.until),
      }));
    Object.assign(profile, { records });
  }
  Object.assign(log, {
    entries: (kind: LogKind) =>
      log
        .of(kind)
        .page(0, Infinity)
        .map((entry) => ({ ...entry, at: localOf(entry.at) })),
  });
  Object.defineProperty(selfReads, "all", {
    get: () => selfReads.page(0, Infinity).map((read) => ({ ...read, at: localOf(read.at) })),
  });
  return meter as SpokenMeter;
}
