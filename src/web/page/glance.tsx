/** The site at a glance: its meters, what of them wants somebody, and the power now. */
import { useEffect, useState } from "preact/hooks";
import { glanceStates, type GlanceOrder, type GlanceState, type MeterGlance } from "#quantity/overview-view.ts";
import { hashOf } from "./address.ts";
import { GlanceLink, PAGE, type Asked } from "./glance-link.ts";
import { counted, say } from "./language.ts";
import { wallText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { glanceTexts } from "./texts/states.ts";
import type { Text } from "#quantity/text.ts";
import { Value } from "./value.tsx";

/** Columns, and by what each is sorted; the other way round at first where the most matters most. */
const columns: readonly (readonly [text: Text, order: GlanceOrder, style: string, descending?: true])[] = [
  [glanceTexts.meter, "name", ""],
  [glanceTexts.model, "model", "model"],
  [glanceTexts.state, "state", ""],
  [glanceTexts.power, "watts", "number", true],
  [glanceTexts.last, "last", "when", true],
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
              {say(text)}
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
  return last === null ? say(glanceTexts.never) : whenText(wallText(Date.parse(last.utc), last.offsetMinutes));
}

function MeterRow({ meter: { name, title, state, words, watts, last } }: { readonly meter: MeterGlance }) {
  return (
    <tr>
      <th scope="row">
        <a href={hashOf({ meter: name, section: "" })}>{name}</a>
      </th>
      <td class="model">{title}</td>
      <td>
        <span class={`state ${state}`}>{say(glanceTexts[state])}</span>
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
    <nav class="pages" aria-label={say(glanceTexts.pages)}>
      <button type="button" disabled={from === 0} onClick={() => ask({ from: Math.max(0, from - PAGE) })}>
        {say(glanceTexts.before)}
      </button>
      <span>{say(glanceTexts.range, { from: counted(from + 1), to: counted(from + shown), all: counted(found) })}</span>
      <button type="button" disabled={from + shown >= found} onClick={() => ask({ from: from + PAGE })}>
        {say(glanceTexts.next)}
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
    [undefined, say(glanceTexts.all), all],
    ...glanceStates.map((state) => [state, say(glanceTexts[state]), counts[state]] as const),
  ];
  return (
    <section id="glance-panel" class={trouble === undefined ? "whole" : "whole old"} aria-labelledby="glance-title">
      <div class="head">
        <h2 id="glance-title">{total === 1 ? say(glanceTexts.one) : say(glanceTexts.many, { n: counted(total) })}</h2>
        <input
          type="search"
          aria-label={say(glanceTexts.search)}
          placeholder={say(glanceTexts.searchHint)}
          value={asked.search}
          onInput={({ currentTarget }) => ask({ search: currentTarget.value })}
        />
      </div>
      {trouble === undefined ? null : <Notice kind="trouble">{say(glanceTexts.saidLast, { trouble })}</Notice>}
      <div class="chips" role="group" aria-label={say(glanceTexts.chips)}>
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
              {text} <b>{counted(count)}</b>
            </button>
          ))}
      </div>
      <p class="hidden" role="status">
        {asked.search === "" && asked.state === undefined ? "" : say(glanceTexts.found, { n: counted(found) })}
      </p>
      {meters.length === 0 ? (
        <Notice>{say(total === 0 ? glanceTexts.noMeters : glanceTexts.noneLike)}</Notice>
      ) : (
        <div class="scroll" role="region" tabIndex={0} aria-label={say(glanceTexts.meters)}>
          <table id="glance" aria-label={say(glanceTexts.meters)}>
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
