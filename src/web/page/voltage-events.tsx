/** The voltage half cycle by half cycle, and the sags and swells that the page has seen in it. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { Chart } from "./chart.tsx";
import { clockText, preciseClockText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { hasValues, withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { phases, type Sag, type Trace } from "./sags.ts";
import { seen } from "./watch.ts";

/** Milliseconds of the trace while nothing has happened. */
const RUNNING_MS = 10_000;

function wordsOf({ kind, phases: of, volts, part, ms }: Sag): string {
  const where = of.map((phase) => phase.toUpperCase()).join(", ");
  return `${kind} on ${where} to ${withUnit(volts, "V")} (${(100 * part).toFixed(0)} %) for ${Math.round(ms)} ms`;
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
    <Panel id="rms" title="Voltage, each half cycle">
      {hasValues(trace.volts) ? (
        <Chart
          id="rms"
          label={
            sag === undefined
              ? "RMS volts of each half cycle, the last seconds"
              : `RMS volts of each half cycle, ${wordsOf(sag)}`
          }
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
        <Notice>No half cycle of this time has been measured.</Notice>
      )}
      <ul id="sags" class="events">
        {sags.found.length === 0 ? null : (
          <li key="now">
            <button type="button" aria-pressed={sag === undefined} onClick={() => choose(-1)}>
              Now: the last <span class="value">{RUNNING_MS / 1000} s</span>
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
        {sags.found.length === 0 ? "No sag or swell has passed since this page was opened. " : ""}
        Below 90 % or above 110 % of the voltage of the last minute counts as one (IEC 61000-4-30). The page sees them
        in what the site samples;{" "}
        {hasLog ? "what the meter recorded of them is in its logs." : "this meter keeps no log of them."}
      </Notice>
    </Panel>
  );
}
