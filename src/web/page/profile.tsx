/** The load profile: a local day of one channel as a chart, with its gaps and events, and the newest records as they are. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveView, ProfileView } from "#quantity/meter-api.ts";
import { Chart } from "./chart.tsx";
import { olderOfDay } from "./explain.ts";
import { dayAfter, dayText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { channelOf, dayChart, remarkOf, withNewest, type Mark } from "./profile-days.ts";
import { askProfile, units } from "./site.ts";
import { Table } from "./table.tsx";
import { SideOf } from "./value.tsx";

/** Milliseconds between two questions: records of a fast clock come faster. */
const ASK_MS = 2000;
/** Marks that are told in words; then how many more there are. */
const MARKS = 12;

interface Fetched {
  readonly day: string;
  readonly profile: ProfileView;
}

/** The records of a day, asked for anew when there is another record, as often as is reasonable. */
function useDay(meter: string, day: string, next: number): Fetched | undefined {
  const [fetched, take] = useState<Fetched | undefined>(undefined);
  const newest = useRef(next);
  newest.current = next;
  useEffect(() => {
    let isOver = false;
    let asked: number | undefined;
    const ask = async (): Promise<void> => {
      if (asked === newest.current) return;
      asked = newest.current;
      const profile = await askProfile(meter, day, dayAfter(day, 1));
      if (!isOver) take({ day, profile });
    };
    // A site that does not answer now is asked again.
    const askAgain = (): void => void ask().catch(() => void (asked = undefined));
    askAgain();
    const timer = setInterval(askAgain, ASK_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [meter, day]);
  return fetched?.day === day ? fetched : undefined;
}

export function LoadProfile(live: LiveView) {
  return live.profile === undefined ? null : <Days {...live} profile={live.profile} />;
}

function Days({
  name,
  local,
  offsetMinutes,
  profile,
  log,
  logEntries,
  sides,
}: LiveView & { readonly profile: ProfileView }) {
  const [chosen, choose] = useState<string | undefined>(undefined);
  const [channel, pick] = useState(0);
  const today = local.slice(0, 10);
  const day = chosen ?? today;
  const fetched = useDay(name, day, profile.next);
  const shown = fetched === undefined ? undefined : withNewest(fetched.profile, profile, day);
  const logged: readonly Mark[] = log
    .filter(({ kind }) => kind !== "alarm")
    .map(({ utc, at, what }) => ({ at: Date.parse(utc), words: `${at.slice(11, 19)}: ${what}` }));
  const chart = shown === undefined ? undefined : dayChart(shown, { day, channel, offsetMinutes, logged });
  const { measure } = channelOf(profile.channels[channel] ?? "");
  const unit = units.value[measure] ?? "";
  const marks = chart?.marks ?? [];
  const older = olderOfDay(log, logEntries, day);
  const minutes = typeof profile.minutes === "number" ? `${profile.minutes} min` : `a ${profile.minutes}`;
  const labelOf = (ms: number): string => chart?.ticks.find(({ at }) => at === ms)?.label ?? timeIn(shown, ms);
  return (
    <Panel
      id="profile"
      title="Load profile"
      whole
      aside={
        <>
          <SideOf side={sides?.profile} />
          <label class="pick">
            Channel{" "}
            <select
              id="channel"
              value={String(channel)}
              onChange={({ currentTarget }) => pick(Number(currentTarget.value))}
            >
              {profile.channels.map((text, k) => (
                <option key={text} value={String(k)}>
                  {channelOf(text).measure}
                </option>
              ))}
            </select>
          </label>
          <div class="choice" role="group" aria-label="Day of the load profile">
            <button type="button" aria-label="The day before" onClick={() => choose(dayAfter(day, -1))}>
              ‹
            </button>
            <button type="button" aria-pressed={chosen === undefined} onClick={() => choose(undefined)}>
              Today
            </button>
            <button
              type="button"
              aria-label="The day after"
              disabled={day >= today}
              onClick={() => choose(dayAfter(day, 1))}
            >
              ›
            </button>
          </div>
        </>
      }
    >
      <p id="day" class="scale">
        {dayText(day)}
        {chart === undefined || chart.hours === 24 ? "" : `, a day of ${chart.hours} hours`}; {measure} in {minutes}
      </p>
      {chart === undefined || chart.times.length === 0 ? (
        <Notice>{fetched === undefined ? "Asking for the records." : "Nothing was recorded on this day."}</Notice>
      ) : null}
      <Chart
        id="day-chart"
        label={`Load profile of ${dayText(day)}`}
        times={chart?.times ?? []}
        lines={[{ name: measure, style: "active", unit, values: chart?.values ?? [] }]}
        range={chart?.range}
        ticks={chart?.ticks ?? []}
        marks={marks}
        timeText={labelOf}
        height={210}
        stepped
        fromZero={!/^(V|A|Hz|PF)\b/.test(measure)}
      />
      {marks.length === 0 ? null : (
        <ul id="marks" class="marks">
          {marks.slice(0, MARKS).map(({ at, words }) => (
            <li key={`${at} ${words}`}>{words}</li>
          ))}
          {marks.length > MARKS ? <li>and {marks.length - MARKS} more</li> : null}
        </ul>
      )}
      {older === undefined ? null : <Notice>{older}</Notice>}
      <Records {...profile} />
    </Panel>
  );
}

/** "16:45" of an instant by the offset of the record that it is in. */
function timeIn(profile: ProfileView | undefined, ms: number): string {
  const record = profile?.records.findLast(({ utc }) => Date.parse(utc.start) <= ms);
  return record === undefined ? "" : new Date(ms + 60_000 * record.offsetMinutes.start).toISOString().slice(11, 16);
}

function Records({ channels, records }: ProfileView) {
  if (records.length === 0) return null;
  return (
    <details open>
      <summary>The newest records, as they are</summary>
      <Table
        id="profile"
        label="Newest records of the load profile"
        heads={[["Interval"], ["To"], ...channels.map((name) => [name] as const)]}
        rows={records.toReversed().map((record) => ({
          key: String(record.sequence),
          name: [record.start.slice(5, 16), remarkOf(record)].filter((part) => part !== "").join(", "),
          cells: [
            record.end.slice(11, 16),
            ...record.values.map((value) => (
              <span class="value">{value === null ? "---" : Number(value.toPrecision(7))}</span>
            )),
          ],
        }))}
      />
    </details>
  );
}
