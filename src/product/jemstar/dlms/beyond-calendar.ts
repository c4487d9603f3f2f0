/** The TOU schedule as objects: seasons, weeks and days (IC 20), holidays (IC 11), what its rates are told by (IC 9), and the registers of rates (IC 6). */
import { dayTypes, rates, type DayType } from "#clock/tou-schedule.ts";
import { textOctets } from "#protocol/dlms/cosem/octet-data.ts";
import type { ActivityCalendar, DayAction } from "#protocol/dlms/cosem/activity-calendar-data.ts";
import { activityCalendar, type CalendarChange } from "#protocol/dlms/cosem/activity-calendar.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { registerActivation } from "#protocol/dlms/cosem/register-activation.ts";
import { scriptTable } from "#protocol/dlms/cosem/script-table.ts";
import { specialDays, type SpecialDaysChange } from "#protocol/dlms/cosem/special-days.ts";
import { rateNumber } from "./beyond-codes.ts";
import type { RegisterObject } from "./beyond-registers.ts";
import type { BeyondParts, TouFile } from "./beyond-settings.ts";
import { mayConfigure, reconfigured } from "./reconfigured.ts";
import { touOf } from "./tou-of-calendar.ts";

const CALENDAR = "0.0.13.0.0.255";
const HOLIDAYS = "0.0.11.0.0.255";
const TARIFF_SCRIPTS = "0.0.10.0.100.255";
const ACTIVATION = "0.0.14.0.0.255";
const MASK_ATTRIBUTE = 4;

type Season = TouFile["seasons"][number];

/** Weekdays as DLMS counts them; ours begin on Sunday. */
const fromMonday = [...dayTypes.slice(1, 7), "sunday"] as const;

/** Days that are alike have one number, from 1. */
class Days {
  readonly #ids = new Map<string, number>();
  readonly all: { readonly id: number; readonly actions: readonly DayAction[] }[] = [];

  of(season: Season, type: DayType): number {
    const switches = (season.days[type] ?? []).toSorted((a, b) => (a.at < b.at ? -1 : 1));
    const key = JSON.stringify(switches);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#ids.set(key, id);
    const actions = switches.map(({ at, rate }) => {
      const [hour = 0, minute = 0] = at.split(":").map(Number);
      return { minute: 60 * hour + minute, script: TARIFF_SCRIPTS, selector: rateNumber(rate) };
    });
    this.all.push({ id, actions });
    return id;
  }
}

function before({ month, day }: Season, date: { readonly month: number; readonly day: number }): boolean {
  return month * 100 + day <= date.month * 100 + date.day;
}

interface Scheduled {
  readonly seasons: readonly Season[];
  readonly days: Days;
  readonly weeks: ActivityCalendar["weeks"];
}

function scheduled({ seasons: unordered }: TouFile): Scheduled {
  const seasons = unordered.toSorted((a, b) => a.month * 100 + a.day - (b.month * 100 + b.day));
  const days = new Days();
  const weeks = seasons.map((season, k) => ({
    name: String(k + 1),
    days: fromMonday.map((type) => days.of(season, type)),
  }));
  // Days of holidays have their numbers whether there is a holiday or not: who inserts one names them.
  for (const season of seasons) for (const type of ["holiday1", "holiday2"] as const) days.of(season, type);
  return { seasons, days, weeks };
}

/** The season of a day of the year: before the first the last one of the year before goes on. */
function seasonOf(seasons: readonly Season[], date: { readonly month: number; readonly day: number }) {
  return seasons.findLast((one) => before(one, date)) ?? seasons.at(-1);
}

/** The schedule, and how it is changed. */
function scheduleObjects(parts: BeyondParts): readonly CosemObject[] {
  const { tou } = parts.configuration;
  const { seasons, days, weeks } = scheduled(tou);
  const special = tou.holidays
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .flatMap(({ date, type }) => {
      const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
      const season = seasonOf(seasons, { month, day });
      return season === undefined ? [] : [{ year, month, day, dayId: days.of(season, `holiday${type}`) }];
    });
  const calendar = {
    name: "TOU",
    seasons: seasons.map(({ month, day }, k) => ({ name: String(k + 1), month, day, week: String(k + 1) })),
    weeks,
    days: days.all,
  };
  return [
    activityCalendar(CALENDAR, calendar, calendarChange(parts)),
    specialDays(HOLIDAYS, special, holidaysChange(parts, { seasons, days })),
  ];
}

function calendarChange(parts: BeyondParts): CalendarChange | undefined {
  const { full, calendar: waiting, configuration } = parts;
  if (!full || waiting === undefined) return undefined;
  return {
    waiting,
    may: mayConfigure(parts),
    activate(asker, calendar) {
      const tou = touOf(calendar, { script: TARIFF_SCRIPTS, before: configuration.tou });
      return tou === undefined ? "other-reason" : reconfigured(parts, asker, { tou });
    },
  };
}

/** A holiday is one by its day profile, which is that of holidays of either type in its season. */
function holidaysChange(
  parts: BeyondParts,
  { seasons, days }: Pick<Scheduled, "seasons" | "days">,
): SpecialDaysChange | undefined {
  if (!parts.full) return undefined;
  return {
    may: mayConfigure(parts),
    set(asker, special) {
      const holidays: TouFile["holidays"][number][] = [];
      for (const { year, month, day, dayId } of special) {
        const season = seasonOf(seasons, { month, day });
        const type = season && ([1, 2] as const).find((one) => days.of(season, `holiday${one}`) === dayId);
        if (type === undefined) return "other-reason";
        const two = (value: number): string => String(value).padStart(2, "0");
        holidays.push({ date: `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`, type });
      }
      return reconfigured(parts, asker, { tou: { ...parts.configuration.tou, holidays } });
    },
  };
}

/** What makes each rate count; the calendar executes them, and nobody else. */
function tariffScripts(): CosemObject {
  const scripts = rates.map((rate) => ({
    id: rateNumber(rate),
    actions: [
      {
        service: "write" as const,
        classId: 6,
        logicalName: ACTIVATION,
        index: MASK_ATTRIBUTE,
        parameter: textOctets(rate),
      },
    ],
  }));
  return scriptTable(TARIFF_SCRIPTS, scripts);
}

/** Registers of rates, each of which counts while its rate does; those of all rates always count, and are in no list. */
function activationObject({ surface }: BeyondParts, registers: readonly RegisterObject[]): CosemObject {
  const rated = registers.filter(({ reading }) => reading.tariff !== "total");
  const objects = [...new Set(rated.map(({ object }) => object))];
  const masks = new Map<string, number[]>();
  for (const { reading, object } of rated) {
    const places = masks.get(reading.tariff) ?? [];
    const place = objects.indexOf(object) + 1;
    if (!places.includes(place)) places.push(place);
    masks.set(reading.tariff, places);
  }
  const active = (): string => {
    const { rate } = surface.status();
    return rate === "none" ? "" : rate;
  };
  return registerActivation({ logicalName: ACTIVATION, registers: objects, masks, active });
}

export function calendarObjects(parts: BeyondParts, registers: readonly RegisterObject[]): readonly CosemObject[] {
  const { tou } = parts.configuration;
  // Where it can be written, there is a place for it.
  if (tou.seasons.length === 0 && !parts.full) return [];
  return [...scheduleObjects(parts), tariffScripts(), activationObject(parts, registers)];
}
