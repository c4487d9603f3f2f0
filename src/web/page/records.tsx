/** What a meter counts, keeps and says of itself: registers, contacts, alerts, the newest entries of its logs. */
import type { LiveEntryView, LiveView } from "#quantity/meter-api.ts";
import type { Alarm, Condition } from "#quantity/meter-surface.ts";
import { hashOf } from "./address.ts";
import { blindnessOf } from "./blindness.ts";
import { contactText, detailsOf, explain, furtherEntries, type Spread } from "./explain.ts";
import { Notice } from "./notice.tsx";
import { withUnit } from "./numbers.ts";
import { Panel } from "./panel.tsx";
import { units } from "./site.ts";
import { Table } from "./table.tsx";
import { SideOf, Value } from "./value.tsx";

/** A label of the meter's display, which may break where it has punctuation, and within no word. */
function Label({ text }: { readonly text: string }) {
  return text.split(/(?<=[,&/.])/).map((part, k) =>
    k === 0 ? (
      part
    ) : (
      <>
        <wbr />
        {part}
      </>
    ),
  );
}

function word(bits: number): string {
  return `0x${bits.toString(16).padStart(4, "0")}`;
}

/** Registers beyond which their list scrolls. */
const LONG = 20;

export function Registers({ registers, sides }: LiveView) {
  if (registers.length === 0) return null;
  return (
    <Panel
      id="registers"
      title="Registers"
      long={registers.length > LONG}
      aside={registers.length > LONG ? <span class="scale">{registers.length} of them; the list scrolls</span> : null}
    >
      <Table
        id="registers"
        label="Registers of the meter's display"
        kind="words"
        heads={[["No."], ["Register"], ["Shows"]]}
        rows={registers.map(({ id, label, text, unit, side }) => ({
          key: String(id),
          name: String(id),
          cells: [
            <Label text={label} />,
            <>
              <Shown text={text} unit={unit} />
              {sides === undefined || side === undefined ? null : " "}
              <SideOf side={sides === undefined ? undefined : side} />
            </>,
          ],
        }))}
      />
    </Panel>
  );
}

function Shown({ text, unit }: { readonly text: string; readonly unit: string }) {
  return (
    <span class={unit === "" ? "figures" : "value"}>
      {text}
      {unit === "" ? null : <span class="unit"> {unit}</span>}
    </span>
  );
}

function Measured({ spreads, side }: { readonly spreads: readonly Spread[]; readonly side: LiveView["sides"] }) {
  return (
    <details>
      <summary>
        What was measured <SideOf side={side?.log} />
      </summary>
      <table class="spread">
        <thead>
          <tr>
            <td />
            {["Least", "Most", "Average"].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spreads.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, k) => (
                <td key={k}>
                  <Value value={Number(value)} unit={units.value[name] ?? ""} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Entry({ entry, sides }: { readonly entry: LiveEntryView; readonly sides: LiveView["sides"] }) {
  const { words, measured } = detailsOf(entry);
  const meaning = explain(entry);
  const isMeasured = entry.kind === "alarm" || entry.kind === "rapidVoltageChange";
  return (
    <>
      <span class="said">{words}</span> {isMeasured ? <SideOf side={sides?.log} /> : null}
      {meaning === "" ? null : <small>{meaning}</small>}
      {measured.length === 0 ? null : <Measured spreads={measured} side={sides} />}
    </>
  );
}

export function Log({ name, log, logs, logEntries, sides }: LiveView) {
  if (logs.length === 0) return null;
  const further = furtherEntries(log.length, logEntries, `${location.origin}/${hashOf({ meter: name, section: "" })}`);
  return (
    <Panel id="log" title="Logs, the newest entries" whole>
      {log.length === 0 ? (
        <Notice>Nothing has been logged yet.</Notice>
      ) : (
        <Table
          id="log"
          label="Newest entries of the logs"
          kind="words"
          heads={[["Time"], ["What"], ["By"], ["Details"]]}
          rows={log.map((entry) => ({
            key: `${entry.kind} ${entry.sequence}`,
            name: <span class="value">{entry.at}</span>,
            cells: [<strong>{entry.what}</strong>, entry.by, <Entry entry={entry} sides={sides} />],
          }))}
        />
      )}
      {further === undefined ? null : <Notice>{further}</Notice>}
    </Panel>
  );
}

export function Contacts({ io }: LiveView) {
  const used = io.filter(({ mode }) => mode !== "none");
  if (used.length === 0) return null;
  return (
    <Panel id="io" title="Inputs and outputs">
      <Table
        id="io"
        label="State of each contact"
        heads={[["Contact"], ["State"], ["Count"]]}
        rows={used.map(({ channel, mode, closed, count }) => ({
          key: String(channel),
          name: contactText(channel, mode),
          cells: [closed ? "closed" : "open", <span class="value">{count}</span>],
        }))}
      />
    </Panel>
  );
}

interface Said {
  readonly text: string;
  readonly means?: string | undefined;
}

function saidOf({ id, label, value, of, unit = "", side, level, reset }: Alarm, isSided: boolean): Said {
  const name = `trigger ${id}${label === "" ? "" : `, ${label}`}`;
  const where = isSided && side !== undefined ? ` ${side}` : "";
  const until = reset === undefined ? "" : `, until ${reset}`;
  const means =
    of === undefined ? undefined : `${of}${level === undefined ? " is closed" : ` ${level}${until}${where}`}`;
  return { text: `${name}: ${withUnit(value, unit)}${where}`, means };
}

export function Alerts(live: LiveView) {
  const { powered, testMode, alarms, conditions, systemBits, triggerBits, supply, timeSource, sides } = live;
  const blindness = blindnessOf(live);
  // Without a reading the meter's own limits say nothing about what it measures: they are there, and no alarm.
  const isTrouble = ({ trouble }: Condition): boolean => trouble && blindness === undefined;
  const wrong: readonly Said[] = [
    ...(blindness === undefined ? [] : [{ text: "no reading", means: blindness }]),
    ...(powered ? [] : [{ text: "no supply", means: "the meter measures and answers nothing until it has one" }]),
    ...(testMode ? [{ text: "test mode", means: "nothing is billed meanwhile" }] : []),
    ...alarms.map((alarm) => saidOf(alarm, sides !== undefined)),
    ...conditions.filter(isTrouble),
  ];
  const bits = [
    ...(systemBits === undefined ? [] : [`system ${word(systemBits)}`]),
    ...(triggerBits === undefined ? [] : [`triggers ${word(triggerBits)}`]),
  ];
  const quiet: readonly Said[] = conditions
    .filter((one) => !isTrouble(one))
    .map((one) => (one.trouble ? { text: one.text, means: "what the meter says without a reading" } : one));
  /** What it runs on is no alert, and stands apart from them. */
  const ordinary = [
    ...(powered && supply !== undefined
      ? [`It is supplied by its ${supply === "inputs" ? "voltage inputs" : "auxiliary terminals"}.`]
      : []),
    ...(timeSource === undefined ? [] : [`Its clock is kept by its ${timeSource}.`]),
    ...(bits.length === 0 ? [] : [`Its status words: ${bits.join(", ")}.`]),
  ];
  return (
    <Panel id="alerts" title="Alerts">
      <ul id="alerts">
        {wrong.length === 0 ? <li class="good">none</li> : null}
        {[...wrong.map((said) => ({ ...said, style: "bad" })), ...quiet.map((said) => ({ ...said, style: "" }))].map(
          ({ text, means, style }) => (
            <li key={text} class={style === "" ? undefined : style}>
              <span class="said">{text}</span>
              {means === undefined ? null : <small>{means}</small>}
            </li>
          ),
        )}
      </ul>
      {ordinary.length === 0 ? null : <Notice>{ordinary.join(" ")}</Notice>}
    </Panel>
  );
}

/** "a, b and c". */
function listOf(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}

/** What a meter has not, so that nobody waits for it. */
export function Lacking({ logs, profile, rms, readings }: LiveView) {
  const lacks = [
    ...(logs.length === 0 ? ["event log"] : []),
    ...(profile === undefined ? ["load profile"] : []),
    ...(rms === undefined ? ["trace of each half cycle"] : []),
    ...(Object.hasOwn(readings, "W.demand") ? [] : ["reading of demand"]),
  ];
  if (lacks.length === 0) return null;
  return (
    <p id="lacking">
      This meter has {listOf(lacks.map((one) => `no ${one}`))}. Trends are what the page has seen since it was opened
      {rms === undefined ? "" : ", and so are sags and swells"}.
    </p>
  );
}
