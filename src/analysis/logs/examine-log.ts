/**
 * A value log of PQDIF as what an examination is: another instrument has measured its intervals, and nothing runs through ours. What a log does
 * not say, as whether intervals were covered, is told in `left`.
 */
import { guessVolts } from "#analysis/declared.ts";
import type { Declared, Examination } from "#analysis/examination.ts";
import { eventLimitsOf, type ExamineSettings } from "#analysis/examine-settings.ts";
import type { Pqdif } from "#format/pqdif/model.ts";
import { channelsFound } from "#format/pqdif/rows.ts";
import { later, utcOf } from "#format/pqdif/time.ts";
import { FormatError } from "#format/recording.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { LoggedStatus } from "./logged-status.ts";
import { listedEvents } from "./logged-events.ts";
import { type LoggedSeries, loggedSeries, startOfLogs } from "./logged-series.ts";
import { gapsOf, loggedTables, seriesOf, stepOf } from "./logged-tables.ts";

type LogSettings = Pick<ExamineSettings, "nominalVolts" | "hz" | "limits" | "pqVoltage" | "startUtc">;

/** Channels that are named of those that nothing is made of. */
const NAMED = 5;

/** Throws FormatError of a file without logs of voltages, RangeError where there is nothing to guess the declared voltage or frequency from. */
export function examineLog(file: string, content: Pqdif, settings: LogSettings): Examination {
  const start = startOfLogs(content);
  const unknown = new Set<string>();
  const raw = start === undefined ? [] : loggedSeries(content, start, (name) => unknown.add(name)).map(fromBeginnings);
  const first = raw.reduce((least, { times }) => Math.min(least, times[0] ?? Infinity), Infinity);
  const voltages = voltagesOf(raw, settings.pqVoltage);
  if (start === undefined || voltages.length === 0 || !Number.isFinite(first)) {
    const what = `there are neither samples nor logs of RMS voltages; found ${channelsFound(content)}`;
    throw new FormatError(file, "its observations", what);
  }
  const all = raw.map((one) => ({ ...one, times: one.times.map((at) => at - first) }));
  const origin = later(start, first);
  const wiring = wiringOf(voltages);
  const declared = declaredOf(content, all, voltages, { ...settings, wiring });
  const limits = eventLimitsOf(settings.limits);
  const events = listedEvents(content, origin, { voltages, volts: declared.volts, hz: declared.hz, limits });
  const status = new LoggedStatus(content, start, first);
  const isFlagged = (from: number, to: number): boolean =>
    status.isFlagged(to) || events.some(({ at, seconds }) => at < to && at + seconds > from);
  const flicker = all.filter(({ name }) => name.startsWith("P"));
  const intervals = loggedTables(
    all.filter(({ name, times }) => !name.startsWith("P") && !(name === "Hz" && isTenSeconds(times))),
    declared.hz,
    { isFlagged, isWhole: (end) => status.isWhole(end) },
    (name) => unknown.add(name),
  );
  const frequency = seriesOf(all, "Hz", "Hz", 10, isFlagged);
  const perVoltage = (kind: "Pst" | "Plt", seconds: number) =>
    voltages.flatMap((name) => seriesOf(flicker, `${kind}.${name}`, name, seconds, isFlagged) ?? []);
  const utc = utcOf(origin);
  const none = new Float64Array(0);
  return {
    file,
    isLog: true,
    startUtc: utc > 0 && utc < 8.64e15 ? utc : settings.startUtc,
    seconds: all.reduce((end, { times }) => Math.max(end, (times.at(-1) ?? 0) + (stepOf(times) || 0)), 0),
    wiring,
    declared,
    limits,
    channels: [...new Set(intervals.flatMap(({ columns }) => columns.map(({ name }) => name)))].filter((name) =>
      /^[VA]\.\w+$/.test(name),
    ),
    voltages,
    segments: [],
    gaps: gapsOf(intervals),
    absences: [],
    warnings: content.warnings,
    intervals,
    frequency: frequency ?? { name: "Hz", seconds: 10, start: none, values: none, flagged: new Uint8Array(0) },
    pst: perVoltage("Pst", 600),
    plt: perVoltage("Plt", 7200),
    signalHz: undefined,
    events,
    left: leftOf(events.length > 0, status.isThere, [...unknown]),
  };
}

/** A time tag is that of the end of its interval (IEC 61000-4-30, 4.5). */
function fromBeginnings(one: LoggedSeries): LoggedSeries {
  const step = stepOf(one.times);
  return Number.isNaN(step) ? one : { ...one, times: one.times.map((at) => at - step) };
}

const isTenSeconds = (times: Float64Array): boolean => Math.abs(stepOf(times) / 10 - 1) < 0.02;

/** Voltages to neutral, or from line to line where there are none or these are asked for. */
function voltagesOf(all: readonly LoggedSeries[], pqVoltage: LogSettings["pqVoltage"]): string[] {
  const names = [...new Set(all.flatMap(({ name, order }) => (order === undefined ? [name] : [])))];
  const toNeutral = ["V.a", "V.b", "V.c"].filter((name) => names.includes(name));
  const pairs = ["V.ab", "V.bc", "V.ca"].filter((name) => names.includes(name));
  return toNeutral.length === 0 || (pqVoltage === "ll" && pairs.length > 0) ? pairs : toNeutral;
}

function wiringOf(voltages: readonly string[]): WiringName {
  if (voltages.some((name) => name.length > 3)) return voltages.length === 1 ? "1-phase-ll" : "delta";
  return voltages.length === 3 ? "wye" : voltages.length === 2 ? "network" : "1-phase-ln";
}

function declaredOf(
  { observations }: Pqdif,
  all: readonly LoggedSeries[],
  voltages: readonly string[],
  { nominalVolts, hz, wiring, pqVoltage }: LogSettings & { readonly wiring: WiringName },
): Declared {
  const own = all.filter(({ name, order }) => voltages.includes(name) && order === undefined);
  const nominal = own.find(({ nominal }) => nominal !== undefined && nominal > 0)?.nominal;
  const means = own
    .flatMap(({ values, statistic }) => (statistic === "mean" ? [...values] : []))
    .filter((value) => !Number.isNaN(value));
  const median = means.toSorted((a, b) => a - b)[means.length >> 1] ?? NaN;
  const volts =
    nominalVolts !== undefined
      ? { volts: nominalVolts, from: "settings" }
      : nominal !== undefined
        ? { volts: nominal, from: "the file's own nominal voltage" }
        : guessVolts(median, { wiring, pqVoltage }, "the median of its log");
  const said = observations.find(({ settings }) => settings?.nominalHz !== undefined)?.settings?.nominalHz ?? NaN;
  const line = hz ?? (Math.abs(said - 50) < 3 ? 50 : Math.abs(said - 60) < 3 ? 60 : undefined);
  if (line === undefined) throw new RangeError("the log does not say its nominal frequency; expected hz to be set");
  return {
    volts: volts.volts,
    voltsFrom: volts.from,
    hz: line,
    hzFrom: hz === undefined ? "the recording's own line frequency" : "settings",
  };
}

function leftOf(hasEvents: boolean, hasStatus: boolean, unknown: readonly string[]): string[] {
  const flags = hasEvents ? "flagged are those in which an event is listed" : "none is flagged, as no event is listed";
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : "";
  return [
    `this is a log: its intervals were measured by another instrument, and end at their times; ${hasStatus ? "the meter's own status says which are whole and which flagged" : `they are taken for covered; ${flags}`}`,
    ...(unknown.length === 0
      ? []
      : [
          `${unknown.length} logged channels are of nothing that is assessed here: ${unknown.slice(0, NAMED).join(", ")}${more}`,
        ]),
  ];
}
