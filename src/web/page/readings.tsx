/** What a meter measures now: the headline, tables by phase, phasors, and whatever else it reads. */
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { fixed, written } from "./numbers.ts";
import { dateText, timeText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { PhasorDiagram } from "./phasor.tsx";
import { phasorsIn, phasorsOf } from "./phasors.ts";
import { isOfBlock, stateOf } from "./quality.ts";
import {
  demandRows,
  energyRows,
  headlineValues,
  phaseRows,
  pick,
  pickRows,
  restOf,
  type PickedRow,
} from "./reading-rows.ts";
import { units } from "./site.ts";
import { Table } from "./table.tsx";
import { readingTexts } from "./texts/readings.ts";
import { SideOf, Value } from "./value.tsx";

export const byPhase = (last: string) => [[""], ["A", "a"], ["B", "b"], ["C", "c"], [last]] as const;

/** The cells of rows, as values of this reading. */
export function rowsOf(readings: LiveView["readings"], rows: readonly PickedRow[]) {
  return rows.map(({ label, names, decimals }) => ({
    key: label[0],
    name: say(label),
    cells: names.map((name) =>
      name === undefined ? null : <Value value={readings[name]} unit={units.value[name] ?? ""} decimals={decimals} />,
    ),
  }));
}

function Headline({ readings, local, rate }: LiveView) {
  return (
    <dl id="headline">
      {headlineValues.map(({ label, names, decimals }) => {
        const name = pick(readings, names);
        if (name === undefined) return null;
        const value = readings[name];
        const { number, unit } =
          decimals === undefined
            ? written(value, units.value[name] ?? "")
            : { number: fixed(value, decimals), unit: "" };
        return (
          <div key={label[0]}>
            <dt>{say(label)}</dt>
            <dd class="value">
              {number}
              {unit === "" ? null : <span class="unit"> {unit}</span>}
            </dd>
          </div>
        );
      })}
      <div>
        <dt>{rate === "none" ? dateText(local) : say(readingTexts.dateAndRate, { date: dateText(local), rate })}</dt>
        <dd class="value">{timeText(local)}</dd>
      </div>
    </dl>
  );
}

export function Now({ live }: { readonly live: LiveView }) {
  const { readings, sides } = live;
  const rows = rowsOf(readings, pickRows(readings, phaseRows));
  return (
    <Panel id="now" title={say(readingTexts.now)} aside={<SideOf side={sides?.readings} />}>
      <Headline {...live} />
      {rows.length === 0 ? (
        <Notice>{say(readingTexts.none)}</Notice>
      ) : (
        <Table
          id="phases"
          label={say(readingTexts.byPhase)}
          heads={byPhase(say(readingTexts.all))}
          rows={rows}
          phased
        />
      )}
    </Panel>
  );
}

export function Phasors({ readings, quality, sides, utc }: LiveView) {
  const phasors = quality === undefined ? phasorsOf(readings) : phasorsIn(quality);
  if (phasors.length === 0) return null;
  const rows = phasors.map(({ phase, label, unit, size, degrees }) => {
    const name = `${unit === "A" ? "I" : "V"}${label}`;
    const cells = [<Value value={size} unit={unit} />, <Value value={degrees} unit="" decimals={1} />];
    return { key: name, name: <span class={phase}>{name}</span>, cells };
  });
  const state = quality === undefined ? undefined : stateOf(quality, utc);
  return (
    <Panel id="phasor" title={say(readingTexts.phasors)} state={state} aside={<SideOf side={sides?.readings} />}>
      <div class="beside">
        <PhasorDiagram phasors={phasors} />
        <Table
          id="phasors"
          label={say(readingTexts.phasorsAsNumbers)}
          heads={[[say(readingTexts.fundamental)], [say(readingTexts.size)], [say(readingTexts.angle)]]}
          rows={rows}
        />
      </div>
    </Panel>
  );
}

export function Other({ readings, registers, sides, quality }: LiveView) {
  const shown = [phaseRows, energyRows, demandRows].flatMap((rows) => pickRows(readings, rows));
  const names = restOf(
    readings,
    shown,
    registers.map(({ measure = "" }) => measure),
  ).filter((name) => quality === undefined || !isOfBlock(name));
  if (names.length === 0) return null;
  return (
    <Panel id="more" title={say(readingTexts.more)} whole aside={<SideOf side={sides?.readings} />}>
      <dl id="more">
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value value={readings[name]} unit={units.value[name] ?? ""} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
