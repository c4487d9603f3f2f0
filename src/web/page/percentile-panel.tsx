/** Percentiles of a day or a week of the measurement log, against the chosen limits. */
import { useEffect, useState } from "preact/hooks";
import type { LiveView, ProfileView } from "#quantity/meter-api.ts";
import { Choice } from "./choice.tsx";
import { intervalName } from "./interval-words.ts";
import { counted, say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { fixed, withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { daysBefore, isRowBeyond, percentilesOf, type PercentileRow, type Percentiles } from "./percentiles.ts";
import { limitText } from "./quality.ts";
import { askGroup, askMeasurementLog, units } from "./site.ts";
import type { LimitChoice } from "./spectrum-limits.ts";
import { Table } from "./table.tsx";
import { percentileTexts as texts } from "./texts/quality.ts";
import { Value } from "./value.tsx";

/** Answers that are asked for, one after the other: a week of 3 s is fifty of them. */
const ANSWERS = 60;

const periods = [
  ["1", texts.day],
  ["7", texts.week],
] as const;
type Days = (typeof periods)[number][0];

/** All records of a period. */
async function readPeriod(meter: string, group: number, from: string): Promise<ProfileView> {
  let whole = await askMeasurementLog(meter, group, from, 0);
  for (let k = 1; k < ANSWERS && whole.more === true; k++) {
    const next = await askMeasurementLog(meter, group, from, whole.next);
    whole = { ...next, records: [...whole.records, ...next.records] };
  }
  return whole;
}

interface Props {
  readonly live: LiveView;
  readonly choice: LimitChoice;
}

export function PercentilePanel({ live, choice }: Props) {
  const { measurementLogs = 0, name, local, quality } = live;
  const [groups, takeGroups] = useState<readonly ProfileView[]>([]);
  const [group, choose] = useState("1");
  const [days, chooseDays] = useState<Days>("1");
  const [records, take] = useState<ProfileView | "failed" | undefined>(undefined);
  const [asked, ask] = useState(0);
  useEffect(() => {
    let isOver = false;
    const numbers = Array.from({ length: measurementLogs }, (_, k) => k + 1);
    void Promise.all(numbers.map((number) => askGroup(name, number))).then(
      (found) => isOver || takeGroups(found),
      () => undefined,
    );
    return () => void (isOver = true);
  }, [name, measurementLogs]);
  useEffect(() => {
    let isOver = false;
    take(undefined);
    readPeriod(name, Number(group), daysBefore(local, Number(days))).then(
      (found) => isOver || take(found),
      () => isOver || take("failed"),
    );
    return () => void (isOver = true);
  }, [name, group, days, asked]);
  const declared = new Map(
    (quality?.channels ?? []).flatMap((one) => (one.declared === undefined ? [] : [[one.name, one.declared] as const])),
  );
  return (
    <Panel
      id="percentiles"
      whole
      title={say(texts.title)}
      aside={
        <>
          {groups.length < 2 ? null : (
            <Choice
              label={say(texts.group)}
              of={groups.map(({ minutes }, k) => [
                String(k + 1),
                say(texts.groupName, { number: k + 1, length: lengthText(minutes) }),
              ])}
              chosen={group}
              choose={choose}
            />
          )}
          <Choice
            label={say(texts.period)}
            of={periods.map(([value, text]) => [value, say(text)])}
            chosen={days}
            choose={chooseDays}
          />
        </>
      }
    >
      {records === undefined ? <Notice>{say(texts.asking)}</Notice> : null}
      {records === "failed" ? (
        <Notice kind="trouble">
          {say(texts.failed)}
          <button type="button" onClick={() => ask(asked + 1)}>
            {say(texts.again)}
          </button>
        </Notice>
      ) : null}
      {typeof records === "object" ? (
        <Found {...percentilesOf(records, { days: Number(days), choice, declared })} choice={choice} />
      ) : null}
    </Panel>
  );
}

function lengthText(minutes: ProfileView["minutes"]): string {
  return typeof minutes === "number"
    ? say(texts.minutes, { n: minutes })
    : minutes === "cycles"
      ? say(texts.cycles)
      : minutes;
}

function unitOf({ name }: PercentileRow): string {
  return units.value[name] ?? "";
}

/** "253.00 V", "8 %"; of a band both. */
function limitWords(row: PercentileRow): string {
  const { limits } = row;
  if (limits === undefined) return "";
  const unit = unitOf(row);
  const written = (value: number): string => (unit === "%" ? `${limitText(value)} %` : withUnit(value, unit));
  return [limits.low, limits.high].flatMap((one) => (one === undefined ? [] : [written(one)])).join(" – ");
}

function Found({ expected, known, flagged, rows, choice }: Percentiles & { readonly choice: LimitChoice }) {
  if (known + flagged === 0) return <Notice>{say(texts.none)}</Notice>;
  const beyond = rows.filter(isRowBeyond);
  const hasLimits = rows.some(({ limits, outside }) => limits !== undefined && outside !== undefined);
  return (
    <>
      <p class="scale">
        {say(texts.counts, { known: counted(known), expected: counted(expected), flagged: counted(flagged) })}
      </p>
      <Table
        id="percentiles"
        label={say(texts.table)}
        heads={[[""], ["95 %"], ["99 %"], ["100 %"], [say(texts.limit)], [say(texts.beyondShare)]]}
        rows={rows.map((row) => ({
          key: `${row.name} ${row.over}`,
          name: `${intervalName(row.name)}${row.over === "" || row.over === "mean" ? "" : ` (${row.over})`}`,
          cells: [
            ...[row.p95, row.p99, row.largest].map((value) => <Value value={value} unit={unitOf(row)} />),
            limitWords(row),
            <Value value={row.outside} unit="" decimals={1} />,
          ],
        }))}
      />
      {!hasLimits ? null : (
        <Notice>
          {beyond.length === 0
            ? say(texts.verdictWithin)
            : say(texts.verdictBeyond, {
                what: beyond
                  .map((row) =>
                    say(texts.isBeyond, {
                      name: intervalName(row.name),
                      percent: row.percent,
                      value: `${fixed(row.percent === 99 ? row.p99 : row.p95, 2)} ${unitOf(row)}`,
                      limit: limitWords(row),
                    }),
                  )
                  .join("; "),
              })}
        </Notice>
      )}
      {choice.standard === "en50160" || choice.standard === "ieee519" ? <Notice>{say(texts.rule)}</Notice> : null}
    </>
  );
}
