/** What stands around a bench: the clocks, contacts, keys and the supply of the meter, and faults of its listeners. */
import { useState } from "preact/hooks";
import type { BenchView, ClockView } from "#quantity/bench-view.ts";
import type { LiveView } from "#quantity/meter-api.ts";
import type { BenchLink } from "./bench-link.ts";
import { NumberField, Select } from "./bench-parts.tsx";
import { say } from "./language.ts";
import { wallText, whenText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { benchTexts } from "./texts/bench.ts";

interface Props {
  readonly link: BenchLink;
  readonly live: LiveView;
}

const speeds = [
  [1, benchTexts.asTime],
  [60, benchTexts.minuteASecond],
  [3600, benchTexts.hourASecond],
  [86_400, benchTexts.dayASecond],
  [43_800, benchTexts.monthAMinute],
  ["max", benchTexts.max],
] as const;

function speedWords({ speed }: ClockView): readonly (readonly [value: string, words: string])[] {
  const known = speeds.map(([value, text]) => [String(value), say(text)] as const);
  if (speed === null || known.some(([value]) => value === String(speed))) return known;
  return [[String(speed), say(benchTexts.times, { n: speed })], ...known];
}

export function BenchClock({ link, live }: Props) {
  const clock = link.clock.value;
  if (clock === undefined) return null;
  return (
    <Panel id="bench-clock" title={say(benchTexts.clock)}>
      <p class="bench-time">{whenText(wallText(live.utc, 0))} UTC</p>
      <div class="bench-row">
        <Select
          label={say(benchTexts.speed)}
          value={String(clock.speed ?? "")}
          of={speedWords(clock)}
          disabled={clock.fixed !== null}
          set={(value) => void link.speed(value === "max" ? "max" : Number(value))}
        />
      </div>
      {clock.fixed === null ? null : <Notice>{clock.fixed}</Notice>}
    </Panel>
  );
}

const keys = ["metering", "reset"] as const;

function Input({
  link,
  channel,
  closed,
}: {
  readonly link: BenchLink;
  readonly channel: number;
  readonly closed: boolean;
}) {
  const [count, change] = useState(10);
  const input = say(benchTexts.input, { n: channel });
  return (
    <fieldset>
      <legend>{input}</legend>
      <div class="bench-row">
        <button
          type="button"
          aria-pressed={closed}
          onClick={() => void link.command({ command: "input", channel, closed: !closed })}
        >
          {say(closed ? benchTexts.open : benchTexts.close)}
        </button>
        <NumberField label={say(benchTexts.pulses)} value={count} least={1} most={1e6} step={1} set={change} />
        <button type="button" onClick={() => void link.command({ command: "pulses", channel, count })}>
          {say(benchTexts.pulse)}
        </button>
      </div>
    </fieldset>
  );
}

export function BenchContacts({ link, live }: Props) {
  const inputs = live.io.filter(({ mode }) => mode.startsWith("input"));
  const hasSupply = live.supply !== undefined;
  if (inputs.length === 0 && !hasSupply) return null;
  const button = (words: string, command: Readonly<Record<string, unknown>>) => (
    <button key={words} type="button" onClick={() => void link.command(command)}>
      {words}
    </button>
  );
  return (
    <Panel id="bench-contacts" title={say(benchTexts.contacts)}>
      {inputs.map(({ channel, closed }) => (
        <Input key={channel} link={link} channel={channel} closed={closed} />
      ))}
      {hasSupply ? (
        <div class="bench-row">
          {button(say(benchTexts.powerDown), { command: "powerDown" })}
          {button(say(benchTexts.powerUp), { command: "powerUp" })}
          {keys.flatMap((key) => [
            button(say(benchTexts.insert, { key }), { command: "key", key, installed: true }),
            button(say(benchTexts.takeOut, { key }), { command: "key", key, installed: false }),
          ])}
        </div>
      ) : null}
    </Panel>
  );
}

const faults = {
  delay: { delay: 500 },
  drop: { drop: true },
  truncate: { truncate: 4 },
  shut: { close: true },
} as const;
type Fault = keyof typeof faults;
const faultNames = Object.keys(faults) as Fault[];

export function BenchFaults({ link, view }: { readonly link: BenchLink; readonly view: BenchView }) {
  const [fault, choose] = useState<Fault>("delay");
  const [every, change] = useState(1);
  const own = link.listeners.value.flatMap((listener, index) =>
    listener.urls.some(({ meter }) => meter === view.name) ? [{ ...listener, index }] : [],
  );
  if (own.length === 0) return null;
  return (
    <Panel id="bench-faults" title={say(benchTexts.faults)}>
      <div class="bench-row">
        <Select
          label={say(benchTexts.fault)}
          value={fault}
          of={faultNames.map((one) => [one, say(benchTexts[one])])}
          set={(value) => choose(faultNames.find((one) => one === value) ?? "delay")}
        />
        <NumberField label={say(benchTexts.every)} value={every} least={1} most={1e6} step={1} set={change} />
      </div>
      <ul class="bench-list">
        {own.map(({ what, index, faults: inForce }) => (
          <li key={index}>
            {what} ({say(benchTexts.inForce, { n: inForce.length })}){" "}
            <button
              type="button"
              aria-label={`${what}: ${say(benchTexts.begin)}`}
              onClick={() => void link.faults(index, [{ ...faults[fault], every }])}
            >
              {say(benchTexts.begin)}
            </button>{" "}
            <button
              type="button"
              aria-label={`${what}: ${say(benchTexts.mendFaults)}`}
              disabled={inForce.length === 0}
              onClick={() => void link.faults(index, [])}
            >
              {say(benchTexts.mendFaults)}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
