/** Activity calendar: seasons, weeks and days with what is done when (Blue Book 4.5.5, class_id 20, version 0). */
import { array, longUnsigned, nullData, octets, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import { dateTimeData, nameData, noDateTime, textOctets } from "./octet-data.ts";
import { daysOf, nameOf, seasonsOf, weeksOf, type ActivityCalendar, type DayAction } from "./activity-calendar-data.ts";
import type { AccessMode, AccessResult, ActionResult, Asker, CosemObject, Method } from "./object.ts";

export const noCalendar: ActivityCalendar = { name: "", seasons: [], weeks: [], days: [] };

/** Every year on a day, from midnight on. */
function seasonData({ name, month, day, week }: ActivityCalendar["seasons"][number]): Data {
  const start = { ...noDateTime, month, day, hour: 0, minute: 0, second: 0, hundredths: 0 };
  return structure(textOctets(name), dateTimeData(start), textOctets(week));
}

function actionData({ minute, script, selector }: DayAction): Data {
  const start = octets(Uint8Array.of(Math.floor(minute / 60), minute % 60, 0, 0));
  return structure(start, nameData(script), longUnsigned(selector));
}

/** Names, seasons, weeks and days: attributes 2 to 5, or 6 to 9. */
function parts(calendar: ActivityCalendar): readonly (readonly [name: string, data: Data])[] {
  const { name, seasons, weeks, days } = calendar;
  const weekData = weeks.map((one) => structure(textOctets(one.name), ...one.days.map((id) => unsigned(id))));
  const dayData = days.map(({ id, actions }) => structure(unsigned(id), array(actions.map(actionData))));
  return [
    ["calendar_name", textOctets(name)],
    ["season_profile", array(seasons.map(seasonData))],
    ["week_profile_table", array(weekData)],
    ["day_profile_table", array(dayData)],
  ];
}

/** The calendar that waits to be in force: a client writes it part by part. */
export class WaitingCalendar {
  calendar = noCalendar;
}

/** How the calendar that waits is changed; where there is none of these it cannot be. */
export interface CalendarChange {
  readonly waiting: WaitingCalendar;
  readonly may: (asker: Asker) => boolean;
  /** Puts it in force. */
  readonly activate: (asker: Asker, calendar: ActivityCalendar) => ActionResult;
}

type Take = (data: Data) => Partial<ActivityCalendar> | undefined;

/** What each of the attributes 6 to 9 takes. */
const takes: readonly Take[] = [
  (data) => partOf("name", nameOf(data)),
  (data) => partOf("seasons", seasonsOf(data)),
  (data) => partOf("weeks", weeksOf(data)),
  (data) => partOf("days", daysOf(data)),
];

function partOf<K extends keyof ActivityCalendar>(
  key: K,
  value: ActivityCalendar[K] | undefined,
): Partial<ActivityCalendar> | undefined {
  return value === undefined ? undefined : { [key]: value };
}

export function activityCalendar(
  logicalName: LogicalName,
  active: ActivityCalendar,
  change?: CalendarChange,
): CosemObject {
  const inForce = parts(active).map(([name, data], k) => readAttribute(2 + k, `${name}_active`, () => data));
  const passive = (): ActivityCalendar => change?.waiting.calendar ?? noCalendar;
  const waiting = parts(noCalendar).map(([name], k) => {
    const get = (): Data => parts(passive())[k]?.[1] ?? nullData;
    if (change === undefined) return readAttribute(6 + k, `${name}_passive`, get);
    const access = (asker: Asker): AccessMode => (change.may(asker) ? "read-write" : "read");
    const set = (_asker: Asker, value: Data): AccessResult => {
      const taken = takes[k]?.(value);
      if (taken === undefined) return "type-unmatched";
      change.waiting.calendar = { ...change.waiting.calendar, ...taken };
      return "success";
    };
    return readAttribute(6 + k, `${name}_passive`, get, { access, set });
  });
  const activate: Method | undefined = change && {
    id: 1,
    name: "activate_passive_calendar",
    access: change.may,
    invoke: (asker) => change.activate(asker, change.waiting.calendar),
  };
  return {
    classId: 20,
    version: 0,
    logicalName,
    attributes: [
      ...inForce,
      ...waiting,
      readAttribute(10, "activate_passive_calendar_time", () => dateTimeData(noDateTime)),
    ],
    methods: activate === undefined ? [] : [activate],
  };
}
