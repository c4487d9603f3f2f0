/** Waveforms of a meter: those of now, and those that it has recorded. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { Files } from "./files.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import type { OfMeter } from "./sections.ts";
import { Waveforms } from "./waveform.tsx";
import { texts } from "./wave-words.ts";

function Now({ waveforms, rms }: LiveView) {
  const [held, hold] = useState<LiveView["waveforms"]>(undefined);
  const shown = held ?? waveforms;
  if (shown === undefined && rms === undefined) return null;
  return (
    <Panel
      id="waveform"
      title={say(texts.live)}
      whole
      aside={
        shown === undefined ? null : (
          <button type="button" onClick={() => hold(held === undefined ? waveforms : undefined)}>
            {say(held === undefined ? texts.hold : texts.goOn)}
          </button>
        )
      }
    >
      {shown === undefined ? <Notice>{say(texts.noneLive)}</Notice> : <Waveforms {...shown} />}
    </Panel>
  );
}

export function Section({ live }: OfMeter) {
  return (
    <>
      <Now {...live} key={`now ${live.name}`} />
      <Files {...live} />
    </>
  );
}
