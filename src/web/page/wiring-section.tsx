/** The place of the wiring check on the page: what judges is a part of the page of its own, which is loaded when somebody asks. */
import { useState } from "preact/hooks";
import type { ComponentType } from "preact";
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { wiringTexts } from "./texts/wiring.ts";

interface Answer {
  readonly WiringAnswer: ComponentType<{ readonly live: LiveView }>;
}

type State = "shut" | "loading" | "failed" | Answer;

/** Whether there is anything to judge by: volts and amps by phase. */
function isJudged({ readings }: LiveView): boolean {
  const has = (...names: readonly string[]): boolean => names.some((name) => typeof readings[name] === "number");
  return has("V.a", "V.ab") && has("A.a", "A.b", "A.c");
}

export function WiringSection({ live }: { readonly live: LiveView }) {
  const [state, setState] = useState<State>("shut");
  if (!isJudged(live)) return null;
  const isShown = typeof state === "object";
  const open = (): void => {
    setState("loading");
    void import("./wiring-answer.tsx").then(
      (answer) => setState(answer),
      () => setState("failed"),
    );
  };
  const aside = (
    <button type="button" aria-expanded={isShown} onClick={() => (isShown ? setState("shut") : open())}>
      {say(isShown ? wiringTexts.close : wiringTexts.check)}
    </button>
  );
  return (
    <Panel id="wiring" title={say(wiringTexts.title)} aside={aside}>
      {isShown ? (
        <state.WiringAnswer live={live} />
      ) : (
        <Notice>{say(state === "failed" ? wiringTexts.notLoaded : wiringTexts.what)}</Notice>
      )}
    </Panel>
  );
}
