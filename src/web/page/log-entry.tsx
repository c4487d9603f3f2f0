/** An entry of a log: what it says, what that means, and what was measured in it. */
import type { LiveEntryView, LiveView } from "#quantity/meter-api.ts";
import { detailsOf, explain, type Spread } from "./explain.ts";
import { say } from "./language.ts";
import { units } from "./site.ts";
import { logTexts } from "./texts/logs.ts";
import { SideOf, Value } from "./value.tsx";

interface MeasuredProps {
  readonly spreads: readonly Spread[];
  readonly side: LiveView["sides"];
}

function Measured({ spreads, side }: MeasuredProps) {
  return (
    <details>
      <summary>
        {say(logTexts.measured)} <SideOf side={side?.log} />
      </summary>
      <table class="spread">
        <thead>
          <tr>
            <td />
            {[logTexts.least, logTexts.most, logTexts.average].map((head) => (
              <th key={head[0]} scope="col">
                {say(head)}
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

interface EntryProps {
  readonly entry: Pick<LiveEntryView, "kind" | "details">;
  readonly sides: LiveView["sides"];
}

export function Entry({ entry, sides }: EntryProps) {
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
