/** What the meter can be told by scripts (IC 9), and what it does by itself at set times (IC 22). */
import { integer } from "#protocol/dlms/data/data.ts";
import type { AccessResult, Asker, CosemObject } from "#protocol/dlms/cosem/object.ts";
import { scriptTable, type Script, type ScriptAction } from "#protocol/dlms/cosem/script-table.ts";
import { singleActionSchedule, type ExecutionTime } from "#protocol/dlms/cosem/single-action-schedule.ts";
import type { Schedule } from "#revenue/settings/configuration.ts";
import type { RegisterObject } from "./beyond-registers.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { resultOf } from "./outcomes.ts";
import { mayConfigure, reconfigured } from "./reconfigured.ts";

/** "MDI reset / end of billing period", "Active test mode", "Active normal mode". */
const BILLING_SCRIPTS = "0.0.10.0.1.255";
const TEST_MODE_SCRIPTS = "0.0.10.0.101.255";
const NORMAL_MODE_SCRIPTS = "0.0.10.0.102.255";
/** "End of billing period" and, of the manufacturer's codes, the freeze. */
const BILLING_SCHEDULE = "0.0.15.0.0.255";
const FREEZE_SCHEDULE = "0.0.15.0.128.255";
/** Numbers in the table of the billing period. */
const RESET = 1;
const FREEZE = 2;

type Told = "billingReset" | "freeze" | "enterTestMode" | "leaveTestMode";

/** A command, by those who may give it. */
function telling({ surface, full }: BeyondParts, command: Told): Pick<Script, "execute" | "may"> {
  if (!full) return {};
  return {
    may: ({ session }: Asker) => surface.permits(command, session) === undefined,
    execute: ({ session }: Asker) => resultOf(surface.obey({ command }, session)),
  };
}

/** What a billing period reset does to peaks, as if somebody had reset each. */
function resets(registers: readonly RegisterObject[]): readonly ScriptAction[] {
  return registers
    .filter(({ reading, object }) => object.classId === 4 && reading.storage === "working")
    .map(({ object }) => ({
      service: "execute",
      classId: 4,
      logicalName: object.logicalName,
      index: 1,
      parameter: integer(0),
    }));
}

/** When a schedule of the clock is due; undefined of one that follows something else. */
export function executionTimes({ every, minute, day }: Schedule): readonly ExecutionTime[] | undefined {
  const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
  switch (every) {
    case "hour":
      return [{ minute }];
    case "day":
      return [time];
    case "week":
      return [{ ...time, weekday: day === 0 ? 7 : day }];
    case "month":
      if (day === 31) return [{ ...time, day: "last" }];
      // Months that are too short have their day at their end: February, which has 28 or 29.
      return day > 28
        ? [
            { ...time, day },
            { ...time, month: 2, day: "last" },
          ]
        : [{ ...time, day }];
    default:
      return undefined;
  }
}

/** The schedule that times come to; undefined of what a JEMStar's cannot say. */
export function scheduleOf(times: readonly ExecutionTime[]): Schedule | undefined {
  const [first, second] = times;
  if (first === undefined) return { every: "never", minute: 0, day: 0 };
  const { hour, minute, month, day, weekday } = first;
  // The end of February belongs to a day that it has not.
  const isShort =
    times.length === 2 && second?.month === 2 && second.day === "last" && typeof day === "number" && day > 28;
  if (times.length > (isShort ? 2 : 1) || month !== undefined) return undefined;
  if (hour === undefined)
    return day === undefined && weekday === undefined ? { every: "hour", minute, day: 0 } : undefined;
  const ofDay = 60 * hour + minute;
  if (hour > 23 || (day !== undefined && weekday !== undefined)) return undefined;
  if (weekday !== undefined) return weekday > 7 ? undefined : { every: "week", minute: ofDay, day: weekday % 7 };
  if (day === undefined) return { every: "day", minute: ofDay, day: 0 };
  return { every: "month", minute: ofDay, day: day === "last" ? 31 : day };
}

function scheduleObject(
  parts: BeyondParts,
  logicalName: string,
  [selector, which]: readonly [selector: number, which: "billingReset" | "freeze"],
): readonly CosemObject[] {
  const { timekeeping } = parts.configuration;
  const schedule = timekeeping[which];
  const times = schedule.every === "never" && parts.full ? [] : executionTimes(schedule);
  if (times === undefined) return [];
  const set = (asker: Asker, told: readonly ExecutionTime[]): AccessResult => {
    const next = scheduleOf(told);
    return next === undefined
      ? "other-reason"
      : reconfigured(parts, asker, { timekeeping: { ...timekeeping, [which]: next } });
  };
  const change = parts.full ? { may: mayConfigure(parts), set } : undefined;
  return [singleActionSchedule({ logicalName, script: BILLING_SCRIPTS, selector, times, change })];
}

export function actionObjects(parts: BeyondParts, registers: readonly RegisterObject[]): readonly CosemObject[] {
  return [
    scriptTable(BILLING_SCRIPTS, [
      { id: RESET, actions: resets(registers), ...telling(parts, "billingReset") },
      { id: FREEZE, actions: [], ...telling(parts, "freeze") },
    ]),
    scriptTable(TEST_MODE_SCRIPTS, [{ id: 1, actions: [], ...telling(parts, "enterTestMode") }]),
    scriptTable(NORMAL_MODE_SCRIPTS, [{ id: 1, actions: [], ...telling(parts, "leaveTestMode") }]),
    ...scheduleObject(parts, BILLING_SCHEDULE, [RESET, "billingReset"]),
    ...scheduleObject(parts, FREEZE_SCHEDULE, [FREEZE, "freeze"]),
  ];
}
