/** What happens to the line of a bench: dips, swells and the like, an outage; and what is under way. */
import { useState } from "preact/hooks";
import type { BenchEventView, BenchView } from "#quantity/bench-view.ts";
import type { BenchLink } from "./bench-link.ts";
import { eventKinds, eventOf, mostOf, phases, usual, type EventForm, type OrderedKind } from "./bench-orders.ts";
import { NumberField, PhaseBoxes, Select } from "./bench-parts.tsx";
import { say } from "./language.ts";
import { preciseClockText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { benchTexts } from "./texts/bench.ts";

interface Props {
  readonly link: BenchLink;
  readonly view: BenchView;
}

function isOrdered(kind: string): kind is OrderedKind {
  return eventKinds.some((one) => one === kind);
}

function eventWords({ kind, utc, phases: of = phases, for: lasts, every, by }: BenchEventView): string {
  return [
    `${preciseClockText(Date.parse(utc))} UTC`,
    isOrdered(kind) ? say(benchTexts[kind]) : kind,
    of.join(", ").toUpperCase(),
    ...(lasts === undefined ? [] : [`${Number((1000 * lasts).toPrecision(6))} ms`]),
    ...(every === undefined ? [] : [`/ ${every} s`]),
    ...(by === "file" ? [`(${say(benchTexts.ofFile)})`] : []),
  ].join(" ");
}

export function BenchEvents({ link, view }: Props) {
  const [form, change] = useState<EventForm>({ kind: "sag", phases: ["a", "b", "c"], ...usual.sag });
  const { kind, depth, lastsMs } = form;
  const { events, now, waveform } = view;
  const set = (more: Partial<EventForm>): void => change({ ...form, ...more });
  return (
    <Panel id="bench-events" title={say(benchTexts.happens)}>
      <form
        class="bench-row"
        onSubmit={(event) => {
          event.preventDefault();
          void link.change({ events: [eventOf(form)] });
        }}
      >
        <Select
          label={say(benchTexts.kind)}
          value={kind}
          of={eventKinds.map((one) => [one, say(benchTexts[one])])}
          set={(chosen) => (isOrdered(chosen) ? set({ kind: chosen, ...usual[chosen] }) : undefined)}
        />
        {kind === "interruption" ? null : (
          <NumberField
            label={say(benchTexts.depth)}
            value={depth}
            least={0}
            most={mostOf[kind]}
            set={(value) => set({ depth: value })}
          />
        )}
        <NumberField
          label={say(benchTexts.lasts)}
          value={lastsMs}
          least={1}
          most={86_400_000}
          set={(value) => set({ lastsMs: value })}
        />
        <PhaseBoxes label={say(benchTexts.phases)} chosen={form.phases} set={(chosen) => set({ phases: chosen })} />
        <button type="submit" disabled={form.phases.length === 0}>
          {say(benchTexts.happen)}
        </button>
      </form>
      <div class="bench-row">
        <button type="button" aria-pressed={now.outage} onClick={() => void link.change({ outage: !now.outage })}>
          {say(now.outage ? benchTexts.outageEnds : benchTexts.outage)}
        </button>
      </div>
      <h3>{say(benchTexts.underWay)}</h3>
      <ul class="bench-list">
        {events.length === 0 ? <li>{say(benchTexts.nothing)}</li> : null}
        {events.map((one) => (
          <li key={`${one.utc} ${one.kind}`}>{eventWords(one)}</li>
        ))}
      </ul>
      {events.some(({ by }) => by === "bench") ? (
        <button type="button" onClick={() => void link.change({ endEvents: true })}>
          {say(benchTexts.endEvents)}
        </button>
      ) : null}
      {waveform ? null : <Notice>{say(benchTexts.unseen)}</Notice>}
    </Panel>
  );
}
