/** The live page of a site: all meters at a glance, or one, refreshed at every calculation cycle; a panel is there when it has something to show. */
import { computed, signal } from "@preact/signals";
import { render } from "preact";
import type { LiveView } from "#quantity/meter-api.ts";
import { followAddress, hashOf, meterAt } from "./address.ts";
import { Notice } from "./notice.tsx";
import { Files } from "./files.tsx";
import { FrontPanelSection } from "./front-panel-section.tsx";
import { Glance } from "./glance.tsx";
import { LoadProfile } from "./profile.tsx";
import { Intervals } from "./intervals.tsx";
import { PowerQuality } from "./power-quality.tsx";
import { Demand, Energy, Now, Other, Phasors, WaveformPanel } from "./readings.tsx";
import { Alerts, Contacts, Lacking, Log, Registers } from "./records.tsx";
import { askSite, askVisitor, leave, meters, visitor } from "./site.ts";
import { Trends } from "./trends.tsx";
import { VoltageEvents } from "./voltage-events.tsx";
import { WiringSection } from "./wiring-section.tsx";
import { beginLooking, behind, freshness, gone, isOld, live, lookAway, name, trouble, watch } from "./watch.ts";

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
  if (gone.value !== undefined) return startAt(meter);
  location.hash = hashOf(meter);
  watch(meter);
}

/** Loads the page anew, as the site that answers now has it. */
function startAt(meter: string): void {
  location.hash = hashOf(meter);
  location.reload();
}

/** Shows what another address is of: after a meter that there is not, as the site that answers now has it. */
function goTo(meter: string | undefined): void {
  if (gone.value !== undefined) location.reload();
  else if (meter === undefined) lookAway();
  else watch(meter);
}

/** Meters that the header offers to choose from; of more there is the site at a glance, which can be searched. */
const CHOSEN = 50;

function MeterChoice() {
  if (name.value === "") return null;
  const others = meters.value;
  const isKnown = others.some(({ name: one }) => one === name.value);
  return (
    <>
      {others.length > 1 ? (
        <a id="all" href="#">
          All meters
        </a>
      ) : null}
      {others.length > CHOSEN ? (
        <strong id="meter">{name.value}</strong>
      ) : (
        <select
          id="meter"
          aria-label="Meter"
          value={name.value}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {isKnown ? null : (
            <option key={`gone ${name.value}`} value={name.value} disabled>
              {name.value}
            </option>
          )}
          {others.map(({ name: one }) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
    </>
  );
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
        <MeterChoice />
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
        {name.value === "" ? null : <State />}
      </div>
    </header>
  );
}

/** Meters that are offered one by one; the list in the header has all of them. */
const OFFERED = 8;

/** What to look at instead of a meter that the site has no more. */
function Instead() {
  if (gone.value === undefined) return null;
  return (
    <div id="instead">
      <Notice kind="trouble">
        There is no meter {gone.value} at this address
        {live.value === undefined
          ? ": it is named otherwise, it was removed, or another site answers."
          : " any more: it was renamed or removed, or another site answers. Below is what it said last."}{" "}
        The meters of now:{" "}
        {meters.value.slice(0, OFFERED).map(({ name: one, title }) => (
          <button key={one} type="button" title={title} onClick={() => startAt(one)}>
            {one}
          </button>
        ))}
        {meters.value.length > OFFERED ? `and ${meters.value.length - OFFERED} more in the list above` : ""}
        {meters.value.length === 0 ? "none" : ""}
      </Notice>
    </div>
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
      {behind.value === undefined ? null : (
        <div id="behind">
          <Notice kind="quiet">The site is slower than it should be: {behind.value}.</Notice>
        </div>
      )}
      <Instead />
      <main class={isOld.value ? "old" : undefined}>
        {isAtSite.value ? <Glance /> : null}
        {shown === undefined ? null : (
          <>
            <div class="column">
              <Now live={shown} />
              <Trends {...shown} />
              <VoltageEvents {...shown} />
              <WaveformPanel {...shown} />
              <Files {...shown} />
              <PowerQuality {...shown} />
              <Intervals {...shown} />
              <Energy {...shown} />
            </div>
            <div class="column">
              {shown.frontPanel === true ? <FrontPanelSection name={shown.name} key={shown.name} /> : null}
              <Phasors {...shown} />
              <WiringSection live={shown} key={`wiring ${shown.name}`} />
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

/** Whether the site has said which meters it has. */
const isBegun = signal(false);
const isAtSite = computed(() => isBegun.value && name.value === "");

/** Milliseconds until a site that did not answer is asked again. */
const AGAIN_MS = 2000;

async function begin(): Promise<void> {
  try {
    await askVisitor();
    await askSite();
  } catch {
    return void setTimeout(() => void begin(), AGAIN_MS);
  }
  const first = meterAt(location.hash, meters.value);
  if (first !== undefined) watch(first);
  isBegun.value = true;
  followAddress({
    window,
    hash: () => location.hash,
    meters: () => meters.value,
    shown: () => (name.value === "" ? undefined : name.value),
    show: goTo,
  });
  beginLooking();
}

// The page of the API is loaded where its address says so.
if (location.pathname.startsWith("/api/")) void import("./api-page.tsx").then(({ showApi }) => showApi());
else {
  render(<Page />, document.body);
  void begin();
}
