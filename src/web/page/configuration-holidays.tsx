/** Holidays of a calendar: dates, and whose schedule counts on them. */
import { Before, Problems, ProblemsWithin, type PlaceProps } from "./configuration-field.tsx";
import { kindName } from "./configuration-season.tsx";
import { entered } from "./configuration-numbers.ts";
import { entryOf, shapeAt } from "./configuration-shape.ts";
import { isList, isMembers, valueAt } from "./configuration-value.ts";
import { say } from "./language.ts";
import { calendar as texts } from "./texts/calendar.ts";
import { configuration } from "./texts/configuration.ts";

export function Holidays({ editing, shape, path }: PlaceProps) {
  const list = [...path, "holidays"];
  const value = valueAt(editing.mine.value, list);
  const holidays = isList(value) ? value : [];
  const of = shapeAt(shape, valueAt(editing.mine.value, path), ["holidays"]);
  const entry = entryOf(of.items?.properties?.["type"] ?? {});
  const types = entry.kind === "choice" ? entry.of : [1, 2];
  return (
    <div id="holidays">
      <h4>
        {say(texts.holidays)}{" "}
        <span class="hint">
          {say(configuration.count, { n: holidays.length, most: of.maxItems ?? holidays.length })}
        </span>
      </h4>
      <ul class="plain">
        {holidays.map((one, k) => {
          const { date, type } = isMembers(one) ? one : {};
          return (
            <li key={String(k)}>
              <input
                type="date"
                aria-label={say(texts.holidayDate, { n: k + 1 })}
                value={entered(date)}
                onChange={({ currentTarget }) => editing.edit([...list, k, "date"], currentTarget.value)}
              />{" "}
              <select
                aria-label={say(texts.holidayType, { n: k + 1 })}
                value={entered(type ?? types[0])}
                onChange={({ currentTarget }) => editing.edit([...list, k, "type"], Number(currentTarget.value))}
              >
                {types.map((each) => (
                  <option key={String(each)} value={String(each)}>
                    {kindName(`holiday${String(each)}`)}
                  </option>
                ))}
              </select>{" "}
              <button
                type="button"
                class="small"
                aria-label={say(texts.removeHoliday, { n: k + 1 })}
                onClick={() => editing.edit([...list, k], undefined)}
              >
                ×
              </button>{" "}
              <ProblemsWithin editing={editing} path={[...list, k]} />
            </li>
          );
        })}
      </ul>
      <p>
        <button
          type="button"
          disabled={holidays.length >= (of.maxItems ?? Infinity)}
          onClick={() => editing.edit(list, [...holidays, { date: "", type: types[0] ?? 1 }])}
        >
          {say(texts.addHoliday)}
        </button>{" "}
        <Before editing={editing} shape={of} path={list} title={say(texts.holidays)} />
        <Problems editing={editing} path={list} />
      </p>
    </div>
  );
}
