/** The editor of a calendar of rates: the year and a day drawn, a season's schedule for each kind of day, and holidays. */
import { useState } from "preact/hooks";
import {
  calendarIn,
  clockChangesIn,
  daysOf,
  kindOfDay,
  partsOf,
  ratesIn,
  seasonOn,
  stretchesOf,
  timeText,
  type Calendar,
  type Part,
} from "./calendar.ts";
import { Holidays } from "./configuration-holidays.tsx";
import { SeasonEditor } from "./configuration-season.tsx";
import { Problems, type FieldProps } from "./configuration-field.tsx";
import { valueAt } from "./configuration-value.ts";
import { say } from "./language.ts";
import { calendar as texts } from "./texts/calendar.ts";
import { live } from "./watch.ts";

const DAY = 1440;
/** Rates have tones in the order of their letters. */
export const toneOf = (rate: string | undefined): string =>
  rate === undefined ? "rate none" : `rate ${rate.replace(/\W/g, "").toLowerCase()}`;

/** The parts of a day side by side, with the rates' letters where there is room. */
export function DayStrip({ parts, label }: { readonly parts: readonly Part[]; readonly label: string }) {
  const whole = parts.at(-1)?.to ?? DAY;
  return (
    <svg class="day" viewBox={`0 0 ${whole} 100`} preserveAspectRatio="none" role="img" aria-label={label}>
      {parts.map(({ from, to, rate }) => (
        <rect key={from} class={toneOf(rate)} x={from} y={0} width={to - from} height={100} />
      ))}
    </svg>
  );
}

export function wordsOfDay(parts: readonly Part[]): string {
  return parts.map(({ wall, rate }) => `${timeText(wall)} ${rate ?? say(texts.noRate)}`).join(", ");
}

function YearPicture({
  calendar,
  year,
  chosen,
}: {
  readonly calendar: Calendar;
  readonly year: number;
  readonly chosen: string;
}) {
  const days = daysOf(year);
  const changes = clockChangesIn(calendar, year);
  const at = days.indexOf(chosen);
  return (
    <svg
      class="year"
      viewBox={`0 0 ${days.length} ${DAY}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={say(texts.yearPicture, { year })}
    >
      {stretchesOf(calendar, year).map(({ first, days: count, parts }) =>
        parts.map(({ from, to, rate }) => (
          <rect key={`${first} ${from}`} class={toneOf(rate)} x={first} y={from} width={count} height={to - from} />
        )),
      )}
      {days.map((date, k) =>
        date.endsWith("-01") && k > 0 ? <path key={date} class="grid" d={`M${k} 0V${DAY}`} /> : null,
      )}
      {changes.map(({ date, minute }) => {
        const k = days.indexOf(date);
        return k < 0 ? null : <path key={date} class="clocks" d={`M${k + 0.5} 0V${Math.min(minute, DAY)}`} />;
      })}
      {at < 0 ? null : <path class="level" d={`M${at + 0.5} 0V${DAY}`} />}
    </svg>
  );
}

const months = Array.from({ length: 12 }, (_, k) => k);

function MonthNames() {
  return (
    <div class="months" aria-hidden="true">
      {months.map((k) => (
        <span key={k}>{String(k + 1)}</span>
      ))}
    </div>
  );
}

export function CalendarEditor({ editing, shape, path }: FieldProps) {
  const mine = editing.mine.value;
  const value = valueAt(mine, path);
  const calendar = calendarIn(value, valueAt(mine, ["timekeeping", "daylightSaving"]));
  const [day, setDay] = useState(() => live.peek()?.local.slice(0, 10) ?? new Date().toISOString().slice(0, 10));
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const year = Number(day.slice(0, 4));
  const parts = partsOf(calendar, day);
  const hours = (parts.at(-1)?.to ?? DAY) / 60;
  const kind = kindOfDay(calendar, day);
  const season = chosen ?? seasonOn(calendar, day)?.place ?? 0;
  const changes = clockChangesIn(calendar, year);
  const label = say(texts.dayPicture, { date: day, parts: wordsOfDay(parts) });
  return (
    <div class="calendar">
      <figure>
        <YearPicture calendar={calendar} year={year} chosen={day} />
        <MonthNames />
        <ul class="legend">
          {ratesIn(calendar).map((rate) => (
            <li key={rate}>
              <svg class="swatch-rate" viewBox="0 0 10 10" aria-hidden="true">
                <rect class={toneOf(rate)} width={10} height={10} />
              </svg>{" "}
              {rate}
            </li>
          ))}
        </ul>
      </figure>
      {changes.length === 0 ? null : (
        <p class="hint">
          {say(texts.clocks, {
            days: changes
              .map(({ date, forward }) => say(texts.ahead, { date, hours: (DAY - forward) / 60 }))
              .join(", "),
          })}
        </p>
      )}
      <p>
        <label>
          {say(texts.day)}{" "}
          <input
            type="date"
            value={day}
            onChange={({ currentTarget }) => {
              if (currentTarget.value !== "") setDay(currentTarget.value);
              setChosen(undefined);
            }}
          />
        </label>{" "}
        <span id="day-words">
          {kind in texts ? say(texts[kind as "monday"]) : kind}, {say(texts.hours, { n: hours })}: {wordsOfDay(parts)}
        </span>
      </p>
      <DayStrip parts={parts} label={label} />
      <SeasonEditor editing={editing} shape={shape} path={path} calendar={calendar} place={season} choose={setChosen} />
      <Holidays editing={editing} shape={shape} path={path} />
      <Problems editing={editing} path={path} keys={["seasons", "holidays"]} />
    </div>
  );
}
