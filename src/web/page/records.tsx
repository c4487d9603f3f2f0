/** What a meter counts and keeps: its registers, and the newest entries of its logs. */
import type { LiveEntryView, LiveView } from "#quantity/meter-api.ts";
import { hashOf } from "./address.ts";
import { detailsOf, explain, furtherEntries, type Spread } from "./explain.ts";
import { Notice } from "./notice.tsx";
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
