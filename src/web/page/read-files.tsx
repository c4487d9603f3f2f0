/** Files that are read, with how far that is, and what they have when it is done. */
import { useEffect, useState } from "preact/hooks";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Reading } from "./reading.ts";
import { WaveView } from "./wave-view.tsx";
import { texts } from "./wave-words.ts";

interface Props {
  /** Others are read anew. */
  readonly files: readonly File[];
  readonly name: string;
}

export function ReadFiles({ files, name }: Props) {
  const [reading, setReading] = useState<Reading | undefined>(undefined);
  useEffect(() => {
    const begun = new Reading(files);
    setReading(begun);
    return () => begun.stop();
  }, [files]);
  const state = reading?.state.value;
  if (reading === undefined || state === undefined) return null;
  if (state.kind === "failed") return <Notice kind="trouble">{say(texts.failed, { words: state.words })}</Notice>;
  if (state.kind === "stopped") return <Notice>{say(texts.stopped, { file: name })}</Notice>;
  if (state.kind === "read")
    return (
      <WaveView content={state.content} detail={reading.detail.value} ask={(from, count) => reading.ask(from, count)} />
    );
  const percent = state.of > 0 ? Math.min(100, Math.floor((100 * state.done) / state.of)) : 0;
  return (
    <div class="wave-progress">
      <span>{say(texts.reading, { file: name })}</span>
      <progress max={100} value={percent} aria-label={say(texts.reading, { file: name })} />
      <span class="figures">{say(texts.progress, { percent })}</span>
      <button type="button" onClick={() => reading.stop()}>
        {say(texts.stop)}
      </button>
    </div>
  );
}
