/** What a meter has counted: energies by phase and rate, the demand interval that runs, peaks, tariffs, and its registers. */
import type { EnergyView } from "#quantity/energy-api.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import { useAsked } from "./asked.ts";
import { DemandPanel, Peaks } from "./demand.tsx";
import { rateTable, type RateTable } from "./energy-rates.ts";
import { say } from "./language.ts";
import { whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { byPhase, rowsOf } from "./readings.tsx";
import { energyRows, pickRows } from "./reading-rows.ts";
import { Registers, Shown } from "./registers.tsx";
import type { OfMeter } from "./sections.ts";
import { askOf } from "./site.ts";
import { Table } from "./table.tsx";
import { energyTexts, tariffTexts } from "./texts/energy.ts";
import { SideOf } from "./value.tsx";
import { Waiting } from "./waiting.tsx";
import "./energy.css";

/** Milliseconds between two questions. */
const ASK_MS = 1000;

function Energies({ readings, sides }: LiveView) {
  const picked = pickRows(readings, energyRows);
  if (picked.length === 0) return null;
  const rows = rowsOf(readings, picked);
  return (
    <Panel id="energy" title={say(energyTexts.energy)} aside={<SideOf side={sides?.readings} />}>
      <Table id="energy" label={say(energyTexts.byPhase)} heads={byPhase(say(energyTexts.total))} rows={rows} phased />
    </Panel>
  );
}

/** What the page calls an energy; one that it knows no words for keeps its measure's name. */
function energyName(measure: string): string {
  const row = energyRows.find(({ cells }) => cells.at(-1)?.includes(measure) === true);
  return row === undefined ? measure : say(row.label);
}

function ByRate({ rates, rows }: RateTable) {
  if (rows.length === 0) return null;
  const shown = (one: RateTable["rows"][number]["total"]) =>
    one === undefined ? null : <Shown text={one.text} unit={one.unit} />;
  return (
    <Panel id="rates" title={say(energyTexts.byRate)}>
      <Table
        id="rates"
        label={say(energyTexts.byRateLabel)}
        heads={[
          [say(energyTexts.quantity)],
          ...rates.map((rate) => [say(energyTexts.rate, { rate })] as const),
          [say(energyTexts.total)],
        ]}
        rows={rows.map(({ measure, side, byRate, total }) => ({
          key: `${measure} ${side ?? ""}`,
          name: (
            <>
              {energyName(measure)} <SideOf side={side} />
            </>
          ),
          cells: [...byRate.map(shown), shown(total)],
        }))}
      />
    </Panel>
  );
}

function Tariffs({ tariffs }: EnergyView) {
  if (tariffs === undefined) return null;
  const { rate, isOverridden, season, next } = tariffs;
  return (
    <Panel id="tariffs" title={say(tariffTexts.tariffs)}>
      <p id="rate-now">
        {rate === null ? say(tariffTexts.none) : say(tariffTexts.now, { rate })}{" "}
        {season === null ? "" : say(tariffTexts.season, { n: season })}
      </p>
      {isOverridden ? <Notice>{say(tariffTexts.overridden)}</Notice> : null}
      {next.length === 0 ? (
        <Notice>{say(tariffTexts.always)}</Notice>
      ) : (
        <Table
          id="switches"
          label={say(tariffTexts.nextLabel)}
          heads={[[say(tariffTexts.from)], [say(tariffTexts.rate)]]}
          rows={next.map(({ at, rate: then }) => ({
            key: at,
            name: <span class="figures">{whenText(at.slice(0, 16))}</span>,
            cells: [then ?? say(tariffTexts.noRate)],
          }))}
        />
      )}
    </Panel>
  );
}

export function Section({ live }: OfMeter) {
  const asked = useAsked(live.name, () => askOf<EnergyView>(live.name, "energy"), ASK_MS);
  const energy = asked.answer;
  // Where nothing is counted by phase, the registers are what there is to see.
  const isByPhase = pickRows(live.readings, energyRows).length > 0;
  const registers = <Registers live={live} key={live.name} />;
  return (
    <>
      <div class="column">
        <Waiting asked={asked} />
        <Energies {...live} />
        <ByRate {...rateTable(live.registers)} />
        <DemandPanel live={live} energy={energy} />
        {isByPhase ? null : registers}
      </div>
      <div class="column">
        {energy === undefined ? null : <Tariffs {...energy} />}
        {energy === undefined ? null : <Peaks {...energy} />}
        {isByPhase ? registers : null}
      </div>
    </>
  );
}
