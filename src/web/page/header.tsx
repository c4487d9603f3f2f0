/** What stands above everything: the meter that is looked at, who looks, whether what is shown is of now, and the sections to go to. */
import type { LiveView } from "#quantity/meter-api.ts";
import { hashOf } from "./address.ts";
import { say } from "./language.ts";
import { MeterLogIn, MeterUser } from "./meter-log-in.tsx";
import { closed } from "./meter-session.ts";
import { meterSections, siteSections } from "./sections.ts";
import { SectionLinks } from "./section-place.tsx";
import { leave, meters, visitor } from "./site.ts";
import { frame } from "./texts/frame.ts";
import { identityTexts } from "./texts/states.ts";
import { goTo, isBegun, section } from "./visit.ts";
import { freshness, live, name } from "./watch.ts";

function identityOf({ title, modelNumber, serial, firmware, nameplate, wiring }: LiveView): string {
  const connection = wiring ?? nameplate?.connection;
  return [
    title,
    modelNumber,
    serial === "" ? "" : say(identityTexts.serial, { serial }),
    firmware === "" ? "" : say(identityTexts.firmware, { firmware }),
    typeof connection === "string" ? connection : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Meters that the header offers to choose from; of more there is the site at a glance, which can be searched. */
const CHOSEN = 50;

function MeterChoice() {
  if (name.value === "") return null;
  const others = meters.value;
  const isKnown = others.some(({ name: one }) => one === name.value);
  return (
    <>
      <a id="all" href={hashOf({ meter: undefined, section: "" })}>
        {say(others.length > 1 ? frame.allMeters : frame.site)}
      </a>
      {others.length > CHOSEN ? (
        <strong id="meter">{name.value}</strong>
      ) : (
        <select
          id="meter"
          aria-label={say(frame.meter)}
          value={name.value}
          onChange={({ currentTarget }) => goTo({ meter: currentTarget.value, section: section.value })}
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

export function Header() {
  const shown = live.value;
  const ofThis = meterSections.filter((one) => shown === undefined || one.has(shown));
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
              {say(frame.logOut)}
            </button>
          </p>
        )}
        <MeterUser />
        {name.value === "" || closed.value !== undefined ? null : <State />}
      </div>
      <MeterLogIn />
      {!isBegun.value || closed.value !== undefined ? null : name.value === "" ? (
        <SectionLinks label={say(frame.sectionsOfSite)} meter={undefined} shown={section.value} of={siteSections} />
      ) : (
        <SectionLinks label={say(frame.sectionsOfMeter)} meter={name.value} shown={section.value} of={ofThis} />
      )}
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
