/** A meter as it is now: what it measures, how that has gone since the page was opened, and what it says of itself. */
import { Alerts } from "./alerts.tsx";
import { Contacts } from "./contacts.tsx";
import { FrontPanelSection } from "./front-panel-section.tsx";
import { Now, Other, Phasors } from "./readings.tsx";
import { Reads } from "./reads.tsx";
import type { OfMeter } from "./sections.ts";
import { Trends } from "./trends.tsx";
import { WiringSection } from "./wiring-section.tsx";

export function Section({ live }: OfMeter) {
  return (
    <>
      <div class="column">
        <Now live={live} />
        <Trends {...live} />
      </div>
      <div class="column">
        {live.frontPanel === true ? <FrontPanelSection name={live.name} key={live.name} /> : null}
        <Reads {...live} />
        <Phasors {...live} />
        <WiringSection live={live} key={`wiring ${live.name}`} />
        <Alerts {...live} />
        <Contacts {...live} />
      </div>
      <Other {...live} />
    </>
  );
}
