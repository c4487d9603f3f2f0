/** One season of a calendar: when it begins, and from which times on which rate counts on each kind of day. */
import { switchesIn, timeText, weekdays, type Calendar } from "./calendar.ts";
import { Before, Problems, ProblemsWithin, type PlaceProps } from "./configuration-field.tsx";
import { entered, numberIn } from "./configuration-numbers.ts";
import { newValue, shapeAt } from "./configuration-shape.ts";
import { isList, isMembers, valueAt, type Json } from "./configuration-value.ts";
import { Choice } from "./choice.tsx";
import { say } from "./language.ts";
import { calendar as texts } from "./texts/calendar.ts";

/** What a kind of day is called. */
export function kindName(kind: string): string {
  const [, holiday] = /^holiday(\d+)$/.exec(kind) ?? [];
  if (holiday !== undefined) return say(texts.holidayKind, { n: holiday });
  return weekdays.includes(kind as "monday") ? say(texts[kind as "monday"]) : kind;
}

interface KindProps extends PlaceProps {
  readonly kind: string;
  readonly kinds: readonly string[];
}

/** The schedule of a kind of day. */
function KindRow({ editing, shape, path, kind, kinds }: KindProps) {
  const list = valueAt(editing.mine.value, path);
  const switches = isList(list) ? list : [];
  const name = kindName(kind);
  const days = path.slice(0, -1);
  const { maxItems = Infinity, items = {} } = shape;
  const rates = items.properties?.["rate"]?.enum ?? [];
  const add = (): void => {
    const last = switchesIn(switches).at(-1);
    const at = timeText(last === undefined ? 0 : Math.min(last.minute + 60, 1439));
    const made = newValue(items);
    editing.edit(path, [...switches, { ...(isMembers(made) ? made : {}), at, rate: last?.rate ?? rates[0] ?? "A" }]);
  };
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span class="switches">
          {switches.length === 0 ? <span class="hint">{say(texts.goesOn)}</span> : null}
          {switches.map((one, k) => {
            const { at, rate } = isMembers(one) ? one : {};
            return (
              <span class="switch" key={String(k)}>
                <input
                  type="time"
                  aria-label={say(texts.timeOf, { kind: name, n: k + 1 })}
                  value={entered(at)}
                  onChange={({ currentTarget }) => editing.edit([...path, k, "at"], currentTarget.value)}
                />
                <select
                  aria-label={say(texts.rateOf, { kind: name, n: k + 1 })}
                  value={entered(rate)}
                  onChange={({ currentTarget }) => editing.edit([...path, k, "rate"], currentTarget.value)}
                >
                  {[...new Set([...rates, ...(rate === undefined ? [] : [rate])])].map((each) => (
                    <option key={String(each)} value={String(each)}>
                      {String(each)}
                    </option>
                  ))}
                </select>
                <button
                  type="button"
                  class="small"
                  aria-label={say(texts.removeSwitch, { kind: name, n: k + 1 })}
                  onClick={() => editing.edit([...path, k], undefined)}
                >
                  ×
                </button>
              </span>
            );
          })}
          <button
            type="button"
            class="small"
            disabled={switches.length >= maxItems}
            aria-label={say(texts.addSwitch, { kind: name })}
            onClick={add}
          >
            +
          </button>
        </span>
        <ProblemsWithin editing={editing} path={path} />
        <Before editing={editing} shape={shape} path={path} title={name} />
      </td>
      <td>
        <select
          aria-label={say(texts.likeOf, { kind: name })}
          value=""
          onChange={({ currentTarget }) => {
            const other = valueAt(editing.mine.value, [...days, currentTarget.value]);
            currentTarget.value = "";
            if (other !== undefined) editing.edit(path, other);
          }}
        >
          <option value="">{say(texts.like)}</option>
          {kinds
            .filter((other) => other !== kind)
            .map((other) => (
              <option key={other} value={other}>
                {kindName(other)}
              </option>
            ))}
        </select>
      </td>
    </tr>
  );
}

interface SeasonProps extends PlaceProps {
  readonly calendar: Calendar;
  readonly place: number;
  readonly choose: (place: number | undefined) => void;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function SeasonEditor({ editing, shape, path, calendar, place, choose }: SeasonProps) {
  const list = [...path, "seasons"];
  const all = valueAt(editing.mine.value, list);
  const seasons = isList(all) ? all : [];
  const of = shapeAt(shape, valueAt(editing.mine.value, path), ["seasons"]);
  const item = of.items ?? {};
  const add = (from: Json | undefined): void => {
    const made = from ?? newValue(item);
    const last = calendar.seasons.at(-1);
    const begins = last === undefined ? { month: 1, day: 1 } : { month: Math.min(12, last.month + 1), day: 1 };
    editing.edit(list, [...seasons, { ...(isMembers(made) ? made : {}), ...begins }]);
    choose(seasons.length);
  };
  if (seasons.length === 0)
    return (
      <p>
        {say(texts.noSeasons)}{" "}
        <button type="button" onClick={() => add(undefined)}>
          {say(texts.addFirst)}
        </button>
      </p>
    );
  const at = [...list, place];
  const season = seasons[place];
  const { month, day, days } = isMembers(season) ? season : {};
  const daysShape = item.properties?.["days"] ?? {};
  const kinds = [
    ...new Set([...Object.keys(daysShape.properties ?? {}), ...(isMembers(days) ? Object.keys(days) : [])]),
  ];
  const number = (key: string, label: string, value: Json | undefined) => (
    <label>
      {label}{" "}
      <input
        type="text"
        class="number short"
        value={entered(value)}
        onChange={({ currentTarget }) => editing.edit([...at, key], numberIn(currentTarget.value))}
      />{" "}
      <Problems editing={editing} path={[...at, key]} />
      <Before editing={editing} shape={item.properties?.[key] ?? {}} path={[...at, key]} title={label} />
    </label>
  );
  return (
    <div class="season" id="season">
      <Choice
        label={say(texts.season)}
        of={calendar.seasons.map(
          (one) => [String(one.place), say(texts.seasonOn, { date: `${two(one.month)}-${two(one.day)}` })] as const,
        )}
        chosen={String(place)}
        choose={(next) => choose(Number(next))}
      />
      <p class="acts">
        {number("month", say(texts.month), month)} {number("day", say(texts.dayOfMonth), day)}{" "}
        <button type="button" disabled={seasons.length >= (of.maxItems ?? Infinity)} onClick={() => add(season)}>
          {say(texts.addSeason)}
        </button>{" "}
        <button
          type="button"
          onClick={() => {
            editing.edit(at, undefined);
            choose(undefined);
          }}
        >
          {say(texts.removeSeason)}
        </button>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say(texts.schedule)}>
        <table class="words">
          <thead>
            <tr>
              <th scope="col">{say(texts.kind)}</th>
              <th scope="col">{say(texts.schedule)}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <KindRow
                key={kind}
                editing={editing}
                shape={daysShape.properties?.[kind] ?? {}}
                path={[...at, "days", kind]}
                kind={kind}
                kinds={kinds}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <Before editing={editing} shape={of} path={list} title={say(texts.season)} />
        <Problems editing={editing} path={at} keys={["month", "day"]} /> <Problems editing={editing} path={list} />
      </p>
    </div>
  );
}
