/** What was made of a configuration: who, when, what; and the way back. */
import { whenText } from "./local-time.ts";
import { useEffect, useState } from "preact/hooks";
import { isDone, type HistoryEntry, type KeyChange } from "./configuration-answers.ts";
import type { ConfigurationEditing } from "./configuration-editing.ts";
import { shortly } from "./configuration-entries.tsx";
import { Lines } from "./configuration-status.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Table } from "./table.tsx";
import { configuration as texts } from "./texts/configuration.ts";

interface Of {
  readonly editing: ConfigurationEditing;
}

/** Entries that are shown at once. */
const PAGE = 20;

interface Page {
  readonly entries: readonly HistoryEntry[];
  /** The number of the oldest that the meter keeps. */
  readonly first: number;
}

function changed({ key, before, after, secret }: KeyChange): string {
  return secret === true ? `${key}: ${say(texts.secret)}` : `${key}: ${shortly(before)} → ${shortly(after)}`;
}

function What({ entry }: { readonly entry: HistoryEntry }) {
  const { changes, more = 0, consequences, undoes } = entry;
  return (
    <>
      {undoes === undefined ? null : <p>{say(texts.undoes, { number: undoes })}</p>}
      <Lines of={[...changes.map(changed), ...(more === 0 ? [] : [say(texts.more, { n: more })])]} />
      {consequences.length === 0 ? null : <small>{consequences.join("; ")}</small>}
    </>
  );
}

/** Taking back is asked for with the meter's own answer to it. */
function Undo({
  editing,
  entry,
  done,
}: Of & { readonly entry: HistoryEntry; readonly done: (isDone: boolean) => void }) {
  const [consequences, setConsequences] = useState<readonly string[] | undefined>(undefined);
  const [wrong, setWrong] = useState(false);
  const body = { entry: entry.number };
  useEffect(() => {
    void editing.tell("/configuration/undo?check", { method: "POST", body }).then((answer) => {
      if (answer === undefined) setWrong(true);
      else setConsequences(answer.said.consequences ?? []);
    });
  }, [entry]);
  return (
    <div class="answer" role="group" id="undoing">
      <p>{say(texts.undoAsk, { number: entry.number })}</p>
      {consequences === undefined ? null : (
        <>
          {consequences.length === 0 ? <p>{say(texts.rightNothing)}</p> : <p>{say(texts.undoWith)}</p>}
          <Lines of={consequences} />
        </>
      )}
      {editing.differs.value ? <p>{say(texts.undoDraft)}</p> : null}
      <p>
        <button
          type="button"
          disabled={wrong || consequences === undefined}
          onClick={() =>
            void editing.undo(body).then((took) => {
              if (took) done(true);
            })
          }
        >
          {say(texts.undoDo)}
        </button>{" "}
        <button type="button" onClick={() => done(false)}>
          {say(texts.cancel)}
        </button>
      </p>
    </div>
  );
}

export function History({ editing }: Of) {
  const [page, setPage] = useState<Page | "asking" | "lost" | "lacks">("asking");
  const [undoing, setUndoing] = useState<HistoryEntry | undefined>(undefined);
  const read = async (before?: Page): Promise<void> => {
    const end = before?.entries.at(-1)?.number;
    const asked = end === undefined ? "" : `&from=${Math.max(before?.first ?? 0, end - PAGE)}`;
    const most = end === undefined ? 1 : Math.min(PAGE, end - (before?.first ?? 0));
    const answer = await editing.ask(`/configuration/history?most=${most}${asked}`);
    if (!isDone(answer)) return setPage(answer.status === 404 ? "lacks" : "lost");
    const { entries = [], first = 0, next = 0 } = answer.said;
    // Numbers say where the newest are.
    if (end === undefined && next - first > 0) {
      const from = Math.max(first, next - PAGE);
      const newest = await editing.ask(`/configuration/history?most=${PAGE}&from=${from}`);
      if (!isDone(newest)) return setPage("lost");
      return setPage({ entries: (newest.said.entries ?? []).toReversed(), first });
    }
    setPage({ entries: [...(before?.entries ?? []), ...entries.toReversed()], first });
  };
  useEffect(() => void read(), [editing]);
  if (page === "asking") return <Notice>{say(texts.asking)}</Notice>;
  if (page === "lacks") return <Notice>{say(texts.historyLacks)}</Notice>;
  if (page === "lost") return <Notice kind="trouble">{say(texts.historyLost)}</Notice>;
  if (page.entries.length === 0) return <Notice>{say(texts.historyNone)}</Notice>;
  return (
    <>
      {undoing === undefined ? null : (
        <Undo
          key={undoing.number}
          editing={editing}
          entry={undoing}
          done={(took) => {
            setUndoing(undefined);
            if (took) void read();
          }}
        />
      )}
      <Table
        id="history"
        label={say(texts.history)}
        kind="words"
        heads={[[say(texts.number)], [say(texts.when)], [say(texts.who)], [say(texts.what)], [""]]}
        rows={page.entries.map((entry) => ({
          key: String(entry.number),
          name: entry.number,
          cells: [
            whenText(entry.at),
            [entry.by, entry.protocol, entry.peer].filter((one) => one !== undefined && one !== "").join(", "),
            <What entry={entry} />,
            <button
              type="button"
              class="small"
              aria-label={say(texts.undoEntryOf, { number: entry.number })}
              onClick={() => setUndoing(entry)}
            >
              {say(texts.undoEntry)}
            </button>,
          ],
        }))}
      />
      {(page.entries.at(-1)?.number ?? 0) > page.first ? (
        <p>
          <button type="button" onClick={() => void read(page)}>
            {say(texts.older)}
          </button>
        </p>
      ) : null}
    </>
  );
}
