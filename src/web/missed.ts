/**
 * Where a meter's event stream has come to, and what was logged since. A place is the next number of each log and profile, and when the last
 * member before it was, so that a series that began anew, or another meter's, is known for one: numbers go on where clocks are set back.
 */
import { limits } from "#quantity/limits.ts";
import type { LogEntry, LogKind } from "#quantity/log.ts";
import type { LiveEntryView, MissedView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import type { Series } from "#quantity/series.ts";
import { liveEntryOf, profileView } from "./meter-view.ts";

interface Member {
  readonly sequence: number;
}

/** A series that streams tell of. */
interface Followed<T extends Member = Member> {
  /** "log event", "profile 1": as marks name them. */
  readonly name: string;
  readonly series: Series<T>;
  readonly utcOf: (member: T) => number;
}

function logsOf(surface: MeterSurface): readonly (Followed<LogEntry> & { readonly kind: LogKind })[] {
  return surface.logs
    .filter((kind) => kind !== "security")
    .map((kind) => ({ kind, name: `log ${kind}`, series: surface.log(kind), utcOf: ({ at }) => at.utc }));
}

function profilesOf(
  surface: MeterSurface,
): readonly (Followed<ProfileRecord> & { readonly number: number; readonly profile: Profile })[] {
  return surface.profiles.map((profile, k) => ({
    number: k + 1,
    profile,
    name: `profile ${k + 1}`,
    series: profile,
    utcOf: ({ end }) => end.utc,
  }));
}

/** When the member before a number was; undefined of the first, and where it is no longer kept. */
function lastUtc<T extends Member>({ series, utcOf }: Followed<T>, next: number): number | undefined {
  const [last] = next > series.first ? series.page(next - 1, 1) : [];
  return last?.sequence === next - 1 ? Math.round(utcOf(last)) : undefined;
}

/** Begins every id: a browser does not say one that is empty, as that of a meter without logs would be. */
const FORM = "1";

const keyOf = (name: string): string => name.replace(" ", "-");

/** Says where a stream has come to, as the id of an event: texts that mean the same are the same. */
export class StreamPlace {
  readonly #surface: MeterSurface;
  /** Of each series, while its next number is that one. */
  readonly #known = new Map<string, { readonly next: number; readonly text: string }>();

  constructor(surface: MeterSurface) {
    this.#surface = surface;
  }

  get id(): string {
    const logs = logsOf(this.#surface).map((one) => this.#textOf(one));
    return [FORM, ...logs, ...profilesOf(this.#surface).map((one) => this.#textOf(one))].join(",");
  }

  #textOf<T extends Member>(one: Followed<T>): string {
    const { next } = one.series;
    const known = this.#known.get(one.name);
    if (known?.next === next) return known.text;
    const text = `${keyOf(one.name)}:${next}:${lastUtc(one, next) ?? ""}`;
    this.#known.set(one.name, { next, text });
    return text;
  }
}

interface Left {
  readonly next: number;
  readonly utc: number | undefined;
}

function leftAt(id: string): ReadonlyMap<string, Left> {
  const parts = id.slice(0, limits.web.eventId).split(",");
  const places = parts.flatMap((part): [string, Left][] => {
    const [, name, next, utc] = /^([A-Za-z]+-\w+):(\d{1,15}):(-?\d{1,16})?$/.exec(part) ?? [];
    if (name === undefined) return [];
    return [[name, { next: Number(next), utc: utc === undefined ? undefined : Number(utc) }]];
  });
  return new Map(places);
}

/** Whether a series is still the one that was left: it has not begun anew. */
function isSame<T extends Member>(one: Followed<T>, { next, utc }: Left): boolean {
  if (next > one.series.next) return false;
  const now = lastUtc(one, next);
  return now === undefined || utc === undefined || now === utc;
}

/** What was logged since a stream was left at `id`. */
export function missedSince(surface: MeterSurface, id: string): MissedView {
  const left = leftAt(id);
  const [logs, profiles] = [logsOf(surface), profilesOf(surface)];
  const gone: MissedView["gone"][number][] = [];
  const rest: MissedView["rest"][number][] = [];
  /** Members from where the stream was left, as many as there is room for. */
  const since = <T extends Member>({ name, series }: Followed<T>, room: number): readonly T[] => {
    const { next: from = series.next } = left.get(keyOf(name)) ?? {};
    if (series.first > from) gone.push({ series: name, from, to: series.first });
    const members = series.page(Math.max(from, series.first), room + 1);
    const more = members[room];
    if (more !== undefined) rest.push({ series: name, from: more.sequence });
    return members.slice(0, room);
  };
  const isLeft = <T extends Member>(one: Followed<T>): boolean => {
    const place = left.get(keyOf(one.name));
    return place !== undefined && isSame(one, place);
  };
  // An id that names another series as well is another meter's, or of another configuration.
  const isOfThis =
    left.size === logs.length + profiles.length &&
    logs.every((one) => isLeft(one)) &&
    profiles.every((one) => isLeft(one));
  if (!id.startsWith(FORM) || !isOfThis) return { entries: [], profiles: [], gone: [], rest: [], unknown: true };
  const entries: { readonly utc: number; readonly view: LiveEntryView }[] = [];
  for (const log of logs)
    for (const entry of since(log, limits.web.missed - entries.length))
      entries.push({ utc: entry.at.utc, view: liveEntryOf(log.kind, entry) });
  let room = limits.web.missed;
  const kept = profiles.flatMap((one) => {
    const records = since(one, room);
    room -= records.length;
    return records.length === 0 ? [] : [{ number: one.number, ...profileView(one.profile, records) }];
  });
  return {
    entries: entries.toSorted((a, b) => a.utc - b.utc).map(({ view }) => view),
    profiles: kept,
    gone,
    rest,
  };
}
