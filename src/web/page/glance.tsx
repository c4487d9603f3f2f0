/** The site at a glance: its meters, what of them wants somebody, and the power now. */
import { useEffect, useState } from "preact/hooks";
import { glanceStates, type GlanceOrder, type GlanceState, type MeterGlance } from "#quantity/overview-view.ts";
import { hashOf } from "./address.ts";
import { GlanceLink, PAGE, type Asked } from "./glance-link.ts";
import { wallText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Value } from "./value.tsx";

const stateWords: Readonly<Record<GlanceState, string>> = {
  silent: "Silent",
  alarm: "Alarm",
  attention: "Attention",
  measuring: "Measuring",
  closed: "Closed",
};

/** Columns, and by what each is sorted; the other way round at first where the most matters most. */
const columns: readonly (readonly [text: string, order: GlanceOrder, style: string, descending?: true])[] = [
  ["Meter", "name", ""],
  ["Model", "model", "model"],
  ["State", "state", ""],
  ["Power", "watts", "number", true],
  ["Last reading", "last", "when", true],
];

function Heads({ asked, ask }: { readonly asked: Asked; readonly ask: GlanceLink["ask"] }) {
  return (
    <tr>
      {columns.map(([text, order, style, first]) => {
        const isIt = asked.order === order;
        const sorted = asked.descending ? "descending" : "ascending";
        return (
          <th key={order} scope="col" class={style} aria-sort={isIt ? sorted : undefined}>
            <button type="button" onClick={() => ask({ order, descending: isIt ? !asked.descending : first === true })}>
              {text}
              <span aria-hidden="true" class="sorted">
                {isIt ? (asked.descending ? "▾" : "▴") : ""}
              </span>
            </button>
          </th>
        );
      })}
    </tr>
  );
}

function timeText(last: MeterGlance["last"]): string {
  return last === null ? "never" : wallText(Date.parse(last.utc), last.offsetMinutes);
}

function MeterRow({ meter: { name, title, state, words, watts, last } }: { readonly meter: MeterGlance }) {
  return (
    <tr>
      <th scope="row">
        <a href={hashOf({ meter: name, section: "" })}>{name}</a>
      </th>
      <td class="model">{title}</td>
      <td>
        <span class={`state ${state}`}>{stateWords[state]}</span>
        {words === "" ? null : <span class="why">{words}</span>}
      </td>
      <td class="number">{state === "closed" ? null : <Value value={watts} unit="W" />}</td>
      <td class="when">{state === "closed" ? null : timeText(last)}</td>
    </tr>
  );
}

/** "101 to 200 of 10,000", and the way to the others. */
function Pages({ from, shown, found, ask }: PagesProps) {
  if (found <= PAGE) return null;
  return (
    <nav class="pages" aria-label="Pages of the list">
      <button type="button" disabled={from === 0} onClick={() => ask({ from: Math.max(0, from - PAGE) })}>
        Before
      </button>
      <span>
        {(from + 1).toLocaleString("en")} to {(from + shown).toLocaleString("en")} of {found.toLocaleString("en")}
      </span>
      <button type="button" disabled={from + shown >= found} onClick={() => ask({ from: from + PAGE })}>
        Next
      </button>
    </nav>
  );
}

interface PagesProps {
  readonly from: number;
  readonly shown: number;
  readonly found: number;
  readonly ask: GlanceLink["ask"];
}

export function Section() {
  const [link] = useState(() => new GlanceLink());
  useEffect(() => {
    link.begin();
    return () => link.end();
  }, [link]);
  const [asked, answer, trouble] = [link.asked.value, link.answer.value, link.trouble.value];
  const ask: GlanceLink["ask"] = (change) => link.ask(change);
  if (answer === undefined) return trouble === undefined ? null : <Notice kind="trouble">{trouble}</Notice>;
  const { counts, found, from, meters, total } = answer;
  const all = glanceStates.reduce((sum, state) => sum + counts[state], 0);
  const chips: readonly (readonly [GlanceState | undefined, string, number])[] = [
    [undefined, "All", all],
    ...glanceStates.map((state) => [state, stateWords[state], counts[state]] as const),
  ];
  return (
    <section id="glance-panel" class={trouble === undefined ? "whole" : "whole old"} aria-labelledby="glance-title">
      <div class="head">
        <h2 id="glance-title">{total === 1 ? "One meter" : `${total.toLocaleString("en")} meters`}</h2>
        <input
          type="search"
          aria-label="Search for a meter by name or model"
          placeholder="Name or model"
          value={asked.search}
          onInput={({ currentTarget }) => ask({ search: currentTarget.value })}
        />
      </div>
      {trouble === undefined ? null : <Notice kind="trouble">{trouble}; below is what it said last.</Notice>}
      <div class="chips" role="group" aria-label="Meters by what they are like">
        {chips
          .filter(([state, , count]) => count > 0 || state === undefined || state === asked.state)
          .map(([state, text, count]) => (
            <button
              key={text}
              type="button"
              class={state ?? "all"}
              aria-pressed={asked.state === state}
              onClick={() => ask({ state })}
            >
              {text} <b>{count.toLocaleString("en")}</b>
            </button>
          ))}
      </div>
      <p class="hidden" role="status">
        {asked.search === "" && asked.state === undefined ? "" : `${found} found`}
      </p>
      {meters.length === 0 ? (
        <Notice>{total === 0 ? "This site has no meters." : "No meter is like that."}</Notice>
      ) : (
        <div class="scroll" role="region" tabIndex={0} aria-label="Meters">
          <table id="glance" aria-label="Meters">
            <thead>
              <Heads asked={asked} ask={ask} />
            </thead>
            <tbody>
              {meters.map((meter) => (
                <MeterRow key={meter.name} meter={meter} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pages from={from} shown={meters.length} found={found} ask={ask} />
    </section>
  );
}
