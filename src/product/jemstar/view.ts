/** One revenue meter as pages and programs see it. */
import type { Nameplate, ProfileView, RevenueLive, RevenueView, ShownRegister } from "#quantity/revenue-api.ts";
import type { List } from "#quantity/register.ts";
import { triggerLogs } from "#revenue/settings/configuration.ts";
import { logKinds, type LogKind } from "#quantity/log.ts";
import { profileStatus, type ProfileRecord } from "#quantity/profile.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import type { LoadProfile } from "#revenue/profile/load-profile.ts";
import { isSampled, type Measure } from "#quantity/measure.ts";
import { choicesOf } from "#revenue/settings/measurements.ts";
import { conditionsOf } from "#revenue/events/status-word.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";
import { DAY_MS } from "#clock/local-time.ts";
import { timeText, timeTextMs } from "#clock/time-text.ts";
import type { JemStar } from "./jemstar.ts";

const instantaneous: Readonly<Record<string, Measure>> = Object.fromEntries(
  [
    ...(["a", "b", "c"] as const).flatMap((phase) => [
      [`V.${phase}`, { quantity: "V", phase, direction: "bidirectional" }] as const,
      [`A.${phase}`, { quantity: "A", phase, direction: "bidirectional" }] as const,
    ]),
    ["W", { quantity: "W", phase: "polyphase", direction: "bidirectional" }] as const,
    ["var", { quantity: "var", phase: "polyphase", direction: "bidirectional" }] as const,
    ["VA", { quantity: "VA", phase: "polyphase", direction: "absolute" }] as const,
    ["PF", { quantity: "PF", phase: "polyphase", direction: "bidirectional" }] as const,
    ["Hz", { quantity: "Hz", phase: "a", direction: "bidirectional" }] as const,
  ].map(([name, measure]) => [name, { ...measure, compensated: false }]),
);

/** Nominal and greatest current of the classes. */
const currents = { 2: "0.001-1(2) A", 10: "0.002-5(10) A", 20: "0.002-10(20) A" } as const;

function nameplateOf({ ordered, file, hardware, isMid, serial }: JemStar): Nameplate {
  const made = /^(\d{2})([0-4]\d|5[0-3])\d{5}$/.exec(serial);
  const fourWires = file.primary.connection.startsWith("4 wire");
  return {
    serial,
    form: ordered.form,
    connection: file.primary.connection,
    classAmps: ordered.amps,
    hz: ordered.hz,
    ports: [...ordered.communication],
    options: [...ordered.options],
    mid: isMid,
    strings: file.identification.strings,
    firmware: hardware.firmware,
    ...(made === null ? {} : { made: `20${made[1]}, week ${Number(made[2])}` }),
    wires: fourWires ? "3 phase, 4 wire" : "3 phase, 3 wire",
    volts: `${fourWires ? 3 : 2} x 57/100 V, ${fourWires ? 3 : 2} x 240/415 V`,
    amps: currents[ordered.amps],
    impulses: Math.round(1000 / file.testPulses.kt),
    kt: file.testPulses.kt,
  };
}

export function revenueViewOf(site: JemStar): RevenueView {
  const { meter, model } = site;
  return {
    name: site.name,
    model: model.name,
    title: model.title,
    modelNumber: site.modelNumber,
    local: timeText(meter.local / 1000),
    rate: meter.rate,
    powered: meter.powered,
    supply: meter.supply.source ?? "none",
    timeSource: meter.timeSource,
    failures: site.hardware.failures,
    testMode: meter.testMode.on,
    testPulses: { led: meter.periphery.testPulses.led.count, optical: meter.periphery.testPulses.optical.count },
    nameplate: nameplateOf(site),
    battery: { state: site.hardware.battery, warning: site.hardware.batteryWarning },
    systemBits: meter.status.bits,
    conditions: meter.status.conditions,
    triggerBits: meter.periphery.triggers.bits,
    alarms: meter.periphery.triggers.active(),
    io: meter.periphery.io.view(),
    instantaneous: Object.fromEntries(
      Object.entries(instantaneous).map(([name, measure]) => [name, site.now(measure)]),
    ),
    registers: meter.registers.shown(),
  };
}

/** Records that the page shows of each profile, and entries of all logs together. */
const SHOWN = 12;

/** What the page shows: the view, and the newest records of the first profile. */
export function revenueLiveOf(site: JemStar): RevenueLive {
  const profile = profileOf(site, 1, {});
  const records = typeof profile === "string" ? undefined : { ...profile, records: profile.records.slice(-SHOWN) };
  return { kind: "revenue", ...revenueViewOf(site), profile: records, log: newestOf(site) };
}

/** The newest entries of all logs but that of security, newest first. */
function newestOf({ meter }: JemStar): RevenueLive["log"] {
  return logKinds
    .filter((kind) => kind !== "security")
    .flatMap((kind) => meter.log.of(kind).newest(SHOWN))
    .toSorted((a, b) => b.at.utc - a.at.utc)
    .slice(0, SHOWN)
    .map(({ at, what, by, details }) => {
      const words = Object.entries(details).map(([name, value]) => `${name} ${value}`);
      return { at: wordsOf(at), what, by, details: words.slice(0, 6).join(", ") };
    });
}

/** A list of registers; undefined for a name that is none. */
export function registersOf({ meter }: JemStar, list: string): readonly ShownRegister[] | undefined {
  if (list === "frozen")
    return meter.registers.frozen.map(({ id, label, value, text }) => ({ id, label, value, text }));
  if (!["normal", "alternate", "test"].includes(list)) return undefined;
  return meter.registers.shown(list as List);
}

export interface ProfileQuery {
  readonly days?: string | undefined;
  readonly sinceLastRead?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Local time as the wall clock showed it. */
function wordsOf(at: Stamp): string {
  return timeText(localOf(at) / 1000);
}

/** "2026-07-31T20:45:00Z". */
function utcOf({ utc }: Stamp): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString();
}

/** Records that a query asks for; what is wrong with it, in words. */
export function recordsOf(
  { clock }: RevenueMeter,
  profile: LoadProfile,
  query: ProfileQuery,
): readonly ProfileRecord[] | string {
  const { series } = profile;
  const all = (from: number): readonly ProfileRecord[] => series.page(from, Infinity);
  if (query.sinceLastRead !== undefined) {
    const records = all(profile.read);
    profile.read = series.next;
    return records;
  }
  if (query.days !== undefined) {
    const days = Number(query.days);
    if (!Number.isInteger(days) || days < 0 || days > 60) return "days: expected 0 to 60";
    const today = Math.floor(localOf(clock.stamp()) / DAY_MS);
    return all(series.seek(clock.zone.utcOf((today - days) * DAY_MS)));
  }
  if (query.from === undefined && query.to === undefined) return all(0);
  const instant = (text: string | undefined, open: number): number =>
    text === undefined ? open : clock.zone.utcOf(localTime(text));
  const [from, to] = [instant(query.from, -Infinity), instant(query.to, Infinity)];
  if (Number.isNaN(from) || Number.isNaN(to)) return "from, to: expected local times like 2026-07-31T16:00";
  return all(series.seek(from)).filter(({ start, end }) => end.utc > from && start.utc < to);
}

/** Records of a profile: all, since the last read, of the last days, or of a range of local time. */
export function profileOf({ meter, file }: JemStar, number: number, query: ProfileQuery): ProfileView | string {
  const profile = meter.profiles[number - 1];
  const settings = file.profiles[number - 1];
  if (profile === undefined || settings === undefined) return `expected a profile from 1 to ${meter.profiles.length}`;
  const records = recordsOf(meter, profile, query);
  if (typeof records === "string") return records;
  return {
    minutes: settings.minutes,
    data: settings.data,
    channels: settings.channels.map(
      ({ measure, km }) =>
        `${measureName(measure)}${settings.data === "counts" && !isSampled(measure.quantity) ? ` x ${km}` : ""}`,
    ),
    records: records.map(({ sequence, type, start, end, until, status, values }) => ({
      sequence,
      type,
      start: wordsOf(start),
      end: wordsOf(end),
      until: wordsOf(until),
      utc: { start: utcOf(start), end: utcOf(end), until: utcOf(until) },
      offsetMinutes: { start: start.offsetMinutes, end: end.offsetMinutes, until: until.offsetMinutes },
      status: Object.entries(profileStatus)
        .filter(([, bit]) => (status & bit) !== 0)
        .map(([name]) => name),
      values,
    })),
  };
}

/** "Wh polyphase delivered", "V a", "pulses 1": as much as tells it from others. */
function measureName({ quantity, phase, direction, compensated, channel }: Measure): string {
  const { phases, directions } = choicesOf(quantity);
  return [
    quantity,
    ...(phases > 1 ? [phase] : []),
    ...(directions > 1 ? [direction] : []),
    ...(channel === undefined ? [] : [channel]),
    ...(compensated ? ["compensated"] : []),
  ].join(" ");
}

/** Milliseconds of a local time as people write it; NaN for what is none. */
function localTime(text: string): number {
  try {
    return Temporal.PlainDateTime.from(text.replace(" ", "T")).toZonedDateTime("UTC").epochMilliseconds;
  } catch {
    return NaN;
  }
}

/** Self reads, oldest first, with their times and what the system bits said. */
export function selfReadsOf({ meter: { selfReads } }: JemStar): object[] {
  return selfReads.page(0, Infinity).map(({ sequence, at, systemBits, registers }) => ({
    sequence,
    at: wordsOf(at),
    utc: utcOf(at),
    offsetMinutes: at.offsetMinutes,
    systemBits,
    health: conditionsOf(systemBits).map(({ text }) => text),
    registers: registers.map(({ id, label, value, text }) => ({ id, label, value, text })),
  }));
}

/** Entries of a log, oldest first; undefined for a kind that is none. */
export function logOf({ meter }: JemStar, kind: string): readonly object[] | undefined {
  if (!(logKinds as readonly string[]).includes(kind)) return undefined;
  // Of what triggers see, milliseconds matter.
  const text = ["alarm", ...triggerLogs].includes(kind) ? (at: Stamp) => timeTextMs(localOf(at)) : wordsOf;
  return meter.log
    .of(kind as LogKind)
    .page(0, Infinity)
    .map(({ at, ...entry }) => ({ ...entry, at: text(at), utc: utcOf(at), offsetMinutes: at.offsetMinutes }));
}
