/** The wiring check's answer to what a meter measured when it was asked: what is wrong, how sure that is, what to change. */
import { timeText } from "./local-time.ts";
import { useState } from "preact/hooks";
import { circumstancesOf, type ViewOfWiring } from "#analysis/wiring/circumstances.ts";
import { observationOf } from "#analysis/wiring/observation.ts";
import { checkWiring } from "#analysis/wiring/wiring-check.ts";
import { wiringText } from "#analysis/wiring/texts.ts";
import { toldWiring, type ToldExplanation, type ToldWiring } from "#analysis/wiring/words.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import { language, say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { wiringTexts } from "./texts/wiring.ts";

const generating = [
  ["unknown", wiringTexts.notKnown],
  ["no", wiringTexts.no],
  ["yes", wiringTexts.yes],
] as const;
type Generates = (typeof generating)[number][0];

interface Asked {
  readonly generates: Generates;
  /** Volts, as they were typed. */
  readonly nominal: string;
}

interface Answer {
  readonly told: ToldWiring;
  readonly verdict: string;
  readonly means: string;
  /** Its volts to be are not known, unless somebody says them. */
  readonly asksNominal: boolean;
}

/** A text where there is no answer. */
function answerOf(live: LiveView, { generates, nominal }: Asked): Answer | string {
  const known = circumstancesOf(live as LiveView & ViewOfWiring);
  if (known === undefined) return say(wiringTexts.fourWireDelta);
  const typed = Number(nominal);
  const observation = observationOf(live.readings, {
    ...known,
    nominalVolts: known.nominalVolts ?? (typed > 0 ? typed : undefined),
    generates: generates === "unknown" ? undefined : generates === "yes",
  });
  if (observation === undefined) return say(wiringTexts.noVolts);
  const check = checkWiring(observation);
  return {
    told: toldWiring(check, language.value),
    verdict: check.verdict,
    means: say(wiringText(check.system)),
    asksNominal: known.nominalVolts === undefined,
  };
}

export function WiringAnswer({ live }: { readonly live: LiveView }) {
  // What was measured when it was asked stays: an answer that changes while it is read is none.
  const [taken, take] = useState(live);
  const [asked, ask] = useState<Asked>({ generates: "unknown", nominal: "" });
  const answer = answerOf(taken, asked);
  if (typeof answer === "string") return <Notice>{answer}</Notice>;
  const { told, verdict, means, asksNominal } = answer;
  return (
    <div class="wiring">
      <p role="status" class={`verdict ${verdict}`}>
        {told.verdict}
      </p>
      <p class="scale">{say(wiringTexts.measuredAt, { time: timeText(taken.local), system: means })}</p>
      <ol aria-label={say(wiringTexts.explanations)}>
        {told.explanations.map((one, k) => (
          <Explanation key={k} {...one} />
        ))}
      </ol>
      {told.untold.length === 0 ? null : (
        <>
          <h3>{say(wiringTexts.untold)}</h3>
          <ul>
            {told.untold.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
      <form onSubmit={(event) => event.preventDefault()}>
        <label class="pick">
          {say(wiringTexts.generates)}{" "}
          <select
            value={asked.generates}
            onChange={({ currentTarget }) => ask({ ...asked, generates: currentTarget.value as Generates })}
          >
            {generating.map(([value, text]) => (
              <option key={value} value={value}>
                {say(text)}
              </option>
            ))}
          </select>
        </label>{" "}
        {asksNominal ? (
          <label class="pick">
            {say(wiringTexts.nominal)}{" "}
            <input
              type="number"
              min="1"
              value={asked.nominal}
              onChange={({ currentTarget }) => ask({ ...asked, nominal: currentTarget.value })}
            />
          </label>
        ) : null}{" "}
        <button type="button" onClick={() => take(live)}>
          {say(wiringTexts.again)}
        </button>
      </form>
    </div>
  );
}

function Explanation({ probability, mistakes, loads, same }: ToldExplanation) {
  return (
    <li>
      <strong>{probability}:</strong>{" "}
      {mistakes.length === 0 ? say(wiringTexts.isRight) : mistakes.map(({ wrong }) => wrong).join(" ")}
      {mistakes.map(({ change }) => (
        <p key={change} class="change">
          {say(wiringTexts.change, { change })}
        </p>
      ))}
      {loads === "" ? null : <p class="scale">{loads}.</p>}
      {same.length === 0 ? null : (
        <details>
          <summary>{say(wiringTexts.same)}</summary>
          <ul>
            {same.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
