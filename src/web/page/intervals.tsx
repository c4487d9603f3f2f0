/** What was measured over the last intervals that have ended: least, mean and largest of each value, of one length at a time. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { Choice } from "./choice.tsx";
import { say } from "./language.ts";
import { intervalName, intervalWords } from "./interval-words.ts";
import { Panel } from "./panel.tsx";
import { Table } from "./table.tsx";
import { intervalTexts as texts } from "./texts/quality.ts";
import { SideOf, Value } from "./value.tsx";

export function Intervals({ intervals, sides, offsetMinutes }: LiveView) {
  const [chosen, choose] = useState<string>("");
  if (intervals === undefined) return null;
  const interval = intervals.find(({ length }) => length === chosen) ?? intervals[0];
  if (interval === undefined) return null;
  return (
    <Panel
      id="intervals"
      whole
      title={say(texts.title)}
      state={interval.flagged ? "flagged" : undefined}
      aside={
        <>
          <SideOf side={sides?.readings} />
          <Choice
            label={say(texts.length)}
            of={intervals.map(({ length }) => [length, length])}
            chosen={interval.length}
            choose={choose}
          />
        </>
      }
    >
      <p class="scale">{intervalWords(interval, offsetMinutes)}</p>
      <Table
        id="interval"
        label={say(texts.table, { length: interval.length })}
        heads={[[""], [say(texts.least)], [say(texts.mean)], [say(texts.largest)]]}
        rows={interval.values.map(({ name, unit, min, mean, max }) => ({
          key: name,
          name: intervalName(name),
          cells: [min, mean, max].map((value) => <Value value={value} unit={unit} />),
        }))}
        phased
      />
    </Panel>
  );
}
