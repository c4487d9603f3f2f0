/** What people and programs can tell a revenue meter, and what hardware would sense that they can inject. */
import { batteries, boards, failures, type Board } from "#revenue/people/hardware.ts";
import { MOST_INPUT_PER_SECOND } from "#revenue/contacts/digital-io.ts";
import type { Privilege, User } from "#revenue/people/security.ts";
import type { Origin } from "#quantity/log.ts";
import { z } from "zod";
import { describe } from "#product/file-error.ts";
import { NO_POWER, type JemStar } from "./jemstar.ts";

/** Calibration reaches so far, percent. */
const MOST_GAIN = 2;

const command = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("freeze") }),
  z.strictObject({ command: z.literal("billingReset") }),
  z.strictObject({
    command: z.literal("enterTestMode"),
    register: z.number().int().optional(),
    compensate: z.boolean().optional(),
    pulseWeight: z.number().positive().optional(),
  }),
  z.strictObject({ command: z.literal("leaveTestMode") }),
  z.strictObject({ command: z.literal("powerDown") }),
  z.strictObject({ command: z.literal("powerUp") }),
  z.strictObject({ command: z.literal("auxiliary"), live: z.boolean() }),
  z.strictObject({ command: z.literal("ratios"), pt: z.number().min(1).max(1e5), ct: z.number().min(1).max(1e5) }),
  z.strictObject({ command: z.literal("resetUsers") }),
  z.strictObject({
    command: z.literal("calibrate"),
    watts: z.number().min(-MOST_GAIN).max(MOST_GAIN).default(0).describe("percent"),
    vars: z.number().min(-MOST_GAIN).max(MOST_GAIN).default(0).describe("percent"),
  }),
  z.strictObject({ command: z.literal("setTime"), utc: z.iso.datetime({ offset: true }) }),
  z.strictObject({ command: z.literal("input"), channel: z.number().int().min(1).max(8), closed: z.boolean() }),
  z.strictObject({
    command: z.literal("pulses"),
    channel: z.number().int().min(1).max(8),
    count: z.number().int().min(1).max(1e6),
    seconds: z.number().positive().optional(),
  }),
  z.strictObject({ command: z.literal("key"), key: z.enum(["metering", "reset"]), installed: z.boolean() }),
  z.strictObject({
    command: z.literal("hardware"),
    part: z.enum(["cover", ...failures]),
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
  calibrate: "testMode",
  ratios: "configurePrimary",
  resetUsers: "configureUsers",
  resetBattery: "batteryStatus",
  firmware: "firmware",
  coldStart: "coldStart",
};

/** What stands in the way of a command for whoever is logged in; undefined when nothing does. */
export function barsTo({ meter, security }: JemStar, body: unknown, user: User | undefined): string | undefined {
  const name = typeof body === "object" && body !== null && "command" in body ? String(body.command) : "";
  const privilege = needs[name];
  if (privilege === undefined) return undefined;
  if (!meter.powered) return NO_POWER;
  return user === undefined ? "log in first" : security.bars(user, [privilege]);
}

/** Tells the meter to do something; what is wrong with that, when it does not. */
export function obey(site: JemStar, body: unknown, user: User | undefined): readonly string[] {
  site.catchUp();
  const { meter } = site;
  const by: Origin = { by: user?.name ?? "site" };
  const parsed = command.safeParse(body);
  if (!parsed.success) return parsed.error.issues.flatMap(describe);
  const { data } = parsed;
  switch (data.command) {
    case "freeze":
      meter.billing.freeze(by);
      return [];
    case "billingReset":
      return meter.billing.reset(by) ? [] : ["the lockout after the last billing period reset runs"];
    case "enterTestMode":
      return meter.testMode.enter(by, data) ? [] : [`register ${data.register} is no test register of energy`];
    case "leaveTestMode":
      meter.testMode.leave(by);
      return [];
    case "powerDown":
      site.supply({ failed: true });
      return [];
    case "powerUp":
      site.supply({ failed: false });
      return [];
    case "auxiliary":
      site.supply({ auxiliary: data.live });
      return [];
    case "ratios":
      return problems(user === undefined ? "log in first" : site.setRatios(data, user));
    case "resetUsers":
      return problems(user === undefined ? "log in first" : site.resetUsers(user));
    case "calibrate":
      return calibrate(site, data, by);
    case "setTime":
      meter.setTime(Temporal.Instant.from(data.utc).epochMilliseconds, by);
      return [];
    case "input":
      return meter.setInput(data.channel, data.closed) ? [] : [`channel ${data.channel} is no input`];
    case "pulses":
      return pulses(site, data);
    case "key":
      return site.security.setKey(data.key, data.installed) ? [] : ["the seals of a MID meter are in the way"];
    case "hardware":
      sense(site, data.part, data.failed);
      return [];
    case "battery":
      site.hardware.battery = data.state;
      meter.status.condition("battery", site.hardware.batteryWarning);
      meter.log.add("diagnostic", `battery ${data.state}`, { by: "hardware" });
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
      if (!meter.powered) return [NO_POWER];
      if (site.security.keys.reset) return ["the reset key is installed"];
      return meter.billing.reset({ by: "front panel" }) ? [] : ["the lockout after the last billing period reset runs"];
    case "timeServer":
      site.reachTimeServer(data.reached);
      return [];
    case "preset":
      return meter.billing.preset(data.register, data.value, by) ? [] : [`register ${data.register} cannot be preset`];
  }
}

function upgrade(site: JemStar, board: Board, version: string, by: Origin): readonly string[] {
  const from = site.hardware.firmware[board];
  if (from === undefined || !site.hardware.upgrade(board, version)) return [`this meter has no ${board} board`];
  site.meter.status.raise("firmwareChange");
  site.meter.log.add("event", "firmware changed", by, { board, from, to: version });
  return [];
}

function problems(one: string | undefined): readonly string[] {
  return one === undefined ? [] : [one];
}

/** A train of pulses, as fast as an input sees them unless it says how long it takes. */
function pulses(
  { meter }: JemStar,
  {
    channel,
    count,
    seconds = count / MOST_INPUT_PER_SECOND,
  }: { channel: number; count: number; seconds?: number | undefined },
): readonly string[] {
  if (!meter.powered) return [NO_POWER];
  const seen = meter.periphery.io.pulses(channel, count, seconds);
  if (seen === undefined) return [`channel ${channel} is no pulse counter`];
  return seen === count
    ? []
    : [`${seen} of ${count} pulses were seen: an input sees ${MOST_INPUT_PER_SECOND} a second`];
}

/** The gains of watts and vars, in test mode only. */
function calibrate(
  { meter, hardware }: JemStar,
  { watts, vars }: { watts: number; vars: number },
  by: Origin,
): readonly string[] {
  if (!meter.testMode.on) return ["enter test mode first"];
  meter.recalibrated(by, { watts, vars });
  hardware.calibrate({ w: 1 + watts / 100, q: 1 + vars / 100 });
  return [];
}

/** What the meter's covers and diagnostics sense. */
function sense({ meter, hardware }: JemStar, part: "cover" | (typeof failures)[number], failed: boolean): void {
  if (part === "cover") meter.status.condition("coverRemoved", failed);
  else {
    hardware.setFailure(part, failed);
    meter.status.condition("generalFailure", hardware.failures.length > 0);
  }
  meter.log.add("diagnostic", `${part} ${failed ? "failed" : "restored"}`, { by: "hardware" });
  if (failed) meter.diagnosed();
}
