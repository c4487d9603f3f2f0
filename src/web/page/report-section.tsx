/** The report: a meter's health, readings, phasors, quality and events on pages that print well, with a note. */
import { useState } from "preact/hooks";
import type { LiveView } from "#quantity/meter-api.ts";
import { harmonicsPlot } from "#analysis/svg/harmonics-plot.ts";
import { Choice } from "./choice.tsx";
import { keep, keptOf } from "./kept.ts";
import { say } from "./language.ts";
import { LimitForm } from "./limit-form.tsx";
import { Notice } from "./notice.tsx";
import { fixed, NOTHING } from "./numbers.ts";
import { PhasorDiagram } from "./phasor.tsx";
import { phasorsIn, phasorsOf } from "./phasors.ts";
import { channelsOf, flickerRows, kindsOf, limitText, shortName, verdictOf } from "./quality.ts";
import { phaseRows, pickRows } from "./reading-rows.ts";
import { ReportEvents } from "./report-events.tsx";
import { Drawing, Figure } from "./report-figures.tsx";
import { healthOf, identityOf, nearestOf, plottedOf, wiringOf, type Fact } from "./report-parts.ts";
import type { OfMeter } from "./sections.ts";
import { units } from "./site.ts";
import type { LimitChoice } from "./spectrum-limits.ts";
import { Table } from "./table.tsx";
import { limitNames, qualityTexts } from "./texts/quality.ts";
import { reportTexts as texts } from "./texts/report.ts";
import { useLimits } from "./use-limits.ts";
import { Value } from "./value.tsx";
import "./quality.css";
import "./report.css";

const periods = [
  ["1", texts.day],
  ["7", texts.week],
  ["31", texts.month],
] as const;
type Days = (typeof periods)[number][0];

/** Characters of a note. */
const NOTE = 4000;

const isNote = (kept: unknown): string | undefined => (typeof kept === "string" ? kept.slice(0, NOTE) : undefined);

/** "UTC-04:00". */
function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function Section({ live }: OfMeter) {
  // A report is of one instant: what changes while it is read is none.
  const [taken, take] = useState(live);
  const [days, choose] = useState<Days>("7");
  const [choice, chooseLimits] = useLimits({ live: taken });
  const { name, local, offsetMinutes } = taken;
  return (
    <section class="report whole" aria-labelledby="report-title">
      <div class="head only-screen">
        <button type="button" onClick={() => take(live)}>
          {say(texts.takeAgain)}
        </button>
        <span class="scale">{say(texts.period)}</span>
        <Choice
          label={say(texts.period)}
          of={periods.map(([value, text]) => [value, say(text)])}
          chosen={days}
          choose={choose}
        />
        <button type="button" onClick={() => print()}>
          {say(texts.print)}
        </button>
      </div>
      <div class="only-screen">
        <LimitForm choice={choice} choose={chooseLimits} />
      </div>
      <h2 id="report-title">{say(texts.title, { name })}</h2>
      <p class="scale">{say(texts.taken, { time: local, offset: offsetText(offsetMinutes) })}</p>
      <Note meter={name} />
      <Facts id="report-meter" title={say(texts.meter)} facts={identityOf(taken)} />
      <Facts id="report-health" title={say(texts.health)} facts={healthOf(taken)} />
      <Readings {...taken} />
      <Phasors {...taken} />
      <Quality taken={taken} choice={choice} />
      <div class="part">
        <h3>{say(texts.events)}</h3>
        <ReportEvents taken={taken} live={live} days={Number(days)} />
      </div>
    </section>
  );
}

function Note({ meter }: { readonly meter: string }) {
  const [note, take] = useState(() => keptOf(`note ${meter}`, isNote, ""));
  return (
    <>
      <label class="only-screen note">
        {say(texts.note)} <span class="scale">{say(texts.noteHint)}</span>
        <textarea
          rows={3}
          maxLength={NOTE}
          value={note}
          onInput={({ currentTarget }) => {
            keep(`note ${meter}`, currentTarget.value);
            take(currentTarget.value);
          }}
        />
      </label>
      {note.trim() === "" ? null : <p class="only-paper note">{note}</p>}
    </>
  );
}

interface FactsProps {
  readonly id: string;
  readonly title: string;
  readonly facts: readonly Fact[];
}

function Facts({ id, title, facts }: FactsProps) {
  return (
    <div class="part">
      <h3>{title}</h3>
      <dl id={id} class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Readings({ readings }: LiveView) {
  const rows = pickRows(readings, phaseRows);
  if (rows.length === 0) return null;
  return (
    <div class="part">
      <h3>{say(texts.readings)}</h3>
      <Table
        id="report-readings"
        label={say(texts.readings)}
        heads={[[""], ["A"], ["B"], ["C"], [say(texts.all)]]}
        rows={rows.map(({ label, names, decimals }) => ({
          key: say(label),
          name: say(label),
          cells: names.map((name) =>
            name === undefined ? null : (
              <Value value={readings[name]} unit={units.value[name] ?? ""} decimals={decimals} />
            ),
          ),
        }))}
      />
    </div>
  );
}

function Phasors(taken: LiveView) {
  const { readings, quality, name } = taken;
  const phasors = quality === undefined ? phasorsOf(readings) : phasorsIn(quality);
  if (phasors.length === 0) return null;
  const told = wiringOf(taken);
  return (
    <div class="part">
      <h3>{say(texts.phasor)}</h3>
      <div class="beside">
        <Figure meter={name} what={say(texts.phasor)} file="phasors">
          <PhasorDiagram phasors={phasors} />
        </Figure>
        <Table
          id="report-phasors"
          label={say(texts.phasor)}
          heads={[[say(texts.fundamental)], [say(texts.size)], [say(texts.angle)]]}
          rows={phasors.map(({ label, unit, size, degrees }) => ({
            key: `${unit}${label}`,
            name: `${unit === "A" ? "I" : "V"}${label}`,
            cells: [<Value value={size} unit={unit} />, <Value value={degrees} unit="" decimals={1} />],
          }))}
        />
      </div>
      <p id="report-wiring">
        <strong>{say(texts.wiring)}:</strong> {told?.verdict ?? say(texts.noWiring)}{" "}
        {(told?.explanations[0]?.mistakes ?? [])
          .map(({ wrong, change }) => `${wrong} ${say(texts.change, { what: change })}`)
          .join(" ")}
      </p>
    </div>
  );
}

function Quality({ taken, choice }: { readonly taken: LiveView; readonly choice: LimitChoice }) {
  const { quality, name, local, offsetMinutes } = taken;
  if (quality === undefined) return null;
  const { channels, unbalance, hz10s, flicker = [], cycles } = quality;
  const [volts] = kindsOf(quality);
  const shown = volts === undefined ? [] : channelsOf(quality, volts.key);
  const nearest = (channel: (typeof channels)[number]): string => {
    const found = nearestOf(channel, choice);
    if (found === undefined) return "";
    const { order, percent, limit } = found;
    return say(texts.ofLimit, { order, percent: fixed(percent, 2), limit: limitText(limit) });
  };
  // Of which ten minutes and two hours they are, where any have ended.
  const flickers = flickerRows(quality, { local, offsetMinutes }).filter(
    ([, key]) => key !== "pinst" && (quality.flickerEnds?.[key] ?? null) !== null,
  );
  const verdict = verdictOf(shown, choice);
  const named = { order: say(texts.orderAxis), limit: say(texts.limit) };
  const words = { ...named, within: say(texts.within), beyond: say(texts.beyond) };
  return (
    <div class="part">
      <h3>{say(texts.quality)}</h3>
      {choice.standard === "none" ? null : (
        <p class="scale">{say(texts.heldAgainst, { which: say(limitNames[choice.standard]) })}</p>
      )}
      {verdict === undefined ? null : <p id="report-verdict">{verdict}</p>}
      <Table
        id="report-quality"
        label={say(texts.quality)}
        heads={[
          [""],
          ["RMS"],
          [say(qualityTexts.thd)],
          [say(qualityTexts.crest)],
          ...(flicker.length === 0 ? [] : [["Pst"] as const, ["Plt"] as const]),
          [say(texts.highest)],
        ]}
        rows={channels.map((channel) => ({
          key: channel.name,
          name: shortName(channel),
          cells: [
            <Value value={channel.rms} unit={channel.unit} />,
            <Value value={channel.thd} unit="" decimals={2} />,
            <Value value={channel.crest} unit="" decimals={3} />,
            ...(flicker.length === 0 ? [] : (["pst", "plt"] as const)).map((key) => {
              const one = flicker.find((of) => of.name === channel.name);
              return one === undefined ? "" : <Value value={one[key]} unit="" decimals={3} />;
            }),
            nearest(channel),
          ],
        }))}
      />
      <dl class="facts">
        {(
          [
            [`${say(qualityTexts.u2)} (V)`, fixed(unbalance.V.negative, 2)],
            [`${say(qualityTexts.u0)} (V)`, fixed(unbalance.V.zero, 2)],
            [`${say(qualityTexts.u2)} (A)`, fixed(unbalance.A.negative, 2)],
            ...(hz10s === undefined
              ? []
              : [[say(qualityTexts.hz10s), hz10s === null ? NOTHING : `${fixed(hz10s, 4)} Hz`] as const]),
          ] as const
        ).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {flickers.length === 0 ? null : <p class="scale">{flickers.map(([label]) => label).join("; ")}</p>}
      {quality.flagged ? <Notice>{say(qualityTexts.flagged, { cycles })}</Notice> : null}
      {shown.map((channel) => (
        <Figure
          key={channel.name}
          meter={name}
          what={say(texts.harmonicsOf, { name: shortName(channel) })}
          file={`harmonics-${shortName(channel)}`}
        >
          <Drawing
            svg={harmonicsPlot(
              { id: `report-${shortName(channel)}`, title: say(texts.harmonicsOf, { name: shortName(channel) }) },
              plottedOf(channel, choice),
              say(texts.percentAxis),
              words,
            )}
          />
        </Figure>
      ))}
    </div>
  );
}
