/** The newest files of a meter, to be fetched or looked at, and the way to all of them. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { counted, say } from "./language.ts";
import { fileWords, hasTraces } from "./file-words.ts";
import { wallText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { RecordedFile } from "./recorded-file.tsx";
import { Table } from "./table.tsx";
import { texts } from "./wave-words.ts";

/** Files that are listed; the way to the others is beside the heading. */
const SHOWN = 12;

export function Files(live: LiveView) {
  return live.files === undefined ? null : <Shelf {...live} files={live.files} key={live.name} />;
}

function Shelf({ name, files }: LiveView & { readonly files: NonNullable<LiveView["files"]> }) {
  const [opened, open] = useState<string | undefined>(undefined);
  const shelf = `/meters/${encodeURIComponent(name)}/pqdif/`;
  const { count, newest } = files;
  return (
    <Panel
      id="files"
      title={say(texts.recorded)}
      whole
      aside={
        <a class="scale" href={shelf}>
          {say(texts.allFiles, { count: counted(count) })}
        </a>
      }
    >
      {newest.length === 0 ? (
        <Notice>{say(texts.nothingRecorded)}</Notice>
      ) : (
        <Table
          id="files"
          label={say(texts.newest)}
          kind="words"
          heads={[[say(texts.written)], [say(texts.event)], ["PQDIF"]]}
          rows={newest.slice(0, SHOWN).map(({ name: file, utc, offsetMinutes: ahead, size, what }) => ({
            key: file,
            name: whenText(wallText(Date.parse(utc), ahead)),
            cells: [
              hasTraces(file) ? (
                <button
                  type="button"
                  aria-pressed={file === opened}
                  onClick={() => open(file === opened ? undefined : file)}
                >
                  {what ?? fileWords(file)}
                </button>
              ) : (
                (what ?? fileWords(file))
              ),
              <a
                href={shelf + encodeURIComponent(file)}
                title={file}
                aria-label={say(texts.fetch, { file })}
              >{`${Math.ceil(size / 1000)} kB`}</a>,
            ],
          }))}
        />
      )}
      {opened === undefined ? null : (
        <RecordedFile key={opened} address={shelf + encodeURIComponent(opened)} name={opened} />
      )}
    </Panel>
  );
}
