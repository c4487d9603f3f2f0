/** Of a meter that is there: where it is read, how often, when it was the last time, and why not since. */
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { span } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { readsTexts } from "./texts/reads.ts";

/** "0.5 s": what is shorter than a second is said in parts of one. */
function everyText(seconds: number): string {
  return seconds < 1 ? `${seconds * 1000} ms` : span(seconds);
}

export function Reads({ reads }: LiveView) {
  if (reads === undefined) return null;
  const { url, every, age, trouble, identification } = reads;
  return (
    <Panel id="reads" title={say(readsTexts.title)}>
      <p class="url">
        <code>{url}</code> {say(readsTexts.every, { every: everyText(every) })}
      </p>
      <p>
        {say(readsTexts.last)}: {age === null ? say(readsTexts.never) : say(readsTexts.ago, { age: span(age) })}
      </p>
      {identification.length === 0 ? null : <p>{identification.join(", ")}</p>}
      {trouble === undefined ? null : <Notice>{say(readsTexts.trouble, { why: trouble })}</Notice>}
    </Panel>
  );
}
