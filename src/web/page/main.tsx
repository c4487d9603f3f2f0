/** The live page of a site: one meter at a time, refreshed at every calculation cycle; a panel is there when it has something to show. */
import { render } from "preact";
import type { LiveView } from "#quantity/meter-api.ts";
import { Notice } from "./notice.tsx";
import { LoadProfile } from "./profile.tsx";
import { Demand, Energy, Now, Other, Phasors, WaveformPanel } from "./readings.tsx";
import { Alerts, Contacts, Lacking, Log, Registers } from "./records.tsx";
import { askSite, askVisitor, leave, meters, visitor } from "./site.ts";
import { Trends } from "./trends.tsx";
import { VoltageEvents } from "./voltage-events.tsx";
import { beginLooking, freshness, isOld, live, name, trouble, watch } from "./watch.ts";

function identityOf({ title, modelNumber, serial, firmware, nameplate, wiring }: LiveView): string {
  const connection = wiring ?? nameplate?.connection;
  return [
    title,
    modelNumber,
    serial === "" ? "" : `serial number ${serial}`,
    firmware === "" ? "" : `firmware ${firmware}`,
    typeof connection === "string" ? connection : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function choose(meter: string): void {
  location.hash = encodeURIComponent(meter);
  watch(meter);
}

/** Whether what is shown is so now; the place for it is always there, so that nothing moves when there is something to say. */
function State() {
  const { state, words, age } = freshness.value;
  return (
    <p id="state" class={state}>
      <span role="status">{words}</span>
      {age === "" ? null : <span class="age"> ({age})</span>}
    </p>
  );
}

function Header() {
  const shown = live.value;
  return (
    <header>
      <div class="bar">
        <h1>
          <svg viewBox="0 0 36 20" aria-hidden="true">
            {["a", "b", "c"].map((phase, k) => (
              <path key={phase} class={`trace ${phase}`} d={waveOf(k)} />
            ))}
          </svg>
          Polyphase
        </h1>
        <select
          id="meter"
          aria-label="Meter"
          value={name.value}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {meters.value.map(({ name: one }) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <p id="identity" title={shown === undefined ? undefined : identityOf(shown)}>
          {shown === undefined ? "" : identityOf(shown)}
        </p>
        {visitor.value === undefined ? null : (
          <p id="visitor">
            <span id="who">
              {visitor.value.user}, {visitor.value.role}
            </span>{" "}
            <button id="leave" type="button" onClick={() => void leave()}>
              Log out
            </button>
          </p>
        )}
        <State />
      </div>
    </header>
  );
}

function waveOf(phase: number): string {
  const points = Array.from({ length: 19 }, (_, k) => {
    const turn = (2 * Math.PI * k) / 18 - (2 * Math.PI * phase) / 3;
    return `${2 * k} ${(10 - 8 * Math.sin(turn)).toFixed(1)}`;
  });
  return `M${points.join(" ")}`;
}

function Page() {
  const shown = live.value;
  return (
    <>
      <Header />
      {trouble.value === undefined ? null : (
        <div id="trouble">
          <Notice kind="trouble">
            Nothing can be kept ({trouble.value}): what is shown may be lost, and nothing can be changed.
          </Notice>
        </div>
      )}
      <main class={isOld.value ? "old" : undefined}>
        {shown === undefined ? null : (
          <>
            <div class="column">
              <Now live={shown} />
              <Trends {...shown} />
              <VoltageEvents {...shown} />
              <WaveformPanel {...shown} />
              <Energy {...shown} />
            </div>
            <div class="column">
              <Phasors {...shown} />
              <Alerts {...shown} />
              <Demand {...shown} />
              <Contacts {...shown} />
              <Registers {...shown} />
            </div>
            <LoadProfile {...shown} key={shown.name} />
            <Log {...shown} />
            <Other {...shown} />
          </>
        )}
      </main>
      {shown === undefined ? null : (
        <footer>
          <Lacking {...shown} />
        </footer>
      )}
    </>
  );
}

/** Milliseconds until a site that did not answer is asked again. */
const AGAIN_MS = 2000;

/** The meter that the address names. */
function wanted(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

async function begin(): Promise<void> {
  try {
    await askVisitor();
    await askSite();
  } catch {
    return void setTimeout(() => void begin(), AGAIN_MS);
  }
  const named = wanted();
  const first = meters.value.find(({ name: one }) => one === named) ?? meters.value[0];
  if (first !== undefined) watch(first.name);
  beginLooking();
}

render(<Page />, document.body);
void begin();
