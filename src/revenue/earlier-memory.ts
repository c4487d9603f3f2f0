/**
 * What the version before kept otherwise (layout 2.205): times were those of the wall clock, without an offset, and 0 was one that had
 * not been. They are converted once, by the zone of the configuration; of an hour that came twice the first is meant, unless what
 * came before it says otherwise.
 */
import { LocalTime } from "#clock/local-time.ts";
import { logKinds } from "#quantity/log.ts";
import { profileEvents, type ProfileRecord } from "#quantity/profile.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { encodeRecord } from "#revenue/profile/profile-record.ts";
import { earlierReading } from "#revenue/registers/reading.ts";
import { plainReading, type EarlierReading } from "#revenue/registers/stored-readings.ts";
import type { RegisterSettings, RevenueConfiguration } from "#revenue/settings/configuration.ts";
import type { MeterStore } from "#store/store.ts";

export const EARLIER_LAYOUT = "2.205";

function zoneOf({ timekeeping }: RevenueConfiguration): LocalTime {
  return new LocalTime(timekeeping.utcOffsetMinutes, timekeeping.daylightSaving);
}

function settingsOf({ registers }: RevenueConfiguration, id: number): RegisterSettings | undefined {
  return Object.values(registers)
    .flat()
    .find((one) => one.id === id);
}

/** Milliseconds of local time as UTC; NaN of one that had not been. */
function instantOf(zone: LocalTime, local: number | undefined): number {
  return local === undefined || !(local > 0) ? NaN : zone.utcOf(local);
}

/** Converts the numbers of a run, as it was read, in place. */
export function carryRun(name: string, run: Float64Array, configuration: RevenueConfiguration): void {
  const zone = zoneOf(configuration);
  const instant = (...places: readonly number[]): void => {
    for (const place of places) run[place] = instantOf(zone, run[place]);
  };
  const [feature = "", id = "", part = ""] = name.split(".");
  if (feature === "billing") instant(0, 1);
  else if (feature === "schedules") instant(0);
  else if (feature === "season") {
    instant(0);
    if (run[1] === 0) run[1] = NaN;
  } else if (feature === "testMode") {
    instant(1);
    // Nobody has done anything in it since the meter has had an age.
    run[2] = 0;
  } else if (feature === "deferred") run[0] = 0;
  else if (feature === "state" && run[0] === 0) run[0] = NaN;
  else if (feature === "profile" && part === "") carryProfile(run, zone);
  else if (feature === "register") carryRegister(run, part, { zone, settings: settingsOf(configuration, Number(id)) });
}

/** The start of the running record, and what the wall clock made of it. */
function carryProfile(run: Float64Array, zone: LocalTime): void {
  const START = 1;
  const [OFFSET, SAVING, SYNCHRONISED] = [8, 9, 10];
  const utc = zone.utcOf(run[START] ?? 0);
  run[START] = utc;
  run[OFFSET] = zone.offsetMinutes(utc);
  run[SAVING] = zone.saving(utc) ? 1 : 0;
  run[SYNCHRONISED] = 1;
}

/** When a peak was: the fourth number of a demand, the third of a thermal one; a time that was kept of a period, in seconds. */
function carryRegister(
  run: Float64Array,
  part: string,
  { zone, settings }: { readonly zone: LocalTime; readonly settings: RegisterSettings | undefined },
): void {
  const DEMAND_NUMBERS = 17;
  const type = settings?.type ?? "blank";
  const at = (place: number, ms = 1): void => {
    const utc = instantOf(zone, (run[place] ?? 0) * ms);
    run[place] = Number.isNaN(utc) ? 0 : utc;
  };
  if (part === "stored") {
    if (type === "timeOfPeak") at(0, 1000);
  } else if (type === "thermalDemand" || type === "peakThermalDemand") at(2);
  else if (run.length >= DEMAND_NUMBERS) at(3);
}

/** Converts the records, entries and self reads of a store; they are on disk with what is kept next. */
export function carryRecords(store: MeterStore, configuration: RevenueConfiguration): void {
  const zone = zoneOf(configuration);
  configuration.profiles.forEach((_, k) => carryProfileRecords(store, `profile/${k + 1}/`, zone));
  for (const kind of logKinds) carryTexts(store, `log/${kind}/`, zone, (entry) => entry);
  carryTexts(store, "self-read/", zone, (read, at) => {
    const registers = read["registers"] as readonly EarlierReading[];
    const readings = registers.map((one) => plainReading(earlierReading(one, settingsOf(configuration, one.id), at)));
    return { ...read, registers: readings };
  });
}

function stampOf(zone: LocalTime, utc: number): Stamp {
  return { utc, offsetMinutes: zone.offsetMinutes(utc), daylightSaving: zone.saving(utc), synchronised: true };
}

/** The instant of a local time that is not before another; the second one of an hour that came twice, where that is meant. */
function following(zone: LocalTime, local: number, before: number): number {
  const first = zone.utcOf(local);
  if (first >= before) return first;
  // Clocks went back meanwhile: by standard time it is later.
  const second = local - zone.offsetMinutes(first + 24 * 3_600_000) * 60_000;
  return zone.local(second) === local && second >= before ? second : first;
}

type Plain = Readonly<Record<string, unknown>>;

function carryTexts(
  store: MeterStore,
  prefix: string,
  zone: LocalTime,
  carry: (found: Plain, at: Stamp) => Plain,
): void {
  const found = [...store.entries(prefix)]
    .filter(([, bytes]) => bytes.length > 0)
    .map(([key, bytes]) => [key, JSON.parse(new TextDecoder().decode(bytes)) as Plain] as const)
    .sort(([, a], [, b]) => Number(a["sequence"]) - Number(b["sequence"]));
  let before = -Infinity;
  for (const [key, plain] of found) {
    before = following(zone, Number(plain["at"]), before);
    const at = stampOf(zone, before);
    store.put(key, new TextEncoder().encode(JSON.stringify({ ...carry(plain, at), at })));
  }
}

/** A record began with its number (32 bits), type and status (8), three local times (64), and what it counted. */
function carryProfileRecords(store: MeterStore, prefix: string, zone: LocalTime): void {
  const HEAD = 30;
  const found = [...store.entries(prefix)]
    .filter(([, bytes]) => bytes.length >= HEAD)
    .map(([key, bytes]) => ({ key, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }))
    .sort((a, b) => a.view.getUint32(0) - b.view.getUint32(0));
  let until = -Infinity;
  let change: { readonly at: number; readonly end: number } | undefined;
  for (const { key, bytes, view } of found) {
    const type = profileEvents[view.getUint8(4)];
    if (type === undefined) continue;
    const [start, end, next] = [6, 14, 22].map((at) => view.getFloat64(at)) as [number, number, number];
    const began = change === undefined ? following(zone, start, until) : until;
    // A change ended one record, told by the clock before it, and began the next, told by the one after it; an interval that ended
    // with it left a second one, empty, by the clock before.
    if (type === "daylightSaving") change = { at: zone.nextChange(began) ?? began, end };
    else if (end !== change?.end || began !== change.at) change = undefined;
    const ended = change?.at ?? following(zone, end, began);
    until = change?.at ?? (next === end ? ended : following(zone, next, ended));
    const head: ProfileRecord = {
      sequence: view.getUint32(0),
      type,
      start: stampOf(zone, began),
      end: { ...stampOf(zone, ended), offsetMinutes: (end - ended) / 60_000 },
      until: stampOf(zone, until),
      status: view.getUint8(5),
      values: [],
    };
    const carried = encodeRecord(head, true);
    const whole = new Uint8Array(carried.length + bytes.length - HEAD);
    whole.set(carried);
    whole.set(bytes.subarray(HEAD), carried.length);
    store.put(key, whole);
  }
}
