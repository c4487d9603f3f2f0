/** One revenue meter as pages and programs see it, and what they can tell it to do. */
import type { List } from "#revenue/configuration.ts";
import { logKinds, type LogEntry, type LogKind } from "#revenue/event-log.ts";
import { profileStatus, type ProfileRecord } from "#revenue/load-profile.ts";
import type { ChannelView } from "#revenue/digital-io.ts";
import { batteries, boards, type Battery, type Board } from "#revenue/hardware.ts";
import type { Privilege, User } from "#revenue/security.ts";
import type { Measure } from "#revenue/measure.ts";
import { timeText, type Shown } from "#revenue/registers.ts";
import { z } from "zod";
import { describe } from "./site-file.ts";
import { NO_POWER, type RevenueSite } from "./revenue-site.ts";

const instantaneous: Readonly<Record<string, Measure>> = Object.fromEntries(
  [
    ...(["a", "b", "c"] as const).flatMap((phase) => [
      [`V.${phase}`, { quantity: "V", phase, direction: "net" }] as const,
      [`A.${phase}`, { quantity: "A", phase, direction: "net" }] as const,
    ]),
    ["W", { quantity: "W", phase: "polyphase", direction: "net" }] as const,
    ["var", { quantity: "var", phase: "polyphase", direction: "net" }] as const,
    ["VA", { quantity: "VA", phase: "polyphase", direction: "absolute" }] as const,
    ["PF", { quantity: "PF", phase: "polyphase", direction: "net" }] as const,
    ["Hz", { quantity: "Hz", phase: "a", direction: "net" }] as const,
  ].map(([name, measure]) => [name, { ...measure, compensated: false }]),
);

/** What is printed on the meter and shown by its identification displays. */
export interface Nameplate {
  readonly serial: string;
  readonly form: string;
  readonly connection: string;
  readonly classAmps: number;
  readonly hz: number;
  readonly ports: readonly string[];
  readonly options: readonly string[];
  readonly mid: boolean;
  readonly strings: readonly string[];
  readonly firmware: Readonly<Partial<Record<Board, string>>>;
}

function nameplateOf({ ordered, file, hardware, isMid, serial }: RevenueSite): Nameplate {
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
  };
}

export interface RevenueView {
  readonly name: string;
  readonly model: string;
  readonly title: string;
  readonly modelNumber: string;
  readonly local: string;
  readonly rate: string;
  readonly powered: boolean;
  readonly testMode: boolean;
  /** Pulses given so far. */
  readonly testPulses: { readonly led: number; readonly optical: number };
  readonly nameplate: Nameplate;
  readonly battery: { readonly state: Battery; readonly warning: boolean };
  readonly systemBits: number;
  readonly triggerBits: number;
  /** Ids of the triggers in alarm. */
  readonly alarms: readonly { readonly id: number; readonly value: number }[];
  readonly io: readonly ChannelView[];
  readonly instantaneous: Readonly<Record<string, number>>;
  readonly registers: readonly Shown[];
}

export function revenueViewOf(site: RevenueSite): RevenueView {
  const { meter, model } = site;
  return {
    name: site.name,
    model: model.name,
    title: model.title,
    modelNumber: site.modelNumber,
    local: timeText(meter.local / 1000),
    rate: meter.rate,
    powered: meter.powered,
    testMode: meter.testMode.on,
    testPulses: { led: meter.periphery.testPulses.led.count, optical: meter.periphery.testPulses.optical.count },
    nameplate: nameplateOf(site),
    battery: { state: site.hardware.battery, warning: site.hardware.batteryWarning },
    systemBits: meter.status.bits,
    triggerBits: meter.periphery.triggers.bits,
    alarms: meter.periphery.triggers.active(),
    io: meter.periphery.io.view(),
    instantaneous: Object.fromEntries(
      Object.entries(instantaneous).map(([name, measure]) => [name, site.now(measure)]),
    ),
    registers: meter.registers.shown(),
  };
}

/** Records that the page shows of each profile. */
const SHOWN = 12;

/** What the page shows: the view, and the newest records of the first profile. */
export function revenueLiveOf(site: RevenueSite): object {
  const profile = profileOf(site, 1, {});
  const records = typeof profile === "string" ? undefined : { ...profile, records: profile.records.slice(-SHOWN) };
  return { kind: "revenue", ...revenueViewOf(site), profile: records };
}

/** A list of registers; undefined for a name that is none. */
export function registersOf({ meter }: RevenueSite, list: string): readonly Shown[] | undefined {
  if (list === "frozen") return meter.registers.frozen;
  if (!["normal", "alternate", "test"].includes(list)) return undefined;
  return meter.registers.shown(list as List);
}

export interface ProfileView {
  readonly minutes: number | string;
  readonly data: string;
  readonly channels: readonly string[];
  readonly records: readonly {
    readonly sequence: number;
    readonly type: string;
    readonly start: string;
    readonly end: string;
    readonly until: string;
    readonly status: readonly string[];
    readonly values: readonly number[];
  }[];
}

export interface ProfileQuery {
  readonly days?: string | undefined;
  readonly sinceLastRead?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Records of a profile: all, since the last read, of the last days, or of a range of local time. */
export function profileOf({ meter, file }: RevenueSite, number: number, query: ProfileQuery): ProfileView | string {
  const profile = meter.profiles[number - 1];
  const settings = file.profiles[number - 1];
  if (profile === undefined || settings === undefined) return `expected a profile from 1 to ${meter.profiles.length}`;
  let records: readonly ProfileRecord[];
  if (query.sinceLastRead !== undefined) records = profile.sinceLastRead();
  else if (query.days !== undefined) {
    const days = Number(query.days);
    if (!Number.isInteger(days) || days < 0 || days > 60) return "days: expected 0 to 60";
    records = profile.lastDays(days);
  } else if (query.from !== undefined || query.to !== undefined) {
    const time = (text: string | undefined, open: number): number => (text === undefined ? open : localTime(text));
    const [from, to] = [time(query.from, -Infinity), time(query.to, Infinity)];
    if (Number.isNaN(from) || Number.isNaN(to)) return "from, to: expected local times like 2026-07-31T16:00";
    records = profile.between(from, to);
  } else records = profile.records();
  return {
    minutes: settings.minutes,
    data: settings.data,
    channels: settings.channels.map(
      ({ measure, km }) => `${measureName(measure)}${settings.data === "counts" ? ` x ${km}` : ""}`,
    ),
    records: records.map(({ sequence, type, start, end, until, status, values }) => ({
      sequence,
      type,
      start: timeText(start / 1000),
      end: timeText(end / 1000),
      until: timeText(until / 1000),
      status: Object.entries(profileStatus)
        .filter(([, bit]) => (status & bit) !== 0)
        .map(([name]) => name),
      values,
    })),
  };
}

function measureName({ quantity, phase, direction, compensated }: Measure): string {
  return [quantity, phase, direction, ...(compensated ? ["compensated"] : [])].join(" ");
}

/** Milliseconds of a local time as people write it; NaN for what is none. */
function localTime(text: string): number {
  try {
    return Temporal.PlainDateTime.from(text.replace(" ", "T")).toZonedDateTime("UTC").epochMilliseconds;
  } catch {
    return NaN;
  }
}

export function logOf(
  { meter }: RevenueSite,
  kind: string,
): readonly (Omit<LogEntry, "at"> & { readonly at: string })[] | undefined {
  if (!(logKinds as readonly string[]).includes(kind)) return undefined;
  return meter.log.entries(kind as LogKind).map((entry) => ({ ...entry, at: timeText(entry.at / 1000) }));
}

const command = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("freeze") }),
  z.strictObject({ command: z.literal("billingReset") }),
  z.strictObject({
    command: z.literal("enterTestMode"),
    register: z.number().int().optional(),
    compensate: z.boolean().optional(),
  }),
  z.strictObject({ command: z.literal("leaveTestMode") }),
  z.strictObject({ command: z.literal("powerDown") }),
  z.strictObject({ command: z.literal("powerUp") }),
  z.strictObject({ command: z.literal("setTime"), utc: z.iso.datetime({ offset: true }) }),
  z.strictObject({ command: z.literal("input"), channel: z.number().int().min(1).max(8), closed: z.boolean() }),
  z.strictObject({
    command: z.literal("pulses"),
    channel: z.number().int().min(1).max(8),
    count: z.number().int().min(1).max(1e6),
  }),
  z.strictObject({ command: z.literal("key"), key: z.enum(["metering", "reset"]), installed: z.boolean() }),
  z.strictObject({
    command: z.literal("hardware"),
    part: z.enum(["cover", "general"]),
    failed: z.boolean(),
  }),
  z.strictObject({ command: z.literal("battery"), state: z.enum(batteries) }),
  z.strictObject({ command: z.literal("resetBattery") }),
  z.strictObject({
    command: z.literal("firmware"),
    board: z.enum(boards),
    version: z.string().regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/, "expected a version like 0.0.81"),
  }),
  z.strictObject({ command: z.literal("coldStart") }),
  z.strictObject({ command: z.literal("resetButton") }),
  z.strictObject({ command: z.literal("timeServer"), reached: z.boolean() }),
  z.strictObject({ command: z.literal("preset"), register: z.number().int(), value: z.number() }),
]);

/** What each command takes; the others are what hardware would sense, and anybody at the site can inject. */
const needs: Readonly<Partial<Record<string, Privilege>>> = {
  freeze: "freeze",
  billingReset: "billingReset",
  enterTestMode: "testMode",
  leaveTestMode: "testMode",
  setTime: "setTime",
  preset: "preset",
  resetBattery: "batteryStatus",
  firmware: "firmware",
  coldStart: "coldStart",
};

/** What stands in the way of a command for whoever is logged in; undefined when nothing does. */
export function barsTo({ meter, security }: RevenueSite, body: unknown, user: User | undefined): string | undefined {
  const name = typeof body === "object" && body !== null && "command" in body ? String(body.command) : "";
  const privilege = needs[name];
  if (privilege === undefined) return undefined;
  if (!meter.powered) return NO_POWER;
  return user === undefined ? "log in first" : security.bars(user, [privilege]);
}

const parts = { cover: "coverRemoved", general: "generalFailure" } as const;

/** Tells the meter to do something; what is wrong with that, when it does not. */
export function obey(site: RevenueSite, body: unknown, by: string): readonly string[] {
  site.catchUp();
  const { meter } = site;
  const parsed = command.safeParse(body);
  if (!parsed.success) return parsed.error.issues.flatMap(describe);
  const { data } = parsed;
  switch (data.command) {
    case "freeze":
      meter.freeze(by);
      return [];
    case "billingReset":
      return meter.billingReset(by) ? [] : ["the lockout after the last billing period reset runs"];
    case "enterTestMode":
      return meter.testMode.enter(by, data) ? [] : [`register ${data.register} is no test register of energy`];
    case "leaveTestMode":
      meter.testMode.leave(by);
      return [];
    case "powerDown":
      meter.powerDown();
      return [];
    case "powerUp":
      site.powerUp();
      return [];
    case "setTime":
      meter.setTime(Temporal.Instant.from(data.utc).epochMilliseconds, by);
      return [];
    case "input":
      return meter.setInput(data.channel, data.closed) ? [] : [`channel ${data.channel} is no input`];
    case "pulses":
      return meter.periphery.io.pulses(data.channel, data.count) ? [] : [`channel ${data.channel} is no pulse counter`];
    case "key":
      return site.security.setKey(data.key, data.installed) ? [] : ["the seals of a MID meter are in the way"];
    case "hardware":
      meter.status.condition(parts[data.part], data.failed);
      meter.log.add("diagnostic", `${data.part} ${data.failed ? "failed" : "restored"}`, "hardware");
      for (const profile of meter.profiles) if (data.failed) profile.event("diagnostic", meter.local);
      return [];
    case "battery":
      site.hardware.battery = data.state;
      meter.status.condition("battery", site.hardware.batteryWarning);
      meter.log.add("diagnostic", `battery ${data.state}`, "hardware");
      return [];
    case "resetBattery":
      if (!site.hardware.resetBattery()) return [`the battery is ${site.hardware.battery}; replace it first`];
      meter.resetBattery(by);
      return [];
    case "firmware":
      return upgrade(site, data.board, data.version, by);
    case "coldStart":
      site.coldStart(by);
      return [];
    case "resetButton":
      if (site.security.keys.reset) return ["the reset key is installed"];
      return meter.billingReset("front panel") ? [] : ["the lockout after the last billing period reset runs"];
    case "timeServer":
      site.reachTimeServer(data.reached);
      return [];
    case "preset":
      return meter.preset(data.register, data.value, by) ? [] : [`register ${data.register} cannot be preset`];
  }
}

function upgrade(site: RevenueSite, board: Board, version: string, by: string): readonly string[] {
  const from = site.hardware.firmware[board];
  if (from === undefined || !site.hardware.upgrade(board, version)) return [`this meter has no ${board} board`];
  site.meter.status.raise("firmwareChange");
  site.meter.log.add("event", "firmware changed", by, { board, from, to: version });
  return [];
}
