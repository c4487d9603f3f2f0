/** The load profile: a local day, week or month of one channel as a chart, with its gaps and events, its records, and all of it to take away. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LiveView, ProfileView } from "#quantity/meter-api.ts";
import type { FoundEntriesView } from "#quantity/log-search-api.ts";
import type { TrendsView } from "#quantity/trend-api.ts";
import { useAsked } from "./asked.ts";
import { Chart } from "./chart.tsx";
import { Choice } from "./choice.tsx";
import { counted, say } from "./language.ts";
import { dateText, dayAfter, dayText, localMs, monthText, shortDate, timeText, wallText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { channelOf, dayChart, withNewest, type Mark } from "./profile-days.ts";
import { Records } from "./profile-records.tsx";
import { daysOf, moved, spans, sumOf, type Days, type Span } from "./profile-span.ts";
import type { OfMeter } from "./sections.ts";
import { askOf, askProfile, placeOf, units } from "./site.ts";
import { profileTexts } from "./texts/profile.ts";
import { SideOf } from "./value.tsx";
import "./energy.css";

/** Milliseconds between two questions: records of a fast clock come faster. */
const ASK_MS = 2000;
/** Marks that are told in words; then how many more there are. */
const MARKS = 12;
/** Entries of logs that are marked. */
const LOGGED = 100;

interface Fetched {
  readonly key: string;
  readonly profile: ProfileView;
}

interface Wanted extends Days {
  readonly meter: string;
  readonly number: number;
}

/** The records of some days, asked for anew when there is another record, as often as is reasonable. */
function useDays({ meter, number, day, days }: Wanted, next: number): ProfileView | undefined {
  const [fetched, take] = useState<Fetched | undefined>(undefined);
  const newest = useRef(next);
  newest.current = next;
  const key = `${meter}\n${number}\n${day}\n${days}`;
  useEffect(() => {
    let isOver = false;
    let asked: number | undefined;
    const ask = async (): Promise<void> => {
      if (asked === newest.current) return;
      asked = newest.current;
      const profile = await askProfile(meter, number, day, dayAfter(day, days));
      if (!isOver) take({ key, profile });
    };
    // A site that does not answer now is asked again.
    const askAgain = (): void => void ask().catch(() => void (asked = undefined));
    askAgain();
    const timer = setInterval(askAgain, ASK_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [key]);
  return fetched?.key === key ? fetched.profile : undefined;
}

const nothing: readonly Mark[] = [];

/** What the logs have of some days, but for alarms, which are many, and who was let in. */
function useLogged({ name, logs, logEntries }: LiveView, { day, days }: Days): readonly Mark[] {
  const kinds = logs.filter((kind) => kind !== "alarm" && kind !== "security").join(",");
  const words = { kinds, from: `${day}T00:00`, to: `${dayAfter(day, days)}T00:00`, most: LOGGED };
  const asked = useAsked(`${name} ${JSON.stringify(words)} ${logEntries}`, async () =>
    kinds === "" ? undefined : askOf<FoundEntriesView>(name, "log", words),
  );
  const entries = asked.answer?.entries;
  const [kept, keep] = useState<{ readonly of: string; readonly entries: FoundEntriesView["entries"] } | undefined>();
  const of = `${name} ${day} ${days}`;
  if (entries !== undefined && entries !== kept?.entries) keep({ of, entries });
  const shown = entries ?? (kept?.of === of ? kept.entries : undefined);
  return useMemo(
    () =>
      shown?.map(({ utc, at, what }) => ({
        at: Date.parse(utc),
        words: `${days === 1 ? "" : `${shortDate(localMs(at.slice(0, 10)))} `}${timeText(at.slice(0, 19))}: ${what}`,
      })) ?? nothing,
    [shown],
  );
}

export function Section({ live }: OfMeter) {
  return live.profile === undefined ? null : <LoadProfile {...live} profile={live.profile} key={live.name} />;
}

function intervalText(minutes: ProfileView["minutes"]): string {
  if (typeof minutes === "number") return say(profileTexts.minutes, { n: minutes });
  const named = { day: profileTexts.aDay, week: profileTexts.aWeek, month: profileTexts.aMonth };
  return minutes === "day" || minutes === "week" || minutes === "month" ? say(named[minutes]) : minutes;
}

function LoadProfile(live: LiveView & { readonly profile: ProfileView }) {
  const { name, local, offsetMinutes, profile, sides } = live;
  const [chosen, choose] = useState<string | undefined>(undefined);
  const [span, stretch] = useState<Span>("day");
  const [channel, pick] = useState(0);
  const [number, pickProfile] = useState(1);
  const listed = useAsked(name, () => askOf<TrendsView>(name, "trends")).answer;
  const profiles = listed?.series.filter(({ series }) => series === "profile") ?? [];
  const today = local.slice(0, 10);
  const wanted = daysOf(span, chosen ?? today);
  const fetched = useDays({ meter: name, number, ...wanted }, profile.next);
  // The stream has the newest records of the first profile.
  const shown = fetched === undefined || number !== 1 ? fetched : withNewest(fetched, profile, wanted.day, wanted.days);
  const of = shown ?? (number === 1 ? profile : undefined);
  const logged = useLogged(live, wanted);
  // A month has thousands of records: it is drawn anew when there is something new.
  const chart = useMemo(
    () => (shown === undefined ? undefined : dayChart(shown, { ...wanted, channel, offsetMinutes, logged })),
    [shown, channel, offsetMinutes, logged],
  );
  const records = useMemo(() => (shown === undefined ? null : <Records {...shown} />), [shown]);
  const { measure } = channelOf(of?.channels[channel] ?? "");
  const unit = units.value[measure] ?? "";
  const marks = chart?.marks ?? [];
  const sum = shown === undefined ? undefined : sumOf(shown, channel);
  const last = dayAfter(wanted.day, wanted.days - 1);
  const what =
    span === "day"
      ? dayText(wanted.day)
      : span === "week"
        ? `${dateText(wanted.day)} – ${dateText(last)}`
        : monthText(wanted.day);
  const words = { measure, interval: intervalText(of?.minutes ?? "") };
  const isOdd = span === "day" && chart !== undefined && chart.hours !== 24;
  return (
    <Panel
      id="profile"
      title={say(profileTexts.title)}
      whole
      aside={
        <>
          <SideOf side={sides?.profile} />
          {profiles.length < 2 ? null : (
            <label class="pick">
              {say(profileTexts.which)}{" "}
              <select
                id="which"
                value={String(number)}
                onChange={({ currentTarget }) => {
                  pickProfile(Number(currentTarget.value));
                  pick(0);
                }}
              >
                {profiles.map(({ number: one, interval }) => (
                  <option key={one} value={String(one)}>
                    {one}: {intervalText(interval)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label class="pick">
            {say(profileTexts.channel)}{" "}
            <select
              id="channel"
              value={String(channel)}
              onChange={({ currentTarget }) => pick(Number(currentTarget.value))}
            >
              {(of?.channels ?? []).map((text, k) => (
                <option key={`${k} ${text}`} value={String(k)}>
                  {channelOf(text).measure}
                </option>
              ))}
            </select>
          </label>
          <Choice
            label={say(profileTexts.span)}
            of={spans.map((one) => [one, say(profileTexts[one])])}
            chosen={span}
            choose={stretch}
          />
          <div class="choice" role="group" aria-label={say(profileTexts.when)}>
            <button
              type="button"
              aria-label={say(profileTexts.before)}
              onClick={() => choose(moved(span, wanted.day, -1))}
            >
              ‹
            </button>
            <button type="button" aria-pressed={chosen === undefined} onClick={() => choose(undefined)}>
              {say(profileTexts.today)}
            </button>
            <button
              type="button"
              aria-label={say(profileTexts.after)}
              disabled={last >= today}
              onClick={() => choose(moved(span, wanted.day, 1))}
            >
              ›
            </button>
          </div>
          <label class="pick">
            {say(profileTexts.go)}{" "}
            <input
              type="date"
              id="go"
              value={chosen ?? today}
              max={today}
              onChange={({ currentTarget }) => currentTarget.value !== "" && choose(currentTarget.value)}
            />
          </label>
        </>
      }
    >
      <p id="day" class="scale">
        {isOdd
          ? say(profileTexts.dayOfHours, { day: what, hours: chart.hours, ...words })
          : say(profileTexts.dayOf, { day: what, ...words })}
      </p>
      {chart === undefined || chart.times.length === 0 ? (
        <Notice>{say(shown === undefined ? profileTexts.asking : profileTexts.none)}</Notice>
      ) : null}
      {shown?.more === true ? <Notice kind="trouble">{say(profileTexts.tooMany)}</Notice> : null}
      <Chart
        id="day-chart"
        label={say(profileTexts.label, { what })}
        times={chart?.times ?? []}
        lines={[{ name: measure, style: "active", unit, values: chart?.values ?? [] }]}
        range={chart?.range}
        ticks={chart?.ticks ?? []}
        marks={marks}
        timeText={(ms) => chart?.ticks.find(({ at }) => at === ms)?.label ?? timeIn(shown, ms, span !== "day")}
        height={260}
        stepped
        fromZero={!/^(V|A|Hz|PF)\b/.test(measure)}
      />
      {sum === undefined ? null : (
        <p id="sum">
          {say(profileTexts.sum)}:{" "}
          {say(profileTexts.sumWords, { sum: withUnit(sum, unit), n: counted(shown?.records.length ?? 0) })}
        </p>
      )}
      {marks.length === 0 ? null : (
        <ul id="marks" class="marks">
          {marks.slice(0, MARKS).map(({ at, words: said }) => (
            <li key={`${at} ${said}`}>{said}</li>
          ))}
          {marks.length > MARKS ? <li>{say(profileTexts.more, { n: marks.length - MARKS })}</li> : null}
        </ul>
      )}
      <Take meter={name} number={number} {...wanted} />
      {records}
    </Panel>
  );
}

function Take({ meter, number, day, days }: Wanted) {
  const words = { from: `${day}T00:00`, to: `${dayAfter(day, days)}T00:00` };
  return (
    <p class="take">
      {say(profileTexts.take)}{" "}
      <a id="csv" href={placeOf(meter, `profiles/${number}/csv`, words)} download>
        {say(profileTexts.takeCsv)}
      </a>
      {", "}
      <a id="xlsx" href={placeOf(meter, `profiles/${number}/xlsx`, words)} download>
        {say(profileTexts.takeExcel)}
      </a>
    </p>
  );
}

/** "16:45" of an instant by the offset of the record that it is in, with its date where days are shown. */
function timeIn(profile: ProfileView | undefined, ms: number, isDated: boolean): string {
  const record = profile?.records.findLast(({ utc }) => Date.parse(utc.start) <= ms);
  if (record === undefined) return "";
  const wall = ms + 60_000 * record.offsetMinutes.start;
  return `${isDated ? `${shortDate(wall)} ` : ""}${timeText(wallText(wall, 0).slice(0, 16))}`;
}
