/**
 * Logs of the meter as single-point events of the companion profile: by record address, each log with what its entries are there. Of
 * what can only be said of an instant the state is on; what begins and ends is on, then off. 134 to 139, active and latent contracts, are
 * no events, and contracts II and III have none.
 */
import { instantOf } from "#clock/meter-clock.ts";
import type { StationEvent } from "#protocol/iec102/station/host.ts";
import type { LogEntry, LogKind } from "#quantity/log.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { runsBetween } from "#quantity/series.ts";
import type { Shown } from "./shown.ts";

/** Single-point address and qualifier. */
type Point = readonly [address: number, qualifier: number];
type Named = Point | readonly [...Point, on: boolean];

/** What an entry is; nothing where it has no name in the profile. */
type Naming = (entry: LogEntry) => readonly Named[];

interface Told {
  readonly log: LogKind;
  readonly points: Naming;
}

/** Powering up again, of what was kept and of what was not. */
const restarted: Point = [1, 2];
const restartedEmpty: Point = [1, 1];
/** Failure of a measured voltage, by phase. */
const voltageFailed = { a: [3, 1], b: [3, 2], c: [3, 3] } as const;
const timeBefore: Point = [7, 9];
const timeAfter: Point = [7, 11];
const closedByCommand: Point = [7, 21];
const parametersChanged: Point = [15, 0];
/** What of the event log changes parameters. */
const changing: ReadonlySet<string> = new Set(["register preset", "firmware changed", "option enabled"]);
const keyChanged: Point = [16, 0];
const intrusion: Point = [18, 1];
const communication: Point = [18, 2];
/** Codes of the maker's own, 1 to 127 of them. */
const INTERNAL = 19;

/** What diagnostics find, in the words of the log: the code of each is its place here. */
const internal: readonly string[] = [
  "memory damaged",
  "battery low",
  "battery dead",
  "battery reset",
  "calibrated",
  "serviceComm",
  "metrologyComm",
  "pqComm",
  "serviceFirmware",
  "metrologyFirmware",
  "pqFirmware",
  "class2Calibration",
  "class20Calibration",
  "pqdifStorage",
  "configuration",
];
/** Whatever else diagnostics find. */
const OTHER_FAILURE = 127;

const recordsOfEvents: Readonly<Record<number, readonly Told[]>> = {
  52: [
    { log: "powerOutage", points: () => [restarted] },
    {
      log: "configuration",
      points: ({ what }) =>
        /^(cold start|powered up with a dead battery|memory of another version)$/.test(what) ? [restartedEmpty] : [],
    },
    { log: "alarm", points: ofVoltage },
  ],
  // Daylight saving is no incident: both times are the clock's.
  53: [{ log: "timeChange", points: ({ what }) => (what === "time set" ? [timeBefore, timeAfter] : []) }],
  54: [
    { log: "configuration", points: () => [parametersChanged] },
    {
      log: "event",
      points: ({ what }) => (changing.has(what) ? [parametersChanged] : []),
    },
  ],
  55: [
    { log: "diagnostic", points: ofDiagnostic },
    { log: "calibration", points: () => [[INTERNAL, codeOf("calibrated")]] },
  ],
  128: [
    {
      log: "diagnostic",
      points: ({ what }) => (what.startsWith("cover ") ? [[...intrusion, what === "cover failed"]] : []),
    },
    { log: "security", points: ({ what }) => (what === "locked out" ? [intrusion] : []) },
  ],
  129: [{ log: "security", points: ofCommunication }],
  130: [
    {
      log: "security",
      points: ({ what }) => (/^secret iec102\.password (set|forgotten)$/.test(what) ? [keyChanged] : []),
    },
  ],
  131: [{ log: "billingReset", points: ({ by }) => (by === "automatic" ? [] : [closedByCommand]) }],
  132: [],
  133: [],
};

/**
 * "4,Inst,VLN:A,<,60,1000,0,60.18": volts of one phase that are below a level, or of all, which is an interruption. What looks at any of them
 * tells sags.
 */
function ofVoltage({ what, details }: LogEntry): readonly Named[] {
  const [, , of = "", operator] = String(details["description"] ?? "").split(",");
  const [, place] = /^VL[NL]:(A|B|C|All)$/.exec(of) ?? [];
  if (place === undefined || operator !== "<") return [];
  const said = place.toLowerCase();
  const failed = isPhase(said) ? [voltageFailed[said]] : Object.values(voltageFailed);
  return failed.map((point) => [...point, what === "alarm"] as const);
}

function isPhase(text: string): text is keyof typeof voltageFailed {
  return Object.hasOwn(voltageFailed, text);
}

function ofDiagnostic({ what }: LogEntry): readonly Named[] {
  if (what.startsWith("cover ")) return [];
  const isOver = / (restored|good)$/.test(what);
  return [[INTERNAL, codeOf(what.replace(/ (failed|restored)$/, "")), !isOver]];
}

/** A battery that is good again is no longer low, or dead. */
function codeOf(what: string): number {
  const place = internal.indexOf(what === "battery good" ? "battery low" : what);
  return place < 0 ? OTHER_FAILURE : place + 1;
}

function ofCommunication({ what, protocol }: LogEntry): readonly Named[] {
  if (protocol !== "iec102") return [];
  if (what === "logged in") return [[...communication, true]];
  return /^(logged out|timed out|superseded)/.test(what) ? [[...communication, false]] : [];
}

/** Entries that are read at once. */
const PAGE = 64;

/** Oldest first; undefined of a record address without events. */
export function eventsOf(shown: Shown, record: number, from: number, to: number): Iterable<StationEvent> | undefined {
  const told = recordsOfEvents[record];
  if (told === undefined) return undefined;
  const found = told.map(({ log, points }) => [...eventsIn(shown, log, points, { from, to })]);
  // One log is in order, wherever its clock was set to. Several are put in order: logs are short.
  return found.length === 1 ? found.flat() : found.flat().sort((a, b) => a.at.utc - b.at.utc);
}

function* eventsIn(
  { surface, zone }: Shown,
  kind: LogKind,
  points: Naming,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<StationEvent> {
  const log = surface.log(kind);
  for (const { first, next } of runsBetween(log, from, to))
    for (let at = first; at < next; at += PAGE)
      for (const entry of log.page(at, Math.min(PAGE, next - at)))
        for (const [address, qualifier, on = true] of points(entry))
          yield {
            address,
            qualifier,
            on,
            at: qualifier === timeBefore[1] && address === timeBefore[0] ? before(entry, zone) : entry.at,
          };
}

/** What the clock showed before it was set, as the log has it. */
function before({ at, details }: LogEntry, zone: Shown["zone"]): Stamp {
  const [, year, month, day, hour, minute, second, ms = 0] =
    /^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)(?:\.(\d{3}))?/.exec(String(details["before"] ?? "")) ?? [];
  const wall = { year: Number(year), month: Number(month), day: Number(day) };
  const local = instantOf({ ...wall, hour: Number(hour), minute: Number(minute), second: Number(second) });
  if (local === undefined) return at;
  const utc = zone.utcOf(local + Number(ms));
  return { ...at, utc, offsetMinutes: zone.offsetMinutes(utc), daylightSaving: zone.saving(utc) };
}
