/** The bench of a meter shop on the page: what the meter is given, what happens to it, and what of that is recorded. */
import { useEffect, useState } from "preact/hooks";
import type { BenchView } from "#quantity/bench-view.ts";
import { BenchClock, BenchContacts, BenchFaults } from "./bench-around.tsx";
import { BenchDistortion, BenchWiring } from "./bench-distortion.tsx";
import { BenchEvents } from "./bench-events.tsx";
import { BenchLink, type Outcome } from "./bench-link.ts";
import { BenchValues } from "./bench-values.tsx";
import type { Text } from "#quantity/text.ts";
import { counted, decimalSign, say } from "./language.ts";
import { preciseClockText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import type { OfMeter } from "./sections.ts";
import { benchTexts } from "./texts/bench.ts";
import "./bench.css";

function outcomeWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "";
  if (outcome.kind === "lost") return say(benchTexts.lost);
  if (outcome.kind === "refused") return say(benchTexts.refused, { words: outcome.words });
  return say(benchTexts.done, { utc: `${preciseClockText(outcome.utc)} UTC` });
}

/** Hands the browser a file to save. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface Props {
  readonly link: BenchLink;
  readonly view: BenchView;
}

const names = {
  hz: benchTexts.hz,
  volts: benchTexts.volts,
  amps: benchTexts.amps,
  pf: benchTexts.pf,
  angles: benchTexts.angles,
  leading: benchTexts.leading,
  export: benchTexts.export,
  harmonics: benchTexts.harmonics,
  noise: benchTexts.noise,
  flicker: benchTexts.flicker,
  load: benchTexts.load,
  wiring: benchTexts.wiring,
  outage: benchTexts.isOut,
  events: benchTexts.events,
} as const satisfies Readonly<Record<BenchView["differs"][number]["key"], Text>>;

/** What the file says, as far as it is said in a word. */
function fileWords(file: unknown): string {
  if (typeof file === "number") return counted(file);
  if (typeof file === "boolean") return say(file ? benchTexts.yes : benchTexts.no);
  if (Array.isArray(file) && file.length > 0 && file.every((one) => typeof one === "number"))
    return file.map(counted).join(decimalSign.value === "," ? "; " : ", ");
  const isEmpty = Object.values(file ?? {}).every((one) => Array.isArray(one) && one.length === 0);
  return say(isEmpty ? benchTexts.none : benchTexts.others);
}

function Differences({ link, view: { differs, since } }: Props) {
  const isAsFile = differs.length === 0;
  return (
    <Panel id="bench-differs" title={say(benchTexts.differs)}>
      {isAsFile ? (
        <p>{say(benchTexts.asFile)}</p>
      ) : (
        <ul class="bench-list">
          {differs.map(({ key, file }) => (
            <li key={key}>{say(benchTexts.fileHas, { what: say(names[key]), value: fileWords(file) })}</li>
          ))}
          {since === null ? null : (
            <li>{say(benchTexts.since, { utc: `${whenText(since.slice(0, 19).replace("T", " "))} UTC` })}</li>
          )}
        </ul>
      )}
      <button type="button" disabled={isAsFile} onClick={() => void link.reset()}>
        {say(benchTexts.back)}
      </button>
    </Panel>
  );
}

function Records({ link, live }: { readonly link: BenchLink } & OfMeter) {
  const recorded = link.recorded.value;
  if (recorded === undefined)
    return (
      <button type="button" onClick={() => link.record()}>
        {say(benchTexts.record)}
      </button>
    );
  return (
    <>
      <span role="status">{say(benchTexts.recording, { n: recorded })}</span>
      <button type="button" onClick={() => link.expect(live.readings, live.utc)}>
        {say(benchTexts.expectNow)}
      </button>
      <button type="button" disabled={recorded === 0} onClick={() => save(`${live.name}-scenario.yaml`, link.stop())}>
        {say(benchTexts.download)}
      </button>
    </>
  );
}

export function Section({ live }: OfMeter) {
  const [link] = useState(() => new BenchLink(live.name));
  useEffect(() => {
    link.begin();
    return () => link.end();
  }, [link]);
  const view = link.view.value;
  if (view === undefined) return <Notice>{say(benchTexts.loading)}</Notice>;
  const outcome = link.outcome.value;
  return (
    <>
      <div class="bench-bar whole">
        <Records link={link} live={live} />
        <p role="status" class={outcome !== undefined && outcome.kind !== "done" ? "refused" : undefined}>
          {outcomeWords(outcome)}
        </p>
      </div>
      <div class="column">
        <BenchValues link={link} view={view} />
        <BenchEvents link={link} view={view} />
        <BenchDistortion link={link} view={view} />
      </div>
      <div class="column">
        <Differences link={link} view={view} />
        <BenchClock link={link} live={live} />
        <BenchWiring link={link} view={view} />
        <BenchContacts link={link} live={live} />
        <BenchFaults link={link} view={view} />
      </div>
    </>
  );
}
