/** Trends of what the page has seen: power, volts, amps, demand, frequency. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { Chart, type Line } from "./chart.tsx";
import { Choice } from "./choice.tsx";
import { clockText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { hasValues } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { quantities } from "./texts/readings.ts";
import { sinceTexts } from "./texts/trends.ts";
import { say } from "./language.ts";
import type { Text } from "#quantity/text.ts";
import { units } from "./site.ts";
import { type TrendName } from "./trend.ts";
import { SideOf } from "./value.tsx";
import { seen } from "./watch.ts";

type Named = readonly [name: TrendName, label: Text | string, style: string];

interface Group {
  readonly label: Text;
  /** The first of the sets of which the meter has any. */
  readonly sets: readonly (readonly Named[])[];
}

const groups = {
  power: {
    label: sinceTexts.power,
    sets: [
      [
        ["W", quantities.active, "active"],
        ["var", quantities.reactive, "reactive"],
        ["VA", quantities.apparent, "apparent"],
      ],
    ],
  },
  volts: {
    label: sinceTexts.volts,
    sets: [
      [
        ["V.a", "A", "a"],
        ["V.b", "B", "b"],
        ["V.c", "C", "c"],
      ],
      [
        ["V.ab", "AB", "a"],
        ["V.bc", "BC", "b"],
        ["V.ca", "CA", "c"],
      ],
    ],
  },
  amps: {
    label: sinceTexts.amps,
    sets: [
      [
        ["A.a", "A", "a"],
        ["A.b", "B", "b"],
        ["A.c", "C", "c"],
      ],
    ],
  },
  demand: {
    label: sinceTexts.demand,
    sets: [
      [
        ["W.demand", quantities.active, "active"],
        ["var.demand", quantities.reactive, "reactive"],
        ["VA.demand", quantities.apparent, "apparent"],
      ],
    ],
  },
  hertz: { label: quantities.frequency, sets: [[["Hz", quantities.frequency, "active"]]] },
} as const satisfies Readonly<Record<string, Group>>;
type GroupName = keyof typeof groups;

/** Points beyond which a span is not worth its choice, and the spans. */
const spans = [
  ["5", sinceTexts.five, 5 * 60_000],
  ["60", sinceTexts.hour, 60 * 60_000],
  ["all", sinceTexts.all, Infinity],
] as const;
/** Milliseconds that a trend has at least, however new it is. */
const LEAST_MS = 60_000;
type SpanName = (typeof spans)[number][0];

export function Trends({ readings, sides, rms }: LiveView) {
  const [group, choose] = useState<GroupName>("power");
  const [span, stretch] = useState<SpanName>("5");
  const { trend, sags, logged } = seen.value;
  /** What the meter reads of a group, whether or not there is a value yet. */
  const namedOf = (one: GroupName): readonly Named[] => {
    const sets: readonly (readonly Named[])[] = groups[one].sets;
    return sets.map((set) => set.filter(([name]) => Object.hasOwn(readings, name))).find((set) => set.length > 0) ?? [];
  };
  const known = (Object.keys(groups) as GroupName[]).filter((one) => namedOf(one).length > 0);
  const chosen = known.includes(group) ? group : known[0];
  if (chosen === undefined) return null;
  const named = namedOf(chosen);
  const lastMs = spans.find(([name]) => name === span)?.[2] ?? Infinity;
  const { times, columns } = trend.last(
    lastMs,
    named.map(([name]) => name),
  );
  const lines: readonly Line[] = named.map(([name, label, style], k) => ({
    name: typeof label === "string" ? label : say(label),
    style,
    unit: units.value[name] ?? "",
    values: columns[k] ?? [],
  }));
  const end = times.at(-1) ?? 0;
  const first = times[0] ?? end;
  const range = [Math.max(end - lastMs, Math.min(first, end - LEAST_MS)), end] as const;
  return (
    <Panel
      id="trend"
      title={say(sinceTexts.title)}
      aside={
        <>
          <SideOf side={sides?.readings} />
          <Choice
            label={say(sinceTexts.what)}
            of={known.map((one) => [one, say(groups[one].label)])}
            chosen={chosen}
            choose={choose}
          />
          <Choice
            label={say(sinceTexts.howFar)}
            of={spans.map(([name, text]) => [name, say(text)])}
            chosen={span}
            choose={stretch}
          />
        </>
      }
    >
      {hasValues(columns) ? (
        <Chart
          id="trend"
          label={say(sinceTexts.label, { what: say(groups[chosen].label) })}
          {...{ times, lines, range }}
          height={230}
          marks={rms === undefined ? logged.marks : sags.found}
          timeText={clockText}
        />
      ) : (
        <Notice>{say(chosen === "demand" ? sinceTexts.noDemand : sinceTexts.none)}</Notice>
      )}
    </Panel>
  );
}
