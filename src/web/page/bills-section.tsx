/** Bills: what a meter has counted by day, by month or from one self read to the next, by rate, with peaks, and what each is made of. */
import { useMemo, useState } from "preact/hooks";
import type { BillPeriod, BillsView, BillView } from "#quantity/bills-api.ts";
import { useAsked } from "./asked.ts";
import { keepPrices, keptPrices, moneyOf, plainMoney, type Prices } from "./bill-money.ts";
import { BillPrices } from "./bill-prices.tsx";
import { billsCsv, energyOf, measuresOf, peakOf, ratesOf } from "./bill-rows.ts";
import { Choice } from "./choice.tsx";
import { counted, decimalSign, say } from "./language.ts";
import { dateText, monthText, span, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { remarkOf } from "./profile-days.ts";
import { takeAway } from "./take-away.ts";
import type { OfMeter } from "./sections.ts";
import { askOf } from "./site.ts";
import { Table } from "./table.tsx";
import { billTexts } from "./texts/bills.ts";
import { profileTexts } from "./texts/profile.ts";
import { SideOf, Value } from "./value.tsx";
import { Waiting } from "./waiting.tsx";
import "./energy.css";

/** Milliseconds between two questions: a period that goes on grows. */
const ASK_MS = 30_000;

const periods: readonly BillPeriod[] = ["day", "month", "selfRead"];

export function rateText(rate: string | null): string {
  if (rate === null) return say(billTexts.noRate);
  return rate === "mixed" ? say(billTexts.mixed) : say(billTexts.rate, { rate });
}

/** "12,34 €", by the reader's language. */
function moneyText(cents: number, { currency }: Prices): string {
  return `${plainMoney(cents).replace(".", decimalSign.value)} ${currency}`.trimEnd();
}

function periodText({ period, from, to }: BillView, by: BillPeriod): string {
  if (by === "day") return dateText(period);
  if (by === "month") return monthText(period);
  const text = (at: string): string => whenText(at.slice(0, 16));
  return from === null || to === null ? period : say(billTexts.fromTo, { from: text(from.at), to: text(to.at) });
}

/** What there is to say of a period, in words. */
function stateOf(bill: BillView, source: BillsView["source"]): string {
  const { isRunning, isWhole, hours, missingSeconds, doubtful, beyond, clockBack } = bill;
  const odd = source === "profile" && bill.period.length === 10 && hours !== null && hours !== 24;
  return [
    say(isRunning ? billTexts.running : isWhole ? billTexts.whole : billTexts.notWhole),
    ...(odd ? [say(billTexts.hours, { n: hours })] : []),
    ...(missingSeconds > 0 ? [say(billTexts.missing, { span: span(missingSeconds) })] : []),
    ...(doubtful > 0 ? [say(source === "profile" ? billTexts.doubtful : billTexts.broken, { n: doubtful })] : []),
    ...(clockBack > 0 ? [say(billTexts.clockBack, { n: clockBack })] : []),
    ...(beyond > 0 ? [say(billTexts.beyond, { n: beyond })] : []),
  ].join(", ");
}

export function Section({ live }: OfMeter) {
  const { name } = live;
  const [by, choose] = useState<BillPeriod>("day");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [measure, pick] = useState<string | undefined>(undefined);
  const [prices, setPrices] = useState(() => keptPrices(localStorage, name));
  const words = { by, from: from === "" ? undefined : from, to: to === "" ? undefined : to };
  // A day that ends is another bill.
  const asked = useAsked(
    `${name} ${by} ${from} ${to} ${live.local.slice(0, 10)}`,
    () => askOf<BillsView>(name, "bills", words),
    ASK_MS,
  );
  const view = asked.answer;
  const measures = view === undefined ? [] : measuresOf(view);
  const shown = measure !== undefined && measures.includes(measure) ? measure : measures[0];
  // The meter's stream is many times as fast as its bills: what has not changed is not made anew.
  const table = useMemo(
    () => (view === undefined || shown === undefined ? null : <Bills view={view} measure={shown} prices={prices} />),
    [view, shown, prices],
  );
  const change = (next: Prices): void => {
    keepPrices(localStorage, name, next);
    setPrices(next);
  };
  return (
    <Panel
      id="bills"
      title={say(billTexts.title)}
      whole
      aside={
        <>
          <Choice
            label={say(billTexts.by)}
            of={periods.map((one) => [one, say(billTexts[one])])}
            chosen={by}
            choose={choose}
          />
          {measures.length < 2 ? null : (
            <label class="pick">
              {say(billTexts.energy)}{" "}
              <select id="energy-of" value={shown} onChange={({ currentTarget }) => pick(currentTarget.value)}>
                {measures.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
          )}
          <label class="pick">
            {say(billTexts.first)}{" "}
            <input
              type="date"
              id="bills-from"
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
          </label>
          <label class="pick">
            {say(billTexts.end)}{" "}
            <input type="date" id="bills-to" value={to} onChange={({ currentTarget }) => setTo(currentTarget.value)} />
          </label>
        </>
      }
    >
      {by === "selfRead" && asked.failed ? <Notice>{say(billTexts.cannot)}</Notice> : <Waiting asked={asked} />}
      {view === undefined ? null : view.bills.length === 0 || shown === undefined ? (
        <Notice>{say(by === "selfRead" ? billTexts.noSelfReads : billTexts.none)}</Notice>
      ) : (
        <>
          <p class="scale">{sourceText(view)}</p>
          {view.source === "profile" && view.hasRates ? <p class="scale">{say(billTexts.byCalendar)}</p> : null}
          {table}
          <p class="take">
            <button type="button" id="print" onClick={() => print()}>
              {say(billTexts.print)}
            </button>{" "}
            <button
              type="button"
              id="bills-csv"
              onClick={() => takeAway(`${name} bills.csv`, "text/csv", billsCsv(view, prices))}
            >
              {say(billTexts.csv)}
            </button>
          </p>
          <BillPrices
            prices={prices}
            change={change}
            rates={ratesOf(view, shown)}
            unit={energyUnit(view, shown)}
            rateText={rateText}
          />
        </>
      )}
    </Panel>
  );
}

function energyUnit({ bills }: BillsView, measure: string): string {
  return bills.map((bill) => energyOf(bill, measure)?.unit).find((unit) => unit !== undefined) ?? "";
}

function sourceText({ source, profile, interval }: BillsView): string {
  if (source === "selfReads") return say(billTexts.ofSelfReads);
  const length = typeof interval === "number" ? say(profileTexts.minutes, { n: interval }) : String(interval);
  return say(billTexts.ofProfile, { n: profile ?? 1, interval: length });
}

interface BillsProps {
  readonly view: BillsView;
  readonly measure: string;
  readonly prices: Prices;
}

function Bills({ view, measure, prices }: BillsProps) {
  const rates = ratesOf(view, measure);
  const unit = energyUnit(view, measure);
  const side = view.bills.map((bill) => energyOf(bill, measure)?.side).find((one) => one !== undefined && one !== null);
  const isPriced = Object.keys(prices.byRate).length > 0;
  return (
    <>
      <p class="scale">
        {measure} <SideOf side={side ?? undefined} />
      </p>
      <Table
        id="bills"
        label={say(billTexts.label)}
        heads={[
          [say(billTexts.period)],
          [say(billTexts.state)],
          ...rates.map((rate) => [rateText(rate)] as const),
          [say(billTexts.total)],
          [say(billTexts.peak)],
          ...(isPriced ? [[say(billTexts.money)] as const] : []),
        ]}
        rows={view.bills.toReversed().map((bill) => {
          const energy = energyOf(bill, measure);
          const money = energy === undefined ? undefined : moneyOf(energy, prices);
          const peak = peakOf(bill, measure);
          return {
            key: bill.period,
            name: periodText(bill, view.by),
            cells: [
              <State bill={bill} source={view.source} unknown={energy?.unknown ?? 0} />,
              ...rates.map((rate) => {
                const own = energy?.rates.find((one) => one.rate === rate);
                return own === undefined ? null : <Value value={own.value} unit={unit} />;
              }),
              <Value value={energy?.total} unit={unit} />,
              peak === undefined ? (
                <Value value={null} unit="" />
              ) : (
                <>
                  <Value value={peak.value} unit={peak.unit} />
                  {peak.at === undefined ? null : <small>{` ${whenText(peak.at.at.slice(0, 16))}`}</small>}
                </>
              ),
              ...(isPriced
                ? [
                    money === undefined ? (
                      <small>{say(billTexts.notPriced)}</small>
                    ) : (
                      <span class="value">{moneyText(money.cents, prices)}</span>
                    ),
                  ]
                : []),
            ],
          };
        })}
      />
      {isPriced ? <Notice>{say(billTexts.rounding)}</Notice> : null}
    </>
  );
}

interface StateProps {
  readonly bill: BillView;
  readonly source: BillsView["source"];
  readonly unknown: number;
}

function State({ bill, source, unknown }: StateProps) {
  const { missing, events, eventCount, records } = bill;
  const words = stateOf(bill, source);
  const parts = [
    say(billTexts.records, { n: counted(records) }),
    ...(unknown > 0 ? [say(billTexts.unknown, { n: counted(unknown) })] : []),
    ...missing.map((one) => say(billTexts.missingFrom, { from: one.from, to: one.to })),
    ...events.map(({ at, type }) => say(billTexts.event, { at, what: remarkOf({ type, status: [] }) })),
    ...(eventCount > events.length ? [say(billTexts.moreEvents, { n: eventCount - events.length })] : []),
  ];
  return (
    <details>
      <summary class={bill.isWhole ? "good" : undefined}>{words}</summary>
      <ul class="parts" aria-label={say(billTexts.made)}>
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </details>
  );
}
