/** Demand: what the meter reads of it, how far the running interval is and what it will come to, and the peaks with their times. */
import type { DemandIntervalView, EnergyView } from "#quantity/energy-api.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { span, timeText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { rowsOf } from "./readings.tsx";
import { demandRows, pickRows } from "./reading-rows.ts";
import { Shown } from "./registers.tsx";
import { Table } from "./table.tsx";
import { demandNames, demandTexts, energyTexts, unforeseenTexts } from "./texts/energy.ts";
import { SideOf, Value } from "./value.tsx";

function intervalText({ subIntervals, subIntervalSeconds }: DemandIntervalView): string {
  if (subIntervalSeconds === null) return say(demandTexts.byInput);
  const length = span(subIntervalSeconds);
  return subIntervals === 1
    ? say(demandTexts.block, { length })
    : say(demandTexts.rolling, { count: subIntervals, length });
}

/** What the page calls a demand; one that it knows no words for keeps its measure's name. */
function demandName(measure: string): string {
  const words = demandNames[measure];
  return words === undefined ? measure : say(words);
}

interface Props {
  readonly live: LiveView;
  readonly energy: EnergyView | undefined;
}

export function DemandPanel({ live: { readings, sides }, energy }: Props) {
  const picked = pickRows(readings, demandRows);
  const interval = energy?.demand;
  if (picked.length === 0 && interval === undefined) return null;
  const isNew = picked.every(({ names }) => names.every((name) => name === undefined || readings[name] === null));
  return (
    <Panel id="demand" title={say(demandTexts.demand)} aside={<SideOf side={sides?.readings} />}>
      {picked.length === 0 ? null : (
        <Table
          id="demand"
          label={say(demandTexts.demands)}
          heads={[[""], [say(demandTexts.present)], [say(demandTexts.maxImport)], [say(demandTexts.maxExport)]]}
          rows={rowsOf(readings, picked)}
          phased
        />
      )}
      {picked.length > 0 && isNew ? <Notice>{say(demandTexts.isNew)}</Notice> : null}
      {interval === undefined ? null : <Running {...interval} />}
    </Panel>
  );
}

function Running(interval: DemandIntervalView) {
  const { subIntervalSeconds, elapsedSeconds, ends, goesOnAt, measures } = interval;
  const over = span(elapsedSeconds);
  const isForeseen = measures.some(({ forecast }) => forecast !== null);
  const shown = measures.filter(({ before, running, forecast }) =>
    [before, running, forecast].some((one) => (one ?? 0) !== 0),
  );
  return (
    <>
      <p id="interval">{intervalText(interval)}</p>
      <h3>{say(demandTexts.running)}</h3>
      {subIntervalSeconds === null || ends === undefined ? (
        <p class="scale">{say(demandTexts.overNoEnd, { over })}</p>
      ) : (
        <>
          <p class="scale" id="over">
            {say(demandTexts.over, { over, length: span(subIntervalSeconds), time: timeText(ends.at) })}
          </p>
          <div class="progress">
            <progress max={subIntervalSeconds} value={elapsedSeconds} aria-label={say(demandTexts.running)} />
          </div>
        </>
      )}
      <Table
        id="forecast"
        label={say(demandTexts.runningLabel)}
        heads={[[say(energyTexts.quantity)], [say(demandTexts.soFar)], [say(demandTexts.forecast)]]}
        rows={(shown.length === 0 ? measures.slice(0, 1) : shown).map(
          ({ measure, unit, before, running, forecast, unforeseen }) => ({
            key: measure,
            name: demandName(measure),
            cells: [
              <Value value={before === null || running === null ? null : before + running} unit={`${unit}h`} />,
              forecast === null && unforeseen !== undefined ? (
                <small>{say(unforeseenTexts[unforeseen])}</small>
              ) : (
                <Value value={forecast} unit={unit} />
              ),
            ],
          }),
        )}
      />
      {isForeseen ? <Notice>{say(goesOnAt === "mean" ? demandTexts.byMean : demandTexts.byPower)}</Notice> : null}
    </>
  );
}

export function Peaks({ peaks }: EnergyView) {
  if (peaks.length === 0) return null;
  return (
    <Panel id="peaks" title={say(demandTexts.peaks)}>
      <Table
        id="peaks"
        label={say(demandTexts.peaksLabel)}
        heads={[[say(energyTexts.register)], [say(demandTexts.peak)], [say(demandTexts.when)]]}
        rows={peaks.map(({ id, label, text, unit, side, tariff, peak }) => ({
          key: String(id),
          name: (
            <>
              {label} {tariff === "total" ? "" : say(energyTexts.rate, { rate: tariff })} <SideOf side={side} />
            </>
          ),
          cells: [
            <Shown text={text} unit={unit} />,
            peak === undefined ? say(demandTexts.noTime) : whenText(peak.at.slice(0, 16)),
          ],
        }))}
      />
    </Panel>
  );
}
