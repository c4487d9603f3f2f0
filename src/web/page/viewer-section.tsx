/** Recordings that somebody has: dropped on the page, read in the browser, and looked at. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { dropped } from "./drop.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { ReadFiles } from "./read-files.tsx";
import { accepted, fileSetsOf, type FileSet } from "./viewer/file-sets.ts";
import { texts } from "./wave-words.ts";

/** Names that are told; of more how many there are. */
const TOLD = 5;

function namesOf(files: readonly File[]): string {
  const names = files.slice(0, TOLD).map(({ name }) => name.slice(0, 80));
  return files.length > TOLD ? `${names.join(", ")}, … (${files.length})` : names.join(", ");
}

function filesOf({ main, data, notes }: FileSet<File>): readonly File[] {
  return [main, data, notes].filter((file) => file !== undefined);
}

function DropPlace() {
  return (
    <div class="drop-place">
      <p>{say(texts.drop)}</p>
      <label>
        {say(texts.choose)}
        <input
          class="hidden"
          type="file"
          multiple
          accept={accepted.join(",")}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            if (files.length > 0) dropped.value = files;
            currentTarget.value = "";
          }}
        />
      </label>
    </div>
  );
}

export function Section() {
  const files = dropped.value;
  const { sets, others } = useMemo(() => fileSetsOf(files), [files]);
  const [at, choose] = useState(0);
  useEffect(() => choose(0), [files]);
  const set = sets[at] ?? sets[0];
  const chosen = useMemo(() => (set === undefined ? [] : filesOf(set)), [set]);
  return (
    <Panel
      id="viewer"
      title={set?.name ?? say(texts.title)}
      whole
      aside={<Aside sets={sets} at={at} choose={choose} />}
    >
      {files.length > 0 && sets.length === 0 ? (
        <Notice kind="trouble">{say(texts.none, { names: namesOf(others) })}</Notice>
      ) : null}
      {sets.length > 0 && others.length > 0 ? <Notice>{say(texts.others, { names: namesOf(others) })}</Notice> : null}
      {set === undefined ? <DropPlace /> : <ReadFiles key={`${set.name} ${at}`} files={chosen} name={set.name} />}
    </Panel>
  );
}

interface AsideProps {
  readonly sets: readonly FileSet<File>[];
  readonly at: number;
  readonly choose: (at: number) => void;
}

/** Of several recordings one is looked at; and the way back to none. */
function Aside({ sets, at, choose }: AsideProps) {
  if (sets.length === 0) return null;
  return (
    <>
      {sets.length < 2 ? null : (
        <label>
          {say(texts.recording)}{" "}
          <select value={at} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
            {sets.map(({ name }, k) => (
              <option key={k} value={k}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" onClick={() => (dropped.value = [])}>
        {say(texts.close)}
      </button>
    </>
  );
}
