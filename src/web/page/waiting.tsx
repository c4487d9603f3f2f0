/** What stands where an answer is waited for, or did not come. */
import type { Asked } from "./asked.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { energyTexts } from "./texts/energy.ts";
import { frame } from "./texts/frame.ts";

export function Waiting({ asked: { answer, failed, again } }: { readonly asked: Asked<unknown> }) {
  if (failed)
    return (
      <Notice kind="trouble">
        {say(energyTexts.noAnswer)}{" "}
        <button type="button" onClick={again}>
          {say(frame.again)}
        </button>
      </Notice>
    );
  return answer === undefined ? <Notice>{say(frame.loading)}</Notice> : null;
}
