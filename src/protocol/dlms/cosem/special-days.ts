/** Special days table: dates that have a day profile of their own (Blue Book 4.5.4, class_id 11, version 0). */
import { array, longUnsigned, octets, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { readAttribute } from "./data.ts";
import type { AccessMode, AccessResult, ActionResult, Asker, CosemObject } from "./object.ts";
import { membersOf, wholeOf } from "./read-data.ts";

export interface SpecialDay {
  readonly year: number;
  /** 1 to 12, and 1 to 31. */
  readonly month: number;
  readonly day: number;
  /** Of the day profile of the activity calendar. */
  readonly dayId: number;
}

const NOT_SAID = 0xff;

/** How the days are changed: all of them at once. */
export interface SpecialDaysChange {
  readonly may: (asker: Asker) => boolean;
  readonly set: (asker: Asker, days: readonly SpecialDay[]) => AccessResult & ActionResult;
}

/** An entry as clients send it: a date of one year. */
function dayOf(data: Data): (SpecialDay & { readonly index: number }) | undefined {
  const [place, date, profile] = membersOf(data, 3) ?? [];
  const index = place && wholeOf(place);
  const dayId = profile && wholeOf(profile);
  if (index === undefined || dayId === undefined) return undefined;
  if (date?.type !== "octet-string" || date.value.length !== 5) return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = date.value;
  return { index, year: (high << 8) | low, month, day, dayId };
}

export function specialDays(
  logicalName: LogicalName,
  days: readonly SpecialDay[],
  change?: SpecialDaysChange,
): CosemObject {
  const entries = days.map(({ year, month, day, dayId }, k) =>
    structure(
      longUnsigned(k + 1),
      octets(Uint8Array.of(year >> 8, year & 0xff, month, day, NOT_SAID)),
      unsigned(dayId),
    ),
  );
  const get = (): Data => array(entries);
  if (change === undefined)
    return { classId: 11, version: 0, logicalName, attributes: [readAttribute(2, "entries", get)], methods: [] };
  const { may, set } = change;
  const setAll = (asker: Asker, value: Data): AccessResult => {
    const all = value.type === "array" ? value.value.map(dayOf) : [undefined];
    return all.includes(undefined)
      ? "type-unmatched"
      : set(
          asker,
          all.filter((one) => one !== undefined),
        );
  };
  const access = (asker: Asker): AccessMode => (may(asker) ? "read-write" : "read");
  return {
    classId: 11,
    version: 0,
    logicalName,
    attributes: [readAttribute(2, "entries", get, { access, set: setAll })],
    methods: [
      {
        id: 1,
        name: "insert",
        access: may,
        invoke(asker, parameters) {
          const one = dayOf(parameters);
          if (one === undefined) return "type-unmatched";
          // "If an entry with the same index already exists, the old entry will be overwritten."
          return set(asker, [...days.filter((_, k) => k + 1 !== one.index), one]);
        },
      },
      {
        id: 2,
        name: "delete",
        access: may,
        invoke(asker, parameters) {
          const index = wholeOf(parameters);
          if (index === undefined) return "type-unmatched";
          if (days[index - 1] === undefined) return "object-unavailable";
          return set(asker, days.toSpliced(index - 1, 1));
        },
      },
    ],
  };
}
