/** The TOU schedule that an activity calendar comes to; undefined of one that a JEMStar cannot have. */
import { dayTypes, rates } from "#clock/tou-schedule.ts";
import type { ActivityCalendar } from "#protocol/dlms/cosem/activity-calendar-data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { TouFile } from "./beyond-settings.ts";

type Switches = readonly { readonly at: string; readonly rate: string }[];

const fromMonday = [...dayTypes.slice(1, 7), "sunday"] as const;

/** Each action tells a rate by its number, from 1. */
function switchesOf({ actions }: ActivityCalendar["days"][number], script: LogicalName): Switches | undefined {
  const found = actions.flatMap(({ minute, script: by, selector }) => {
    const rate = rates[selector - 1];
    const two = (value: number): string => String(value).padStart(2, "0");
    const at = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    return rate === undefined || by !== script ? [] : [{ at, rate }];
  });
  return found.length === actions.length ? found : undefined;
}

/** Days of holidays, which a calendar does not tell, stay those of the season in its place. */
export function touOf(
  { seasons, weeks, days }: ActivityCalendar,
  { script, before }: { readonly script: LogicalName; readonly before: TouFile },
): TouFile | undefined {
  const byId = new Map(days.map((one) => [one.id, switchesOf(one, script)]));
  const made = seasons.map(({ month, day, week }, k) => {
    const ids = weeks.find(({ name }) => name === week)?.days ?? [];
    const switches = fromMonday.map((type, place) => [type, byId.get(ids[place] ?? NaN)] as const);
    if (switches.some(([, one]) => one === undefined)) return undefined;
    const { holiday1 = [], holiday2 = [] } = before.seasons[k]?.days ?? {};
    return { month, day, days: { ...Object.fromEntries(switches), holiday1, holiday2 } };
  });
  return made.includes(undefined)
    ? undefined
    : { seasons: made.filter((one) => one !== undefined), holidays: before.holidays };
}
