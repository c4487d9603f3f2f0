/** The logs of a meter, all of them together: of some of them, of a time, with a text; page by page, and as tables to take away. */
import { whenText } from "./local-time.ts";
import { useMemo, useState } from "preact/hooks";
import type { LogKind } from "#quantity/log.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import type { FoundEntriesView } from "#quantity/log-search-api.ts";
import { useAsked } from "./asked.ts";
import { counted, locale, say } from "./language.ts";
import { Entry } from "./log-entry.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import type { OfMeter } from "./sections.ts";
import { askOf, placeOf, type Words } from "./site.ts";
import { Table } from "./table.tsx";
import { logNames, logTexts } from "./texts/logs.ts";
import { Waiting } from "./waiting.tsx";
import "./energy.css";

/** Entries of a page. */
const PAGE = 50;

interface Filter {
  /** None chosen are all of them. */
  readonly kinds: readonly LogKind[];
  readonly text: string;
  /** "2026-07-31T16:00"; empty where nobody says. */
  readonly from: string;
  readonly to: string;
}

const everything: Filter = { kinds: [], text: "", from: "", to: "" };

function wordsOf({ kinds, text, from, to }: Filter): Words {
  const said = (one: string): string | undefined => (one === "" ? undefined : one);
  return { kinds: said(kinds.join(",")), text: said(text), from: said(from), to: said(to) };
}

export function Section({ live }: OfMeter) {
  const { name, sides, logEntries } = live;
  const [filter, setFilter] = useState(everything);
  /** Where the pages before this one ended. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const words = wordsOf(filter);
  const older = trail.at(-1);
  // On the first page a new entry is a new page; further on what is looked at stays.
  const key = `${name} ${JSON.stringify(words)} ${older ?? `newest of ${logEntries}`}`;
  const asked = useAsked(key, () => askOf<FoundEntriesView>(name, "log", { ...words, older, most: PAGE }));
  const [kept, keep] = useState<FoundEntriesView | undefined>(undefined);
  if (asked.answer !== undefined && asked.answer !== kept) keep(asked.answer);
  // While the next answer is on its way the one before stays.
  const view = asked.answer ?? kept;
  const change = (next: Partial<Filter>): void => {
    setTrail([]);
    setFilter({ ...filter, ...next });
  };
  return (
    <Panel
      id="log"
      title={say(logTexts.title)}
      whole
      aside={<Filters filter={filter} logs={view?.logs ?? []} change={change} />}
    >
      {view === undefined || asked.failed ? <Waiting asked={asked} /> : null}
      {view === undefined ? null : (
        <>
          {view.entries.length === 0 ? (
            <Notice>{say(emptyText(view, filter))}</Notice>
          ) : (
            <Entries view={view} sides={sides} />
          )}
          <nav class="pages" aria-label={say(logTexts.pages)}>
            <button type="button" id="newest" disabled={trail.length === 0} onClick={() => setTrail([])}>
              {say(logTexts.newest)}
            </button>
            <button
              type="button"
              id="older"
              disabled={view.older === undefined}
              onClick={() => view.older !== undefined && setTrail([...trail, view.older])}
            >
              {say(logTexts.older)}
            </button>
          </nav>
          <p class="take">
            {say(logTexts.take)}{" "}
            <a id="log-csv" href={placeOf(name, "log/csv", words)} download>
              {say(logTexts.csv)}
            </a>
            {", "}
            <a id="log-xlsx" href={placeOf(name, "log/xlsx", words)} download>
              {say(logTexts.excel)}
            </a>
          </p>
        </>
      )}
    </Panel>
  );
}

interface EntriesProps {
  readonly view: FoundEntriesView;
  readonly sides: LiveView["sides"];
}

function Entries({ view, sides }: EntriesProps) {
  // The meter's stream is many times as fast as its logs: what has not changed is not made anew.
  return useMemo(
    () => (
      <Table
        id="log"
        label={say(logTexts.label)}
        kind="words"
        heads={[
          [say(logTexts.time)],
          [say(logTexts.log)],
          [say(logTexts.what)],
          [say(logTexts.by)],
          [say(logTexts.details)],
        ]}
        rows={view.entries.map((entry) => ({
          key: `${entry.kind} ${entry.sequence}`,
          name: <span class="value">{whenText(entry.at)}</span>,
          cells: [
            say(logNames[entry.kind]),
            <strong>{entry.what}</strong>,
            [entry.by === "automatic" ? say(logTexts.automatic) : entry.by, entry.port, entry.protocol, entry.peer]
              .filter((part) => part !== undefined && part !== "")
              .join(", "),
            <Entry entry={entry} sides={sides} />,
          ],
        }))}
      />
    ),
    [view, locale.value, sides?.log],
  );
}

function emptyText({ older }: FoundEntriesView, { kinds, text, from, to }: Filter) {
  if (older !== undefined) return logTexts.lookedOn;
  return kinds.length === 0 && text + from + to === "" ? logTexts.nothing : logTexts.none;
}

interface FiltersProps {
  readonly filter: Filter;
  readonly logs: FoundEntriesView["logs"];
  readonly change: (next: Partial<Filter>) => void;
}

function Filters({ filter: { kinds, text, from, to }, logs, change }: FiltersProps) {
  const turn = (kind: LogKind): void =>
    change({ kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind] });
  return (
    <>
      <details class="kinds">
        <summary id="kinds">
          {kinds.length === 0 ? say(logTexts.every) : say(logTexts.some, { n: kinds.length, all: logs.length })}
        </summary>
        <fieldset>
          <legend>{say(logTexts.which)}</legend>
          {logs.map(({ kind, entries, isBarred }) => (
            <label key={kind}>
              <input
                type="checkbox"
                name={kind}
                checked={kinds.includes(kind)}
                disabled={isBarred}
                onChange={() => turn(kind)}
              />{" "}
              {say(logNames[kind])} <small>{isBarred === true ? say(logTexts.barred) : counted(entries)}</small>
            </label>
          ))}
        </fieldset>
      </details>
      <label class="pick">
        {say(logTexts.text)}{" "}
        <input
          type="search"
          id="log-text"
          maxLength={100}
          placeholder={say(logTexts.textHint)}
          value={text}
          onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </label>
      <label class="pick">
        {say(logTexts.from)}{" "}
        <input
          type="datetime-local"
          id="log-from"
          value={from}
          onChange={({ currentTarget }) => change({ from: currentTarget.value })}
        />
      </label>
      <label class="pick">
        {say(logTexts.to)}{" "}
        <input
          type="datetime-local"
          id="log-to"
          value={to}
          onChange={({ currentTarget }) => change({ to: currentTarget.value })}
        />
      </label>
    </>
  );
}
