/** Channels of a recording: which are shown, and their values at the cursors. */
import { say } from "./language.ts";
import { heldOf, valueAt } from "./viewer/values-at.ts";
import type { Detail, WaveContent } from "./viewer/content.ts";
import { keyText, styleOf, type ChannelKey } from "./viewer/lanes.ts";
import { texts, kindText } from "./wave-words.ts";
import { written } from "./numbers.ts";

interface Props {
  readonly content: WaveContent;
  readonly detail: Detail | undefined;
  readonly cursors: readonly [number | undefined, number | undefined];
  readonly shown: ReadonlySet<string>;
  readonly toggle: (key: string, isOn: boolean) => void;
}

function Cell({ value, unit }: { readonly value: number | undefined; readonly unit: string }) {
  const { number, unit: shown } = written(value, unit);
  return (
    <td class="value">
      {number}
      {shown === "" ? null : <span class="unit"> {shown}</span>}
    </td>
  );
}

function ChannelRow({ of, content, detail, cursors, shown, toggle }: Props & { readonly of: ChannelKey }) {
  const group = content.groups[of.group];
  const channel = group?.channels[of.channel];
  if (group === undefined || channel === undefined) return null;
  const { name, unit, phase, pyramid } = channel;
  const held = heldOf(pyramid, group.kind === "samples" ? detail : undefined, of.channel);
  const [a, b] = cursors.map((at) => (at === undefined ? undefined : valueAt(group.times, held, at)));
  const key = keyText(of);
  return (
    <tr>
      <th scope="row">
        <label>
          <input
            type="checkbox"
            checked={shown.has(key)}
            aria-label={say(texts.show, { name: `${name}, ${kindText(group.kind)}` })}
            onChange={({ currentTarget }) => toggle(key, currentTarget.checked)}
          />
          <span class={`swatch ${styleOf(phase, of.channel)}`} /> {name}
        </label>
      </th>
      <td class="words">{kindText(group.kind)}</td>
      <Cell value={a} unit={unit} />
      <Cell value={b} unit={unit} />
      <Cell value={a === undefined || b === undefined ? undefined : b - a} unit={unit} />
    </tr>
  );
}

export function WaveTable(props: Props) {
  const { content } = props;
  return (
    <div class="scroll wave-channels" role="region" tabIndex={0} aria-label={say(texts.values)}>
      <table aria-label={say(texts.values)}>
        <thead>
          <tr>
            <th scope="col">{say(texts.channel)}</th>
            <td />
            <th scope="col">{say(texts.cursorA)}</th>
            <th scope="col">{say(texts.cursorB)}</th>
            <th scope="col">{say(texts.difference)}</th>
          </tr>
        </thead>
        <tbody>
          {content.groups.flatMap(({ channels }, group) =>
            channels.map((_, channel) => (
              <ChannelRow key={keyText({ group, channel })} of={{ group, channel }} {...props} />
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}
