/** What of a meter wants somebody: alarms, conditions, a missing supply; and, apart from those, what it runs on. */
import type { LiveView } from "#quantity/meter-api.ts";
import type { Alarm, Condition } from "#quantity/meter-surface.ts";
import { blindnessOf } from "./blindness.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { sides as sideTexts } from "./texts/readings.ts";
import { alertTexts } from "./texts/states.ts";

function word(bits: number): string {
  return `0x${bits.toString(16).padStart(4, "0")}`;
}

interface Said {
  readonly text: string;
  readonly means?: string | undefined;
}

function saidOf({ id, label, value, of, unit = "", side, level, reset }: Alarm, isSided: boolean): Said {
  const name = [say(alertTexts.trigger, { id }), label].filter((part) => part !== "").join(", ");
  const where = isSided && side !== undefined ? ` ${say(sideTexts[side])}` : "";
  const levels = level === undefined || reset === undefined ? level : say(alertTexts.until, { level, reset });
  const means =
    of === undefined
      ? undefined
      : levels === undefined
        ? say(alertTexts.isClosed, { what: of })
        : `${of} ${levels}${where}`;
  return { text: `${name}: ${withUnit(value, unit)}${where}`, means };
}

export function Alerts(live: LiveView) {
  const { powered, testMode, alarms, conditions, systemBits, triggerBits, supply, timeSource, sides } = live;
  const blindness = blindnessOf(live);
  // Without a reading the meter's own limits say nothing about what it measures: they are there, and no alarm.
  const isTrouble = ({ trouble }: Condition): boolean => trouble && blindness === undefined;
  const wrong: readonly Said[] = [
    ...(blindness === undefined ? [] : [{ text: say(alertTexts.noReading), means: blindness }]),
    ...(powered ? [] : [{ text: say(alertTexts.noSupply), means: say(alertTexts.noSupplyMeans) }]),
    ...(testMode ? [{ text: say(alertTexts.testMode), means: say(alertTexts.testModeMeans) }] : []),
    ...alarms.map((alarm) => saidOf(alarm, sides !== undefined)),
    ...conditions.filter(isTrouble),
  ];
  const bits = [
    ...(systemBits === undefined ? [] : [say(alertTexts.systemWord, { word: word(systemBits) })]),
    ...(triggerBits === undefined ? [] : [say(alertTexts.triggerWord, { word: word(triggerBits) })]),
  ];
  const quiet: readonly Said[] = conditions
    .filter((one) => !isTrouble(one))
    .map((one) => (one.trouble ? { text: one.text, means: say(alertTexts.withoutReading) } : one));
  /** What it runs on is no alert, and stands apart from them. */
  const ordinary = [
    ...(powered && supply !== undefined
      ? [say(supply === "inputs" ? alertTexts.byInputs : alertTexts.byTerminals)]
      : []),
    ...(timeSource === undefined ? [] : [say(alertTexts.clockBy, { source: timeSource })]),
    ...(bits.length === 0 ? [] : [say(alertTexts.statusWords, { words: bits.join(", ") })]),
  ];
  return (
    <Panel id="alerts" title={say(alertTexts.title)}>
      <ul id="alerts">
        {wrong.length === 0 ? <li class="good">{say(alertTexts.none)}</li> : null}
        {[...wrong.map((said) => ({ ...said, style: "bad" })), ...quiet.map((said) => ({ ...said, style: "" }))].map(
          ({ text, means, style }) => (
            <li key={text} class={style === "" ? undefined : style}>
              <span class="said">{text}</span>
              {means === undefined ? null : <small>{means}</small>}
            </li>
          ),
        )}
      </ul>
      {ordinary.length === 0 ? null : <Notice>{ordinary.join(" ")}</Notice>}
    </Panel>
  );
}
