/** Single action schedule: when a script is executed by itself (Blue Book 4.5.6, class_id 22, version 0). */
import { array, enumerated, longUnsigned, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import { nameData } from "./octet-data.ts";
import type { AccessMode, AccessResult, Asker, CosemObject } from "./object.ts";
import { membersOf } from "./read-data.ts";

/** A time and a date, of which anything may be left unsaid. */
export interface ExecutionTime {
  readonly hour?: number | undefined;
  readonly minute: number;
  readonly month?: number | undefined;
  readonly day?: number | "last" | undefined;
  /** 1 Monday to 7 Sunday. */
  readonly weekday?: number | undefined;
}

const NOT_SAID = 0xff;
const LAST_DAY = 0xfe;

function timeData({
  hour = NOT_SAID,
  minute,
  month = NOT_SAID,
  day = NOT_SAID,
  weekday = NOT_SAID,
}: ExecutionTime): Data {
  const date = Uint8Array.of(NOT_SAID, NOT_SAID, month, day === "last" ? LAST_DAY : day, weekday);
  return structure(octets(Uint8Array.of(hour, minute, 0, 0)), octets(date));
}

/** A time and a date as clients send them; undefined of what is told otherwise than by hours, minutes, months, days and weekdays. */
function timeOf(data: Data): ExecutionTime | undefined {
  const [time, date] = membersOf(data, 2) ?? [];
  if (time?.type !== "octet-string" || time.value.length !== 4) return undefined;
  if (date?.type !== "octet-string" || date.value.length !== 5) return undefined;
  const [hour, minute = NOT_SAID, second, hundredths] = time.value;
  const [high, low, month, day, weekday] = date.value;
  const said = (value: number | undefined): number | undefined => (value === NOT_SAID ? undefined : value);
  if (minute > 59 || second !== 0 || (hundredths !== 0 && hundredths !== NOT_SAID)) return undefined;
  if (high !== NOT_SAID || low !== NOT_SAID) return undefined;
  return {
    hour: said(hour),
    minute,
    month: said(month),
    day: day === LAST_DAY ? "last" : said(day),
    weekday: said(weekday),
  };
}

export interface SingleActionSchedule {
  readonly logicalName: LogicalName;
  readonly script: LogicalName;
  readonly selector: number;
  /** All at the same time of the day; none of what is never done by itself. */
  readonly times: readonly ExecutionTime[];
  /** How they are changed; left out where they cannot be. */
  readonly change?:
    | {
        readonly may: (asker: Asker) => boolean;
        readonly set: (asker: Asker, times: readonly ExecutionTime[]) => AccessResult;
      }
    | undefined;
}

/** Times that are set at once. */
const MOST = 16;

export function singleActionSchedule(schedule: SingleActionSchedule): CosemObject {
  const { logicalName, script, selector, times, change } = schedule;
  // Type 1 has one date, which may leave things unsaid; type 3 several such at the same time of the day.
  const type = times.length === 1 ? 1 : 3;
  const get = (): Data => array(times.map(timeData));
  const set = (asker: Asker, value: Data): AccessResult => {
    if (value.type !== "array" || value.value.length > MOST || change === undefined) return "type-unmatched";
    const taken = value.value.map(timeOf);
    return taken.includes(undefined)
      ? "type-unmatched"
      : change.set(
          asker,
          taken.filter((one) => one !== undefined),
        );
  };
  const access = (asker: Asker): AccessMode => (change?.may(asker) === true ? "read-write" : "read");
  return {
    classId: 22,
    version: 0,
    logicalName,
    attributes: [
      readAttribute(2, "executed_script", () => structure(nameData(script), longUnsigned(selector))),
      readAttribute(3, "type", () => enumerated(type)),
      readAttribute(4, "execution_time", get, change === undefined ? {} : { access, set }),
    ],
    methods: [],
  };
}
