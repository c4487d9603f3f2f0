/** A meter as pages and programs see it: functions of its surface, plain values for JSON. */
import { timeText, timeTextMs } from "#clock/time-text.ts";
import { limits } from "#quantity/limits.ts";
import type { LogEntry, LogKind } from "#quantity/log.ts";
import type {
  FileView,
  LiveEntryView,
  LiveView,
  LogEntryView,
  LogView,
  MeterView,
  ProfileView,
  RegisterView,
  SelfReadView,
  SourceView,
  TimeView,
} from "#quantity/meter-api.ts";
import { measureName } from "#quantity/measure-name.ts";
import { isSampled } from "#quantity/measure.ts";
import type { IntervalView } from "#quantity/quality-view.ts";
import type { ShelvedFile } from "#quantity/file-shelf.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { profileStatus, type Profile, type ProfileChannelFacts, type ProfileRecord } from "#quantity/profile.ts";
import { lists, type List, type RegisterReading } from "#quantity/register.ts";
import { registerName } from "#quantity/register-name.ts";
import { runsBetween } from "#quantity/series.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { hasPanel } from "./panels.ts";

/** Kinds of log entries of which milliseconds matter. */
const precise: ReadonlySet<LogKind> = new Set(["alarm", "sagSwell", "interruption", "rapidVoltageChange"]);
/** Records and entries that the page shows. */
const NEWEST = 12;

export function localText(stamp: Stamp): string {
  return timeText(localOf(stamp) / 1000);
}

export function utcText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
}

export function timeOf({ utc, offsetMinutes }: Stamp): TimeView {
  return { utc: utcText(utc), offsetMinutes };
}

export function registerView(reading: RegisterReading): RegisterView {
  const { id, label, value, text, unit, scale, measure, side } = reading;
  const named = measure === undefined ? {} : { measure: measureName(measure) };
  return {
    id,
    label,
    name: registerName(reading),
    value: value ?? null,
    text,
    unit,
    scale,
    ...named,
    ...(side === undefined ? {} : { side }),
  };
}

export function viewOf(surface: MeterSurface): MeterView {
  const { name, model, title, serial, firmware, modelNumber } = surface.identity;
  const { measures } = surface;
  const values = new Float64Array(measures.length);
  const valid = new Uint8Array(measures.length);
  const now = surface.values(measures, "primary", values, valid);
  const quality = surface.quality();
  const intervals = surface.intervals();
  const readings = Object.fromEntries(
    measures.map((measure, k) => [measureName(measure), Number.isNaN(values[k]) ? null : (values[k] ?? null)]),
  );
  // What a product shows besides takes the place of nothing that every meter shows.
  return {
    ...surface.extra(),
    name,
    model,
    title,
    serial,
    firmware,
    modelNumber,
    local: localText(now),
    offsetMinutes: now.offsetMinutes,
    ...surface.status(),
    readings,
    absence: surface.absence,
    registers: surface.registers("normal").map(registerView),
    io: surface.channels,
    ...(quality === undefined ? {} : { quality: rounded(quality) }),
    ...(intervals.length === 0
      ? {}
      : { intervals: rounded(intervals.map((interval) => ({ ...interval, means: undefined }))) }),
  };
}

/** The intervals of power quality that have ended, with the means of all harmonics. */
export function intervalsOf(surface: MeterSurface): readonly IntervalView[] {
  return rounded(surface.intervals());
}

/** Digits of a block: more than its accuracy is worth, less than a number can have, of which it has a thousand. */
const QUALITY_DIGITS = 7;

/** The same with numbers of so many digits. */
function rounded<T>(value: T): T {
  if (typeof value === "number") return Number(value.toPrecision(QUALITY_DIGITS)) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => rounded(one)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T;
}

/** Angles of harmonics are a third of a block, and are looked at now and then. */
function withoutAngles({ quality, ...view }: MeterView): MeterView {
  if (quality === undefined) return view;
  const channels = quality.channels.map((channel) => ({ ...channel, angles: undefined }));
  return { ...view, quality: { ...quality, channels } };
}

/** What the page is sent. */
export function liveViewOf(surface: MeterSurface, source: SourceView): Omit<LiveView, "utc"> {
  const [profile] = surface.profiles;
  const logs = surface.logs.filter((kind) => kind !== "security").map((kind) => [kind, surface.log(kind)] as const);
  const log = logs
    .flatMap(([kind, entries]) => {
      const newest = entries.page(Math.max(entries.first, entries.next - NEWEST), NEWEST);
      return newest.map((entry) => ({ kind, entry }));
    })
    .toSorted((a, b) => b.entry.at.utc - a.entry.at.utc)
    .slice(0, NEWEST)
    .map(({ kind, entry }) => liveEntryOf(kind, entry));
  return {
    ...withoutAngles(viewOf(surface)),
    ...(hasPanel(surface.identity) ? { frontPanel: true } : {}),
    profile: profile === undefined ? undefined : profileView(profile, newest(profile)),
    ...(surface.measurementLogs.length === 0 ? {} : { measurementLogs: surface.measurementLogs.length }),
    source,
    logs: surface.logs,
    log,
    files: newestFilesOf(surface),
    logEntries: logs.reduce((sum, [, { first, next }]) => sum + next - first, 0),
  };
}

export function liveEntryOf(kind: LogKind, { sequence, at, what, by, details }: LogEntry): LiveEntryView {
  return { kind, sequence, at: textOf(kind, at), ...timeOf(at), what, by, details };
}

/** Whether a meter has a shelf, with files on it or not. */
export function keepsFiles({ files }: MeterSurface): boolean {
  return files.folders.length > 0 || files.list().length > 0;
}

export function fileViewOf({ name, at, size, what }: ShelvedFile): FileView {
  return { name, ...timeOf(at), size, what };
}

function newestFilesOf(surface: MeterSurface): LiveView["files"] {
  if (!keepsFiles(surface)) return undefined;
  const list = surface.files.list();
  const newest = list.filter(({ name }) => !name.includes("/")).slice(-NEWEST);
  return { count: list.length, newest: newest.toReversed().map(fileViewOf) };
}

/** The local time of an entry of a log. */
function textOf(kind: LogKind, at: Stamp): string {
  return precise.has(kind) ? timeTextMs(localOf(at)) : localText(at);
}

function newest(profile: Profile): readonly ProfileRecord[] {
  return profile.page(Math.max(profile.first, profile.next - NEWEST), NEWEST);
}

/** A list of registers, or those of the last freeze; undefined for a name that is none. */
export function registersOf(surface: MeterSurface, list: string): readonly RegisterView[] | undefined {
  if (list === "frozen") {
    const { freezes } = surface;
    return (freezes.page(freezes.next - 1, 1)[0]?.registers ?? []).map(registerView);
  }
  if (!(lists as readonly string[]).includes(list)) return undefined;
  return surface.registers(list as List).map(registerView);
}

export interface ProfileQuery {
  /** Local days before today. */
  readonly days?: number | undefined;
  /** Local times. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Number of the first record, and how many at most. */
  readonly since?: number | undefined;
  readonly most?: number | undefined;
  /** Records that are looked at, as many as one answer may unless said. */
  readonly looked?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Records of a profile, or of a group of the measurement log: all, from a number on, of the last days, or of a range of local time. In words what is
 * wrong with the range.
 */
export function profileOf(
  profile: Profile,
  now: () => Stamp,
  { days, from, to, since = profile.first, most = profile.capacity, looked = limits.web.profileLooked }: ProfileQuery,
): ProfileView | string {
  const all = { from: Math.max(since, profile.first), most, looked };
  if (days !== undefined) {
    const local = localOf(now());
    const midnight = Math.floor(local / DAY_MS) * DAY_MS - days * DAY_MS;
    return answerOf(
      profile,
      { ...all, from: fromOf(profile, midnight, all.from) },
      ({ end }) => localOf(end) > midnight,
    );
  }
  if (from !== undefined || to !== undefined) {
    const time = (text: string | undefined, open: number): number => (text === undefined ? open : localTime(text));
    const [begin, end] = [time(from, -Infinity), time(to, Infinity)];
    if (Number.isNaN(begin) || Number.isNaN(end)) return "from, to: expected local times like 2026-07-31T16:00";
    const isWanted = (one: ProfileRecord): boolean => localOf(one.end) > begin && localOf(one.start) < end;
    return answerOf(profile, { ...all, from: fromOf(profile, begin, all.from) }, isWanted);
  }
  return answerOf(profile, all, () => true);
}

/** Records that are read from the store at once, at most and at least. */
const PAGE = 500;
const LEAST_PAGE = 50;

/** The records from a number on that are wanted, as many as an answer may have. */
function answerOf(
  profile: Profile,
  { from, most, looked }: { readonly from: number; readonly most: number; readonly looked: number },
  isWanted: (record: ProfileRecord) => boolean,
): ProfileView {
  const { profileRecords, profileValues } = limits.web;
  const room = Math.min(most, profileRecords, Math.max(1, Math.floor(profileValues / profile.channels.length)));
  const end = Math.min(profile.next, from + looked);
  // No more than can be wanted, but where most are not.
  const page = Math.min(PAGE, Math.max(LEAST_PAGE, room + 1));
  const records: ProfileRecord[] = [];
  for (let at = from; at < end; at += page) {
    for (const record of profile.page(at, Math.min(page, end - at))) {
      if (!isWanted(record)) continue;
      // The one that is left out shows that there is more.
      if (records.length === room) return { ...profileView(profile, records), more: true };
      records.push(record);
    }
  }
  const view = profileView(profile, records);
  return end < profile.next ? { ...view, next: end, more: true } : view;
}

/** The first record that may end after a local time: a day of room is more than any offset and any step of a clock that was not set. */
function fromOf(profile: Profile, local: number, least: number): number {
  if (!Number.isFinite(local)) return Math.max(profile.first, least);
  // Where the clock was set back, an instant may lie in several runs: what lies between them is looked at, too.
  const [run] = runsBetween(profile, local - 2 * DAY_MS, Infinity);
  return Math.max(run?.first ?? profile.next, least);
}

export function profileView(profile: Profile, records: readonly ProfileRecord[]): ProfileView {
  const { interval, data, channels, next } = profile;
  const isCounted = ({ measure, km }: ProfileChannelFacts): boolean =>
    data === "counts" ? !isSampled(measure.quantity) : data === "scaled" && km !== 1;
  return {
    minutes: interval,
    data,
    channels: channels.map((one) => `${measureName(one.measure)}${isCounted(one) ? ` x ${one.km}` : ""}`),
    ...(data === "scaled" ? { sides: channels.map(({ side }) => side ?? null), holds: holdsOf(profile) } : {}),
    records: records.map(({ sequence, type, start, end, until, status, values }) => ({
      sequence,
      type,
      start: localText(start),
      end: localText(end),
      until: localText(until),
      status: Object.entries(profileStatus)
        .filter(([, bit]) => (status & bit) !== 0)
        .map(([name]) => name),
      values: values.map((value) => value ?? null),
      utc: { start: utcText(start.utc), end: utcText(end.utc), until: utcText(until.utc) },
      offsetMinutes: { start: start.offsetMinutes, end: end.offsetMinutes, until: until.offsetMinutes },
    })),
    next: (records.at(-1)?.sequence ?? next - 1) + 1,
  };
}

/** How much of its memory is in use, and how far back it goes. */
function holdsOf(profile: Profile): ProfileView["holds"] {
  const { first, next, capacity } = profile;
  const [oldest] = profile.page(first, 1);
  const [newest] = profile.page(next - 1, 1);
  const days = oldest === undefined || newest === undefined ? 0 : (newest.end.utc - oldest.start.utc) / DAY_MS;
  return { records: next - first, capacity, days };
}

/** Milliseconds of a local time as people write it; NaN for what is none. */
export function localTime(text: string): number {
  try {
    return Temporal.PlainDateTime.from(text.replace(" ", "T")).toZonedDateTime("UTC").epochMilliseconds;
  } catch {
    return NaN;
  }
}

/** Self reads from a number on, oldest first, with their times and what the system bits said. */
export function selfReadsOf(
  { selfReads }: Pick<MeterSurface, "selfReads">,
  first: number,
  most: number,
): readonly SelfReadView[] {
  return selfReads
    .page(Math.max(first, selfReads.first), most)
    .map(({ sequence, at, systemBits, conditions, registers }) => ({
      sequence,
      at: localText(at),
      ...timeOf(at),
      systemBits,
      health: conditions.map(({ text }) => text),
      registers: registers.map(registerView),
    }));
}

/** Entries of a log from a number on, oldest first; undefined for a log that there is not. */
export function logOf(
  surface: MeterSurface,
  kind: string,
  first: number,
  most: number,
): Omit<LogView, "side"> | undefined {
  const known = surface.logs.find((one) => one === kind);
  if (known === undefined) return undefined;
  const entries = surface.log(known);
  const page = entries.page(Math.max(first, entries.first), most);
  return { first: entries.first, next: entries.next, entries: page.map((entry) => logEntryView(known, entry)) };
}

export function logEntryView(kind: LogKind, { at, ...entry }: LogEntry): LogEntryView {
  return { ...entry, at: textOf(kind, at), ...timeOf(at) };
}
