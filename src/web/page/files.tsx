/** The newest files of a meter, to be fetched or looked at, and the way to all of them. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { fileWords, hasTraces } from "./file-words.ts";
import { wallText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { RecordedFile } from "./recorded-file.tsx";
import { Table } from "./table.tsx";

/** Files that are listed; the way to the others is beside the heading. */
const SHOWN = 6;

export function Files(live: LiveView) {
  return live.files === undefined ? null : <Shelf {...live} files={live.files} key={live.name} />;
}

function Shelf({ name, files, offsetMinutes }: LiveView & { readonly files: NonNullable<LiveView["files"]> }) {
  const [opened, open] = useState<string | undefined>(undefined);
  const shelf = `/meters/${encodeURIComponent(name)}/pqdif/`;
  const { count, newest } = files;
  return (
    <Panel
      id="files"
      title="Recorded events"
      aside={
        <a class="scale" href={shelf}>
          All files ({count})
        </a>
      }
    >
      {newest.length === 0 ? (
        <Notice>Nothing has been recorded yet: what a trigger records goes into a file.</Notice>
      ) : (
        <Table
          id="files"
          label="The newest files of recorded events"
          kind="words"
          heads={[["Written"], ["Event"], ["PQDIF"]]}
          rows={newest.slice(0, SHOWN).map(({ name: file, utc, offsetMinutes: ahead, size, what }) => ({
            key: file,
            name: wallText(Date.parse(utc), ahead),
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
              <a href={shelf + encodeURIComponent(file)} title={file} aria-label={`Fetch ${file}`}>
                {`${Math.ceil(size / 1000)} kB`}
              </a>,
            ],
          }))}
        />
      )}
      {opened === undefined ? null : (
        <RecordedFile key={opened} meter={name} file={opened} offsetMinutes={offsetMinutes} />
      )}
    </Panel>
  );
}
