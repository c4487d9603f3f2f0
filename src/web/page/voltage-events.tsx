/** The voltage half cycle by half cycle, and the sags and swells that the page has seen in it. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { Chart } from "./chart.tsx";
import { say } from "./language.ts";
import { clockText, preciseClockText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { fixed, hasValues, withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { phases, type Sag, type Trace } from "./sags.ts";
import { seenTexts as texts } from "./texts/events.ts";
import { seen } from "./watch.ts";

/** Milliseconds of the trace while nothing has happened. */
const RUNNING_MS = 10_000;

function wordsOf({ kind, phases: of, volts, part, ms }: Sag): string {
  return say(kind === "sag" ? texts.sag : texts.swell, {
    phases: of.map((phase) => phase.toUpperCase()).join(", "),
    volts: withUnit(volts, "V"),
    part: fixed(100 * part, 0),
    ms: Math.round(ms),
  });
}

export function VoltageEvents({ rms, logs }: LiveView) {
  const [chosen, choose] = useState<number | undefined>(undefined);
  const { sags } = seen.value;
  if (rms === undefined) return null;
  // The newest shows itself; whoever has chosen another keeps it.
  const sag = chosen === -1 ? undefined : (sags.found.find(({ at }) => at === chosen) ?? sags.found[0]);
  const trace: Trace = sag?.trace ?? sags.last(RUNNING_MS);
  const hasLog = logs.some((kind) => kind === "sagSwell");
  return (
    <Panel id="rms" whole title={say(texts.title)}>
      {hasValues(trace.volts) ? (
        <Chart
          id="rms"
          label={sag === undefined ? say(texts.trace) : say(texts.traceOf, { what: wordsOf(sag) })}
          times={trace.times}
          lines={phases.map((phase, k) => ({
            name: phase.toUpperCase(),
            style: phase,
            unit: "V",
            values: trace.volts[k] ?? [],
          }))}
          height={190}
          timeText={sag === undefined ? clockText : preciseClockText}
          marks={sag === undefined ? [] : [{ at: sag.at }, { at: sag.at + sag.ms }]}
        />
      ) : (
        <Notice>{say(texts.nothing)}</Notice>
      )}
      <ul id="sags" class="events">
        {sags.found.length === 0 ? null : (
          <li key="now">
            <button type="button" aria-pressed={sag === undefined} onClick={() => choose(-1)}>
              {say(texts.now)}
              <span class="value">{RUNNING_MS / 1000} s</span>
            </button>
          </li>
        )}
        {sags.found.map((one) => (
          <li key={one.at}>
            <button type="button" aria-pressed={one === sag} onClick={() => choose(one.at)}>
              <span class="value">{preciseClockText(one.at)}</span> {wordsOf(one)}
            </button>
          </li>
        ))}
      </ul>
      <Notice>
        {sags.found.length === 0 ? say(texts.none) : ""}
        {say(texts.rule)}
        {say(hasLog ? texts.hasLog : texts.noLog)}
      </Notice>
    </Panel>
  );
}
