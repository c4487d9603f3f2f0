/** What the section of events and the report have of a person's own: a ride-through curve, volts that should be; and the legend of the curves. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { keep, keptOf } from "./kept.ts";
import { say } from "./language.ts";
import { readCurve, type Step } from "./ride-through.ts";
import { eventTexts as texts } from "./texts/events.ts";

const isText = (kept: unknown): string | undefined => (typeof kept === "string" ? kept.slice(0, 2000) : undefined);
const isVolts = (kept: unknown): number | undefined => (typeof kept === "number" && kept > 0 ? kept : undefined);

/** A person's own curve, which is kept for all meters; as it was typed, and as it is understood. */
export function useOwnCurve(): {
  text: string;
  steps: readonly Step[];
  wrong: string | undefined;
  type: (text: string) => void;
} {
  const [text, take] = useState(() => keptOf("ride-through", isText, ""));
  const read = readCurve(text);
  const type = (next: string): void => {
    keep("ride-through", next);
    take(next);
  };
  return typeof read === "string"
    ? { text, steps: [], wrong: read, type }
    : { text, steps: read, wrong: undefined, type };
}

/** What voltages should be, where the meter does not say: kept for each meter. */
export function useTypedVolts(meter: string): [number | undefined, (volts: number | undefined) => void] {
  const [typed, take] = useState(() => keptOf<number | undefined>(`nominal ${meter}`, isVolts, undefined));
  return [
    typed,
    (volts) => {
      keep(`nominal ${meter}`, volts ?? null);
      take(volts);
    },
  ];
}

/** 50 or 60 Hz of the meter's network. */
export function hzOf({ quality, nameplate }: LiveView): 50 | 60 {
  return (quality === undefined ? nameplate?.hz : 5 * quality.cycles) === 50 ? 50 : 60;
}

export function CurveLegend({ hasOwn }: { readonly hasOwn: boolean }) {
  return (
    <ul class="legend">
      <li>
        <span class="swatch itic" /> ITIC (CBEMA)
      </li>
      <li>
        <span class="swatch f47" /> SEMI F47
      </li>
      {hasOwn ? (
        <li>
          <span class="swatch own" /> {say(texts.legendOwn)}
        </li>
      ) : null}
    </ul>
  );
}
