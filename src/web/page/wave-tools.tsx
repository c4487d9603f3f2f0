/** What may be done with a drawing, as buttons: all that wheel and keys do, and the way to what happened. */
import type { RefObject } from "preact";
import { say } from "./language.ts";
import type { WaveStage } from "./wave-stage.ts";
import { texts, type Goal } from "./wave-words.ts";

interface Props {
  readonly stage: RefObject<WaveStage | undefined>;
  readonly goals: readonly Goal[];
  readonly goTo: (at: number) => void;
  readonly fits: boolean;
  readonly setFits: (fits: boolean) => void;
}

export function WaveTools({ stage, goals, goTo, fits, setFits }: Props) {
  const tools: readonly (readonly [sign: string, name: string, run: (stage: WaveStage) => void])[] = [
    ["+", say(texts.zoomIn), (one) => one.zoom(1 / 2)],
    ["−", say(texts.zoomOut), (one) => one.zoom(2)],
    ["‹", say(texts.earlier), (one) => one.move(-0.3)],
    ["›", say(texts.later), (one) => one.move(0.3)],
  ];
  return (
    <div class="wave-tools">
      {tools.map(([sign, name, run]) => (
        <button
          key={sign}
          type="button"
          aria-label={name}
          title={name}
          onClick={() => stage.current && run(stage.current)}
        >
          {sign}
        </button>
      ))}
      <button type="button" onClick={() => stage.current?.whole()}>
        {say(texts.all)}
      </button>
      <button type="button" aria-pressed={fits} onClick={() => setFits(!fits)}>
        {say(texts.fit)}
      </button>
      {goals.length === 0 ? null : (
        <label>
          {say(texts.goTo)}{" "}
          <select
            value=""
            onChange={({ currentTarget }) => {
              if (currentTarget.value !== "") goTo(Number(currentTarget.value));
              currentTarget.value = "";
            }}
          >
            <option value="">{say(texts.goToNothing)}</option>
            {goals.map(({ at, text }, k) => (
              <option key={k} value={at}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
