/** Events of power quality as the page shows them: of a meter's logs, and of its files where the logs do not have them. */
import { eventClass, type EventClass } from "#analysis/limits/event-class.ts";
import { f47Region, iticRegion, type IticRegion } from "#analysis/limits/curves.ts";
import type { LogKind } from "#quantity/log.ts";
import type { FileView, LiveEntryView, LogEntryView } from "#quantity/meter-api.ts";
import { localMs } from "./local-time.ts";
import { isBorne, type Step } from "./ride-through.ts";

export const eventLogs = ["sagSwell", "interruption", "rapidVoltageChange"] as const satisfies readonly LogKind[];
export type EventLogKind = (typeof eventLogs)[number];

export const eventKinds = ["sag", "swell", "interruption", "rapidChange", "transient", "recording"] as const;
export type EventKind = (typeof eventKinds)[number];

/** Of a measure while the event lasted. */
export interface Spread {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly average: number;
}

export interface PqEvent {
  /** Unique among a meter's: "sagSwell 12", a file's name. */
  readonly key: string;
  readonly source: "log" | "file";
  readonly kind: EventKind;
  /** Milliseconds since 1970 of its begin, and how far the meter's wall clock was ahead. */
  readonly utc: number;
  readonly offsetMinutes: number;
  /** Undefined where nobody says. */
  readonly seconds: number | undefined;
  /** "a", "ab"; those that went beyond. */
  readonly phases: readonly string[];
  /** Residual voltage, the largest of a swell, the largest change of a rapid one: primary volts, and percent of the nominal voltage. */
  readonly volts: number | undefined;
  readonly percent: number | undefined;
  readonly spreads: readonly Spread[];
  /** The meter's recording of it. */
  readonly file: string | undefined;
}

/** What the volts of a log are against. */
export interface Nominal {
  /** Primary volts that a voltage should have: "V.a". */
  readonly of: (name: string) => number | undefined;
  /** What volts of the log are multiplied by to be primary. */
  readonly factor: number;
}

type Entry = Pick<LogEntryView | LiveEntryView, "sequence" | "utc" | "offsetMinutes" | "details">;

const HOUR_MS = 3_600_000;

/** Milliseconds of UTC at which it began: the log says it by the wall clock, which may have another offset when the entry is written. */
function beginOf({ utc, offsetMinutes, details }: Entry, seconds: number | undefined): number {
  const ended = Date.parse(utc);
  const about = ended - 1000 * (seconds ?? 0);
  const start = localMs(String(details["start"] ?? "")) - 60_000 * offsetMinutes;
  if (Number.isNaN(start)) return about;
  return start - HOUR_MS * Math.round((start - about) / HOUR_MS);
}

function spreadsIn(details: Entry["details"]): readonly Spread[] {
  return Object.entries(details).flatMap(([name, value]) => {
    const [least, most, average, ...rest] = String(value).split(" ").map(Number);
    if (least === undefined || most === undefined || average === undefined || rest.length > 0) return [];
    return [least, most, average].every(Number.isFinite) ? [{ name, least, most, average }] : [];
  });
}

const isVolts = ({ name }: Pick<Spread, "name">): boolean => /^V\.[abc]{1,2}$/.test(name);
const phaseIn = (name: string): string => name.split(".")[1] ?? "";

/** The level of "phase b sag < 249.3". */
function levelIn(words: string): number {
  return Number(/[<>] ([\d.]+)/.exec(words)?.[1]);
}

function kindIn(log: EventLogKind, words: string): EventKind {
  if (log === "interruption") return "interruption";
  if (log === "rapidVoltageChange") return "rapidChange";
  return words.includes("swell") ? "swell" : "sag";
}

/** An entry of a log of events. */
export function eventOfEntry(log: EventLogKind, entry: Entry, { of, factor }: Nominal): PqEvent {
  const { details, sequence, offsetMinutes } = entry;
  const milliseconds = Number(details["milliseconds"]);
  const seconds = Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined;
  const words = String(details["event"] ?? "");
  const kind = kindIn(log, words);
  const spreads = spreadsIn(details);
  const isUp = kind === "swell";
  const level = levelIn(words);
  const found =
    kind === "rapidChange"
      ? changesIn(details)
      : spreads.filter(isVolts).map(({ name, least, most }) => ({ name, value: isUp ? most : least }));
  const volts = found.map(({ name, value }) => ({ name, volts: value * factor, nominal: of(name) }));
  const depth = (one: (typeof volts)[number]): number => one.volts / (one.nominal ?? 1);
  const [worst] = volts.toSorted((a, b) =>
    isUp || kind === "rapidChange" ? depth(b) - depth(a) : depth(a) - depth(b),
  );
  const beyond = found.filter(({ value }) => (Number.isNaN(level) ? true : isUp ? value > level : value < level));
  const named = /phase ([abc]{1,2}) /.exec(words)?.[1];
  return {
    key: `${log} ${sequence}`,
    source: "log",
    kind,
    utc: beginOf(entry, seconds),
    offsetMinutes,
    seconds,
    phases: beyond.length > 0 ? beyond.map(({ name }) => phaseIn(name)) : named === undefined ? [] : [named],
    volts: worst?.volts,
    percent: worst?.nominal === undefined ? undefined : (100 * worst.volts) / worst.nominal,
    spreads: spreads.map((one) => (isVolts(one) ? scaled(one, factor) : one)),
    file: undefined,
  };
}

function scaled({ name, least, most, average }: Spread, factor: number): Spread {
  return { name, least: least * factor, most: most * factor, average: average * factor };
}

/** Largest changes by phase: "Umax.a". */
function changesIn(details: Entry["details"]): readonly { readonly name: string; readonly value: number }[] {
  return Object.entries(details).flatMap(([key, value]) => {
    const phase = /^Umax\.([abc]{1,2})$/.exec(key)?.[1];
    const volts = Number(value);
    return phase === undefined || !Number.isFinite(volts) ? [] : [{ name: `V.${phase}`, value: volts }];
  });
}

/** Bits of the number at the end of a file's name: waveforms, RMS of half cycles, and a file of a whole day. */
const TRACES = 2 | 4;
const LOG = 8;
const DAY = 128;
const DAY_MS = 86_400_000;

interface Named {
  readonly utc: number;
  readonly type: number;
}

/** When what a file is about began, and what is in it; undefined of a name of another kind. */
export function fileTime(name: string): Named | undefined {
  const [, seconds, micro, type] = /^[^/]*_(\d{10})_(\d{1,6})(?:_\d{2})?_(\d{2,3})\.pqd$/.exec(name) ?? [];
  return seconds === undefined ? undefined : { utc: 1000 * Number(seconds) + Number(micro) / 1000, type: Number(type) };
}

/** What a meter says of a file: "sag, phase b: 70.0 %, 208 ms". */
const told = /^(sag|swell|interruption|rapid voltage change)(?:, phase ([abc]{1,2}))?: (?:([\d.]+) %, )?(\d+) ms/;

function eventOfFile({ name, offsetMinutes, what = "" }: FileView, { utc }: Named): PqEvent {
  const [, said, phase, percent, milliseconds] = told.exec(what) ?? [];
  const kind = said === "rapid voltage change" ? "rapidChange" : (said as EventKind | undefined);
  return {
    key: name,
    source: "file",
    kind: kind ?? (/transient/i.test(what) ? "transient" : "recording"),
    utc,
    offsetMinutes,
    seconds: milliseconds === undefined ? undefined : Number(milliseconds) / 1000,
    phases: phase === undefined ? [] : [phase],
    volts: undefined,
    percent: percent === undefined ? undefined : Number(percent),
    spreads: [],
    file: name,
  };
}

/** Milliseconds by which the log and the name of a file may round one instant otherwise. */
const SAME_MS = 1.5;
/** Milliseconds before an event in which a recording may have begun that holds it. */
const HOLDS_MS = 30_000;

/** Events with their recordings, and those that only files tell of, newest first; of files that are older than `since` nothing is told. */
export function withFiles(
  events: readonly PqEvent[],
  files: readonly FileView[],
  since = -Infinity,
): readonly PqEvent[] {
  const traced = files
    .flatMap((file) => {
      const named = fileTime(file.name);
      const isTraced =
        named !== undefined && named.type < DAY && (named.type & LOG) === 0 && (named.type & TRACES) !== 0;
      return isTraced ? [{ file, ...named }] : [];
    })
    .toSorted((a, b) => a.utc - b.utc);
  const taken = new Set<string>();
  const own = events.map((event) => {
    const found = traced.find(({ utc }) => Math.abs(utc - event.utc) <= SAME_MS);
    if (found === undefined) return event;
    taken.add(found.file.name);
    return { ...event, file: found.file.name };
  });
  const others = traced
    .filter(({ file, utc }) => !taken.has(file.name) && utc >= since)
    .map(({ file, utc, type }) => eventOfFile(file, { utc, type }));
  return [...own, ...others].toSorted((a, b) => b.utc - a.utc);
}

/** Files in which an event may be, the likeliest first: its own, one that had begun before it, that of its day. */
export function filesFor(event: PqEvent, files: readonly FileView[]): readonly string[] {
  const named = files.flatMap(({ name }) => {
    const found = fileTime(name);
    return found === undefined ? [] : [{ name, ...found }];
  });
  const holds = named
    .filter(({ utc, type }) => type < DAY && (type & TRACES) !== 0 && utc <= event.utc && event.utc - utc < HOLDS_MS)
    .toSorted((a, b) => b.utc - a.utc);
  const days = named.filter(({ utc, type }) => type === DAY && utc <= event.utc && event.utc < utc + DAY_MS);
  return [
    ...new Set([...(event.file === undefined ? [] : [event.file]), ...[...holds, ...days].map(({ name }) => name)]),
  ];
}

/** Where an event lies; each undefined of what it says nothing about, or what is not known. */
export interface Places {
  readonly ieee1159?: EventClass | undefined;
  readonly itic?: { readonly region: IticRegion; readonly passes: boolean } | undefined;
  readonly f47?: { readonly passes: boolean } | undefined;
  readonly own?: boolean | undefined;
}

/** Whether an event has a point over duration and voltage. */
export function hasPoint<T extends PqEvent>(
  event: T,
): event is T & { readonly seconds: number; readonly percent: number } {
  const { kind, seconds, percent } = event;
  return kind !== "rapidChange" && seconds !== undefined && seconds > 0 && percent !== undefined && percent >= 0;
}

export function placesOf(event: PqEvent, hz: 50 | 60, steps: readonly Step[]): Places {
  if (!hasPoint(event)) return {};
  const { seconds, percent } = event;
  return {
    ieee1159: eventClass(seconds, percent / 100, hz),
    itic: iticRegion(seconds, percent),
    f47: f47Region(seconds, percent),
    own: isBorne(steps, seconds, percent),
  };
}
