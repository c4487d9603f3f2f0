/** The fundamentals of volts and amps at a cursor: a diagram of those whose phase is known, and all of them as numbers. */
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { PhasorDiagram } from "./phasor.tsx";
import type { Phasor } from "./phasors.ts";
import { phases } from "./sags.ts";
import { Table } from "./table.tsx";
import { Value } from "./value.tsx";
import { phasorsAt } from "./viewer/values-at.ts";
import type { Detail, WaveContent } from "./viewer/content.ts";
import { styleOf } from "./viewer/lanes.ts";
import { texts } from "./wave-words.ts";

interface Props {
  readonly content: WaveContent;
  readonly detail: Detail | undefined;
  readonly at: number;
}

export function WavePhasors({ content, detail, at }: Props) {
  const { group, found } = phasorsAt(content, detail, at) ?? {};
  if (group === undefined || found === undefined) return <Notice>{say(texts.noPhasors)}</Notice>;
  const named = found.flatMap(({ channel, rms, degrees }) => {
    const of = group.channels[channel];
    return of === undefined ? [] : [{ ...of, channel, rms, degrees }];
  });
  const drawn = named.flatMap(({ phase, unit, rms, degrees }): Phasor[] => {
    const own = phases.find((one) => one === phase?.[0]);
    return own === undefined || phase === undefined || (unit !== "V" && unit !== "A")
      ? []
      : [{ phase: own, label: phase, unit, size: rms, degrees }];
  });
  // Several of one phase would lie on one another: the first of each is drawn.
  const first = drawn.filter(
    ({ unit, label }, k) => drawn.findIndex((one) => one.unit === unit && one.label === label) === k,
  );
  return (
    <div class="wave-phasors">
      <h3>{say(texts.phasors)}</h3>
      {first.length === 0 ? null : <PhasorDiagram phasors={first} />}
      <Table
        id="wave-phasors"
        label={say(texts.phasors)}
        heads={[[say(texts.fundamental)], [say(texts.size)], [say(texts.angle)]]}
        rows={named.map(({ name, unit, phase, channel, rms, degrees }) => ({
          key: String(channel),
          name: <span class={styleOf(phase, channel)}>{name}</span>,
          cells: [<Value value={rms} unit={unit} />, <Value value={degrees} unit="" decimals={1} />],
        }))}
      />
    </div>
  );
}
